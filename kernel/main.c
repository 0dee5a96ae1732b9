/* SPDX-License-Identifier: BSD-2-Clause */
/* From the first C line to ring 3. */
#include "boot/cmdline.h"
#include "boot/start_copy.h"
#include "boot/usable.h"
#include "drivers/platform.h"
#include "drivers/tty.h"
#include "kernel/abi/syscall.h"
#include "kernel/cpus.h"
#include "kernel/end.h"
#include "kernel/fault.h"
#include "kernel/image_admit.h"
#include "kernel/program.h"
#include "kernel/random.h"
#include "kernel/sched.h"
#include "kernel/signal.h"
#include "lib/log.h"
#include "lib/string.h"
#include "mm/frame.h"
#include "mm/kmap.h"
#include "mm/space.h"
#include "x86/cpu.h"
#include "x86/cpus.h"
#include "x86/layout.h"
#include "x86/trap.h"

/* in frames: the first MiB and GiB, and the 2 MiB that the image lies in */
#define MEGABYTE     (0x100000u / FRAME_SIZE)
#define GIGABYTE     (0x40000000u / FRAME_SIZE)
#define IMAGE_FRAMES (0x200000u / FRAME_SIZE)

extern const char image_start[], image_end[];

/* What the compiler's stack protector compares. */
uint64_t __stack_chk_guard;

_Noreturn void __stack_chk_fail(void);
static struct boot_raw boot_raw;
static struct boot_info boot_info;
static struct boot_ranges usable;
static struct cmdline cmdline;
static struct verified verified;

/* T8: verify, then parse, then run. */
/*@ requires keys: verify_keys.count <= VERIFY_MAX_KEYS;
    terminates \true; exits \false; assigns boot_info, cmdline, verified, ghost_machine; */
_Noreturn void kernel_main(uint64_t start_info) __attribute__((no_stack_protector));

_Noreturn void __stack_chk_fail(void)
{
    panic("stack canary overwritten");
}

static uint64_t image_phys(const char *p)
{
    return (uint64_t)p - KERNEL_BASE;
}

static void read_boot_data(uint64_t start_info)
{
    enum boot_status status = start_info_copy(start_info, kmap_read, &boot_raw);
    enum cmdline_status line;

    if (status == BOOT_OK && boot_raw.map_count == 0)
        boot_raw.map_count = platform_memory_map(boot_raw.map, START_INFO_MAX_ENTRIES);
    if (status == BOOT_OK)
        status = boot_judge(&boot_raw, image_phys(image_start), image_phys(image_end), &boot_info);
    if (status != BOOT_OK)
        end_refused(status == BOOT_MODULE_EMPTY ? STATUS_NO_APPLICATION : STATUS_REFUSED, "%s",
                    boot_status_text(status));
    line = cmdline_parse(boot_raw.cmdline, boot_raw.cmdline_length, &cmdline);
    if (line != CMDLINE_OK)
        end_refused(STATUS_REFUSED, "command line: %s", cmdline_status_text(line));
}

static void read_options(void)
{
    const char *console = cmdline.console == CMDLINE_NOT_GIVEN ? "" : cmdline.text + cmdline.console;

    if (cmdline.loglevel >= 0)
        log_set_level(cmdline.loglevel);
    tty_init(strcmp(console, "tty") == 0);
    if (!tty_is_terminal())
        platform_console_is_framed();
    syscall_start(cmdline.strace);
    for (uint32_t i = 0; i < cmdline.unknown_count && i < CMDLINE_MAX_UNKNOWN; i++)
        log_warn("unknown key '%.*s' ignored", (int)cmdline.unknown[i].length,
                 boot_raw.cmdline + cmdline.unknown[i].offset);
}

static void add_pool(uint64_t first, uint64_t end, bool is_mapped)
{
    if (first < end && !frame_add_pool((uint32_t)first, (uint32_t)end, is_mapped))
        log_warn("memory at 0x%lx left alone: too many pieces", first * FRAME_SIZE);
}

/* Book-keeping for all frames goes to the first place in the first GiB that holds it: mapping it needs no table there. It is
   off the image's own 2 MiB when it can be, for those are mapped frame by frame. */
static void place_metadata(uint32_t end)
{
    uint64_t frames = (frame_metadata_size(end) + FRAME_SIZE - 1) / FRAME_SIZE;

    for (uint32_t i = 0; i < usable.count; i++) {
        struct boot_range *r = &usable.range[i];
        uint64_t limit = r->end < GIGABYTE ? r->end : GIGABYTE, first = r->first;

        if (first < IMAGE_FRAMES && limit >= IMAGE_FRAMES + frames)
            first = IMAGE_FRAMES;
        if (first < limit && limit - first >= frames) {
            kmap_ram(first, first + frames);
            frame_start(&direct_map[first], end);
            add_pool(r->first, first, false);
            r->first = first + frames;
            return;
        }
    }
    end_refused(STATUS_REFUSED, "no %lu KiB of memory below 1 GiB for the frame tables", frames * 4);
}

