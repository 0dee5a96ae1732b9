/* SPDX-License-Identifier: BSD-2-Clause */
/* links: kernel/main.c */
/* The order of the boot, with all that it calls made up: nothing of an image is used before it is admitted, and what is refused ends there. */
#include "boot/start_copy.h"
#include "boot/usable.h"
#include "kernel/image_admit.h"
#include "kernel/program.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include "check.h"
#include "drivers/platform.h"
#include "drivers/tty.h"
#include "kernel/abi/syscall.h"
#include "kernel/cpus.h"
#include "kernel/end.h"
#include "kernel/fault.h"
#include "kernel/random.h"
#include "kernel/sched.h"
#include "kernel/signal.h"
#include "lib/log.h"
#include "mm/frame.h"
#include "mm/kmap.h"
#include "mm/space.h"
#include "x86/cpu.h"
#include "x86/trap.h"

enum { MODULE_AT = 3 << 20, START_INFO = 0x6000, RAM_END = 0x8000 };

_Noreturn void kernel_main(uint64_t start_info);

static struct table memory[0x401];
struct table *direct_map = memory;
struct platform platform;
uint32_t cpus_count = 1;
const char image_start[1], image_end[1];

/* This boot: what is given, and what each judge says. */
static struct boot {
    uint64_t module_size;
    enum boot_status copied, judged;
    enum cmdline_status parsed;
    enum image_status admitted;
    bool has_no_map, is_terminal;
    const char *story;
    int status; /* 0: the program runs */
    const char *text;
} boot;

static char story[200], text[200];
static int ended_with;
static bool is_terminal;
static jmp_buf ended;

static void note(const char *what)
{
    if (CHECK(strlen(story) + strlen(what) + 2 < sizeof story))
        strcat(strcat(story, what), " ");
}

enum boot_status start_info_copy(uint64_t phys, boot_read_fn *read, struct boot_raw *raw)
{
    note("copy");
    CHECK(phys == START_INFO && read == kmap_read);
    raw->map_count = boot.has_no_map ? 0 : 1;
    return boot.copied;
}

uint32_t platform_memory_map(struct boot_entry *map, uint32_t max)
{
    (void)map;
    note("map");
    return CHECK(max > 0);
}

enum boot_status boot_judge(const struct boot_raw *raw, uint64_t kernel_start, uint64_t kernel_end,
                            struct boot_info *info)
{
    note("judge");
    CHECK(raw->map_count == 1 && kernel_start == (uint64_t)image_start - KERNEL_BASE &&
          kernel_end == (uint64_t)image_end - KERNEL_BASE);
    *info = (struct boot_info){
        .module_start = MODULE_AT, .module_size = boot.module_size, .ram_count = 1, .ram = { { 1, RAM_END, 0 } }
    };
    return boot.judged;
}

enum cmdline_status cmdline_parse(const char *line, uint32_t length, struct cmdline *out)
{
    (void)line;
    (void)length;
    note("parse");
    memset(out, 0, sizeof *out);
    out->loglevel = -1;
    out->console = boot.is_terminal ? 0 : CMDLINE_NOT_GIVEN;
    strcpy(out->text, "tty");
    return boot.parsed;
}

enum image_status image_admit(const uint8_t *module, uint64_t size, struct cmdline *cmdline, struct verified *out)
{
    note("admit");
    CHECK(module == (const uint8_t *)memory + MODULE_AT && size == boot.module_size);
    CHECK(strcmp(cmdline->text, "tty") == 0);
    out->comment.version = 4711;
    return boot.admitted;
}

void image_tell(const struct verified *image)
{
    note("tell");
    CHECK_EQ(image->comment.version, 4711);
}

_Noreturn void program_run(const uint8_t *module, const struct verified *image, const struct cmdline *cmdline)
{
    note("run");
    CHECK(module == (const uint8_t *)memory + MODULE_AT && image->comment.version == 4711);
    CHECK(strcmp(cmdline->text, "tty") == 0);
    longjmp(ended, 1);
}

_Noreturn void end_refused(int status, const char *fmt, ...)
{
    va_list arguments;

    va_start(arguments, fmt);
    vsnprintf(text, sizeof text, fmt, arguments);
    va_end(arguments);
    ended_with = status;
    longjmp(ended, 1);
}

const char *boot_status_text(enum boot_status status)
{
    return status == BOOT_OK ? "ok" : "boot data";
}

const char *cmdline_status_text(enum cmdline_status status)
{
    return status == CMDLINE_OK ? "ok" : "line";
}

const char *image_status_text(enum image_status status)
{
    return status == IMAGE_OK ? "ok" : "unsigned";
}

/* The rest of the machine: what is told in the story, and what only has to be there. */
#define TOLD(name, what)                                                                                               \
    void name(void)                                                                                                    \
    {                                                                                                                  \
        note(what);                                                                                                    \
    }
TOLD(cpu_start, "cpu")
TOLD(platform_probe, "probe")
TOLD(kmap_start, "memory")
TOLD(platform_start, "start")
TOLD(platform_console_is_framed, "framed")
TOLD(platform_start_interrupts, "interrupts")
TOLD(cpus_start_others, "others")
TOLD(sched_after_interrupt, "sched")
TOLD(signal_check, "signal")

void tty_init(bool terminal)
{
    is_terminal = terminal;
}

bool tty_is_terminal(void)
{
    return is_terminal;
}

