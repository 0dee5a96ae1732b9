/* SPDX-License-Identifier: BSD-2-Clause */
#include <linux/errno.h>
#include <linux/mman.h>

#include "kernel/about.h"
#include "kernel/cpio.h"
#include "kernel/elf.h"
#include "kernel/end.h"
#include "kernel/fs/fs.h"
#include "kernel/program.h"
#include "kernel/queue.h"
#include "kernel/random.h"
#include "kernel/sched.h"
#include "kernel/stack.h"
#include "kernel/thread.h"
#include "kernel/vdso.h"
#include "lib/log.h"
#include "lib/string.h"
#include "mm/frame.h"
#include "mm/space.h"

#define STACK_GUARD 0x100000ULL       /* and what stays free below it, as Linux's stack_guard_gap */
#define PIE_BASE    0x555555554000ULL /* Linux's ELF_ET_DYN_BASE: two thirds of the user half */
/* Pages of randomness in addresses, as few bits as keep the page tables few. */
#define RANDOM_STACK_PAGES 0x4000ULL
#define RANDOM_MMAP_PAGES  0x100000ULL
#define RANDOM_BRK_PAGES   0x1000ULL
#define RANDOM_VDSO_PAGES  0x200ULL /* how far below it the stack begins */

static const uint8_t *program;
static uint64_t program_size;

static int fill_page(uint32_t node, uint64_t offset, void *page)
{
    uint64_t n = FRAME_SIZE;

    if (node_is_file(node))
        return fs_fill_page(node, offset, page);
    if (node == NODE_VDSO)
        return vdso_fill_page(offset, page);
    if (offset >= program_size)
        return -EFAULT;
    if (program_size - offset < n)
        n = program_size - offset;
    memcpy(page, program + offset, n);
    memset((uint8_t *)page + n, 0, FRAME_SIZE - n);
    return 0;
}

static void hold_node(uint32_t node)
{
    if (node_is_file(node))
        fs_node_ref(node);
}

static void release_node(uint32_t node)
{
    if (node_is_file(node))
        fs_node_unref(node);
}

static const struct space_files space_files = { fill_page, hold_node, release_node };

static bool is_elf(const uint8_t *bytes, uint64_t size)
{
    return size >= 4 && memcmp(bytes, "\177ELF", 4) == 0;
}

static const char *lookup_error_text(int status)
{
    switch (status) {
    case -ENOENT:
        return "is not in the archive";
    case -EISDIR:
        return "is a directory";
    case -EACCES:
        return "is not executable";
    default:
        return "can not be reached";
    }
}

/* The program's bytes and its name. */
static const char *find_program(const uint8_t *module, uint64_t size, const struct cmdline *cmdline)
{
    const char *path = CMDLINE_DEFAULT_INIT;
    struct fs_refusal refusal;
    int status;

    if (cmdline->init != CMDLINE_NOT_GIVEN)
        path = cmdline->text + cmdline->init;
    if (is_elf(module, size)) {
        fs_add_program(path, module, size);
        program = module;
        program_size = size;
        return path;
    }
    if (!cpio_is_archive(module, size))
        end_refused(STATUS_REFUSED, "the image is neither an ELF file nor a cpio archive (newc)");
    status = fs_unpack(module, size, &refusal);
    if (status == -ENOSPC)
        end_refused(STATUS_REFUSED, "the archive needs more memory than there is");
    if (status != 0)
        end_refused(STATUS_REFUSED, "archive: %s, at byte %lu of %lu", refusal.text, refusal.at, size);
    status = fs_lookup_program(path, &program, &program_size);
    if (status != 0)
        end_refused(status == -ENOENT ? STATUS_NO_APPLICATION : STATUS_REFUSED, "%s %s", path,
                    lookup_error_text(status));
    return path;
}

static void plan_program(const char *path, struct elf_plan *plan)
{
    enum elf_status status = elf_plan_image(program, program_size, plan);
    uint64_t need, have = frame_count_free();

    if (elf_status_has_culprit(status))
        end_refused(STATUS_REFUSED, "%s: program header %u %s", path, plan->culprit, elf_status_text(status));
    if (status != ELF_OK)
        end_refused(STATUS_REFUSED, "%s: %s", path, elf_status_text(status));
    need = elf_count_pages(plan);
    if (need > have)
        end_refused(STATUS_REFUSED, "%s needs %lu KiB of memory, there are %lu KiB", path, need * 4, have * 4);
}