static uint64_t clip(uint64_t frame, uint64_t limit)
{
    return frame < limit ? frame : limit;
}

static uint64_t above(uint64_t frame)
{
    return frame > GIGABYTE ? frame : GIGABYTE;
}

/* Where other CPUs begin in real mode: any page below 1 MiB but the first, which is never usable. Without one they do not start. */
static void place_start_page(void)
{
    for (uint32_t i = 0; i < usable.count; i++)
        if (usable.range[i].first < MEGABYTE) {
            platform_set_start_page((uint32_t)usable.range[i].first++);
            return;
        }
}

/* Low memory first: the tables for the rest come out of it. */
static void start_memory(void)
{
    uint64_t module_first = boot_info.module_start / FRAME_SIZE;
    uint64_t module_end = (boot_info.module_start + boot_info.module_size + FRAME_SIZE - 1) / FRAME_SIZE, end = 0;
    bool is_mapped = true;

    for (uint32_t i = 0; i < boot_info.ram_count; i++)
        if (clip(boot_info.ram[i].end, FRAME_MAX) > end)
            end = clip(boot_info.ram[i].end, FRAME_MAX);
    if (module_end > end)
        end_refused(STATUS_REFUSED, "the module lies above %u GiB of memory", FRAME_MAX / GIGABYTE);
    boot_usable_ranges(&boot_info, image_phys(image_start), image_phys(image_end), &usable);
    if (platform.wants_start_page)
        place_start_page();
    kmap_start();
    place_metadata((uint32_t)end);
    for (uint32_t i = 0; i < usable.count; i++)
        add_pool(usable.range[i].first, clip(usable.range[i].end, GIGABYTE), false);
    for (uint32_t i = 0; i < boot_info.ram_count && is_mapped; i++)
        is_mapped = kmap_ram(above(boot_info.ram[i].first), clip(boot_info.ram[i].end, FRAME_MAX));
    if (!is_mapped || !kmap_ram(module_first, module_end))
        end_refused(STATUS_REFUSED, "no memory for the tables of memory");
    for (uint32_t i = 0; i < usable.count; i++)
        add_pool(above(usable.range[i].first), clip(usable.range[i].end, FRAME_MAX), true);
}

static void after_interrupt(void)
{
    sched_after_interrupt();
    signal_check();
}

/* Up to where all memory can be read. */
/*@ terminates \true; exits \false;
    assigns boot_info, cmdline, ghost_machine;
    ensures size: boot_info.module_size <= 0x7fffffffffffff00; */
static void __attribute__((no_stack_protector)) start(uint64_t start_info)
{
    cpu_start();
    platform_probe();
    log_set_sink(tty_write_kernel);
    panic_set_end(end_with_status);
    __stack_chk_guard = random_seed64();
    trap_set_user_fault(fault_take);
    read_boot_data(start_info);
    platform_count_cpus(boot_info.rsdp);
    start_memory();
    trap_set_page_fault(space_resolve_fault);
}

/* No device and no peer can write there: the frames are in no pool, and so are never granted. */
/*@ terminates \true; exits \false; assigns \result \from boot_info;
    ensures readable: \valid_read(\result + (0 .. boot_info.module_size - 1));
    ensures apart: \separated(\result + (0 .. boot_info.module_size - 1), &boot_info, &cmdline, &verified, &verify_keys); */
static const uint8_t *module_bytes(void)
{
    return (const uint8_t *)direct_map + boot_info.module_start;
}

/* From what the command line may say to a machine that runs threads. */
/*@ terminates \true; exits \false; assigns ghost_machine; */
static void start_devices(void)
{
    read_options();
    platform_start();
    trap_set_user_interrupt(after_interrupt);
    if (tty_is_terminal())
        platform_start_interrupts();
    cpus_start_others();
    log_info("%s, %lu MiB, %u CPUs, module %lu bytes", platform.name, frame_count_total() / 256, cpus_count,
             boot_info.module_size);
}

/*@ terminates \true; exits \false; assigns ghost_machine; */
static _Noreturn void refuse_image(enum image_status status)
{
    if (boot_info.module_size == 0)
        end_refused(STATUS_NO_APPLICATION, "no application: give a signed image as the module (-initrd)");
    end_refused(STATUS_REFUSED, "image: %s", image_status_text(status));
}

void kernel_main(uint64_t start_info)
{
    enum image_status status;
    const uint8_t *module;

    start(start_info);
    module = module_bytes();
    status = image_admit(module, boot_info.module_size, &cmdline, &verified);
    if (status == IMAGE_OK) {
        start_devices();
        image_tell(&verified);
        program_run(module, &verified, &cmdline);
    }
    refuse_image(status);
}