void boot_usable_ranges(const struct boot_info *info, uint64_t kernel_start, uint64_t kernel_end,
                        struct boot_ranges *out)
{
    CHECK(info->module_start == MODULE_AT && kernel_start - kernel_end == (uint64_t)image_start - (uint64_t)image_end);
    *out = (struct boot_ranges){ .count = 1, .range = { { 0x400, RAM_END, 0 } } };
}

uint64_t frame_metadata_size(uint32_t end)
{
    return CHECK_EQ(end, RAM_END) ? FRAME_SIZE : 0;
}

void frame_start(void *metadata, uint32_t end)
{
    CHECK(metadata == &memory[0x400] && end == RAM_END);
}

bool frame_add_pool(uint32_t first, uint32_t end, bool is_mapped)
{
    return CHECK(first > 0x400 && end == RAM_END && !is_mapped);
}

bool kmap_ram(uint64_t first, uint64_t end)
{
    (void)first;
    (void)end;
    return true;
}

bool kmap_read(void *dst, uint64_t phys, uint64_t size)
{
    return CHECK(dst == NULL && phys == size); /* not here: start_info_copy calls it */
}

uint64_t frame_count_total(void)
{
    return RAM_END;
}

uint64_t random_seed64(void)
{
    return 4711;
}

void platform_count_cpus(uint64_t rsdp)
{
    CHECK_EQ(rsdp, 0);
}

void platform_set_start_page(uint32_t page)
{
    CHECK_EQ(page, 0); /* none is below 1 MiB */
}

void syscall_start(bool is_traced)
{
    CHECK(!is_traced);
}

void log_line(int severity, const char *fmt, ...)
{
    CHECK(severity == LOG_INFO && fmt[0] != '\0');
}

void log_set_level(int level)
{
    CHECK_EQ(level, -1); /* no level is given */
}

void log_set_sink(void (*sink)(const char *text, size_t size))
{
    CHECK(sink == tty_write_kernel);
}

void panic_set_end(void (*end)(int status))
{
    CHECK(end == end_with_status);
}

void panic(const char *fmt, ...)
{
    (void)fmt;
    note("panic");
    longjmp(ended, 1);
}

void trap_set_user_fault(void (*report)(const struct trap_frame *frame, uint64_t address))
{
    CHECK(report == fault_take);
}

void trap_set_page_fault(bool (*resolve)(uint64_t address, uint64_t error))
{
    CHECK(resolve == space_resolve_fault);
}

void trap_set_user_interrupt(void (*ask)(void))
{
    ask();
}

/* Named as those who answer; nobody asks them here. */
void tty_write_kernel(const char *line, size_t size)
{
    CHECK(line == NULL && size == 0);
}

void end_with_status(int status)
{
    ended_with = status;
    longjmp(ended, 1);
}

void fault_take(const struct trap_frame *frame, uint64_t address)
{
    CHECK(frame == NULL && address == 0);
}

bool space_resolve_fault(uint64_t address, uint64_t error)
{
    return CHECK(address == 0 && error == 0);
}

#define READ "cpu probe copy judge parse memory "
static const struct boot boots[] = {
    { 5, BOOT_OK, BOOT_OK, CMDLINE_OK, IMAGE_OK, false, false, READ "admit framed start sched signal others tell run ",
      0, "" },
    { 5, BOOT_OK, BOOT_OK, CMDLINE_OK, IMAGE_OK, false, true,
      READ "admit start sched signal interrupts others tell run ", 0, "" },
    { 5, BOOT_OK, BOOT_OK, CMDLINE_OK, IMAGE_OK, true, false,
      "cpu probe copy map judge parse memory admit framed start sched signal others tell run ", 0, "" },
    { 5, BOOT_OK, BOOT_OK, CMDLINE_OK, IMAGE_UNSIGNED, false, true, READ "admit ", 126, "image: unsigned" },
    { 5, BOOT_OK, BOOT_OK, CMDLINE_OK, IMAGE_OLD, false, false, READ "admit ", 126, "image: unsigned" },
    { 0, BOOT_OK, BOOT_OK, CMDLINE_OK, IMAGE_UNSIGNED, false, false, READ "admit ", 127,
      "no application: give a signed image as the module (-initrd)" },
    { 5, BOOT_OK + 1, BOOT_OK, CMDLINE_OK, IMAGE_OK, false, false, "cpu probe copy ", 126, "boot data" },
    { 5, BOOT_OK, BOOT_OK + 1, CMDLINE_OK, IMAGE_OK, false, false, "cpu probe copy judge ", 126, "boot data" },
    { 5, BOOT_OK, BOOT_MODULE_EMPTY, CMDLINE_OK, IMAGE_OK, false, false, "cpu probe copy judge ", 127, "boot data" },
    { 5, BOOT_OK, BOOT_OK, CMDLINE_OK + 1, IMAGE_OK, false, false, "cpu probe copy judge parse ", 126,
      "command line: line" },
};

int main(void)
{
    for (volatile unsigned i = 0; i < sizeof boots / sizeof boots[0]; i++) {
        boot = boots[i];
        memset(story, 0, sizeof story);
        memset(text, 0, sizeof text);
        ended_with = 0;
        platform.wants_start_page = i % 2;
        if (setjmp(ended) == 0)
            kernel_main(START_INFO);
        if (!CHECK(strcmp(story, boot.story) == 0) || !CHECK_EQ(ended_with, boot.status) ||
            !CHECK(strcmp(text, boot.text) == 0))
            printf("    boot %u: \"%s\", \"%s\"\n", i, story, text);
    }
    return check_done();
}