static uint64_t choose_bias(const struct elf_plan *plan)
{
    uint64_t bias;

    if (!plan->is_pie)
        return 0;
    bias = PIE_BASE + random_seed64() % RANDOM_MMAP_PAGES * PAGE_SIZE;
    return plan->align > PAGE_SIZE ? bias / plan->align * plan->align : bias;
}

static uint32_t prot_of(uint32_t flags)
{
    return (flags & PF_R ? PROT_READ : 0) | (flags & PF_W ? PROT_WRITE : 0) | (flags & PF_X ? PROT_EXEC : 0);
}

/* One area for each segment: file pages and demand-zero pages differ only when they are touched. */
static void map_program(const char *path, const struct elf_plan *plan, uint64_t bias)
{
    for (uint32_t i = 0; i < plan->count; i++) {
        const struct elf_segment *s = &plan->segment[i];
        uint64_t start = (s->vaddr + bias) / PAGE_SIZE * PAGE_SIZE, skew = s->vaddr % PAGE_SIZE;
        struct vma area = { start,
                            (s->vaddr + bias + s->memsz + PAGE_SIZE - 1) / PAGE_SIZE * PAGE_SIZE,
                            s->offset - skew,
                            s->filesz > 0 ? s->filesz + skew : 0,
                            prot_of(s->flags),
                            s->filesz > 0 ? NODE_PROGRAM : VMA_NO_NODE };

        if (space_map_at(&area, false) != 0)
            end_refused(STATUS_REFUSED, "%s: program header %u can not be mapped at 0x%lx", path, s->header, start);
    }
}

static void map_stack(const char *path, uint64_t random, uint64_t top)
{
    struct vma area = { top - PROGRAM_STACK_SIZE, top, 0, 0, PROT_READ | PROT_WRITE, VMA_NO_NODE };

    if (space_map_at(&area, false) != 0)
        end_refused(STATUS_REFUSED, "%s: no room for a stack at 0x%lx", path, area.start);
    /* Nothing is placed in the gap below the stack unless the application asks for that very address. */
    space_set_mmap_top(area.start - STACK_GUARD - random % RANDOM_MMAP_PAGES * PAGE_SIZE);
}

static _Noreturn void run_first_thread(uint64_t entry, uint64_t stack)
{
    uint32_t thread;

    queue_start();
    thread = thread_add();
    if (thread == THREAD_NONE)
        end_refused(STATUS_REFUSED, "no memory for a thread");
    trap_frame_start(thread_frame(thread), entry, stack);
    sched_start(thread);
}

_Noreturn void program_run(const uint8_t *module, const struct verified *image, const struct cmdline *cmdline)
{
    static struct elf_plan plan;
    uint64_t random = random_seed64(), more_random = random_seed64(), bias, vdso, top;
    const char *path;
    int64_t stack;

    space_start(&space_files);
    if (fs_init() != 0)
        end_refused(STATUS_REFUSED, "no memory for the file system");
    path = find_program(module, image->image.payload_size, cmdline);
    plan_program(path, &plan);
    bias = choose_bias(&plan);
    map_program(path, &plan, bias);
    vdso = USER_END - (more_random % RANDOM_STACK_PAGES + VDSO_PAGES) * PAGE_SIZE;
    top = vdso - (random / RANDOM_MMAP_PAGES) % RANDOM_VDSO_PAGES * PAGE_SIZE;
    map_stack(path, random, top);
    space_set_brk(plan.high + bias + (random >> 40) % RANDOM_BRK_PAGES * PAGE_SIZE);
    stack = stack_build(top, PROGRAM_STACK_SIZE / 4, &plan, bias, vdso_map(vdso), path, cmdline);
    if (stack < 0)
        end_refused(STATUS_REFUSED, "%s: arguments and environment do not fit", path);
    about_start(path, cmdline);
    run_first_thread(plan.entry + bias, (uint64_t)stack);
}
