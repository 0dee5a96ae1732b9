/* SPDX-License-Identifier: BSD-2-Clause */
/* links: kernel/abi/memory.c mm/space.c mm/vma.c mm/page_table.c mm/user_range.c kernel/thread.c tests/unit/fake/thread.c tests/unit/fake/cpu.c
   tests/unit/fake/mm.c tests/unit/fake/kernel.c */
/* What mmap and its kin answer, and what is mapped afterwards. Where it is not Linux's answer, it is spec/space.acsl's: no page can be
   written and executed, and no shared mapping of a file can be written. */
#include "kernel/abi/memory.h"

#include <linux/errno.h>
#include <linux/mman.h>

#include "fake/syscall.h"
#include "fake/thread.h"
#include "kernel/fs/fs.h"
#include "mm/frame.h"
#include "mm/page_table.h"
#include "mm/space.h"
#include "mm/vma.h"
#include "x86/cpus.h"
#include "x86/trap.h"

#define PAGE 4096ULL
#define P(n) (0x100000ULL + (n)*PAGE) /* where these tests map */
#define TOP  0x700000000000ULL
#define BRK  0x400000000ULL
#define RW   (PROT_READ | PROT_WRITE)
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)

enum { FILE_FD = 3, WRITE_ONLY_FD, DIRECTORY_FD, NODE = 9 };

static uint32_t root, held, stopped;

uint32_t kmap_root(void)
{
    return root;
}

void cpus_stop_others(void)
{
    stopped++;
}

/* The file has a page and a half of 'f'. */
static int fill(uint32_t node, uint64_t offset, void *page)
{
    CHECK_EQ(node, NODE);
    if (offset >= 2 * PAGE)
        return -EFAULT;
    memset(page, 0, PAGE);
    memset(page, 'f', offset == 0 ? PAGE : PAGE / 2);
    return 0;
}

static void hold(uint32_t node)
{
    CHECK_EQ(node, NODE);
    held++;
}

static void release(uint32_t node)
{
    CHECK_EQ(node, NODE);
    held--;
}

int fd_mappable_node(uint64_t fd, int prot, int flags, uint32_t *node)
{
    (void)prot;
    (void)flags;
    *node = NODE;
    return fd == FILE_FD ? 0 : fd == WRITE_ONLY_FD ? -EACCES : fd == DIRECTORY_FD ? -ENODEV : -EBADF;
}

/* The first byte of a page that is there; -1: it is not. */
static int byte_at(uint64_t address)
{
    uint32_t rights, frame = pt_find(root, address / PAGE, &rights);

    return frame == FRAME_NONE ? -1 : *((uint8_t *)&direct_map[frame] + address % PAGE);
}

static bool touch(uint64_t address, uint64_t error)
{
    return space_resolve_fault(address, PAGE_FAULT_USER | error);
}

static void forget_all(void)
{
    CHECK_EQ(call(sys_munmap, PAGE * 16, TOP - PAGE * 16, 0, 0), 0);
    CHECK_EQ(vma_count(), 0);
    CHECK_EQ(held, 0);
}

static void check_refused_maps(void)
{
    static const struct syscall_row rows[] = {
        ROW(sys_mmap, { 0, 0, RW, ANON }, -EINVAL),
        ROW(sys_mmap, { 0, PAGE, RW, MAP_ANONYMOUS }, -EINVAL), /* neither private nor shared */
        ROW(sys_mmap, { 0, UINT64_MAX, RW, ANON }, -ENOMEM),
        ROW(sys_mmap, { 0, 0x800000000000, RW, ANON }, -ENOMEM),
        ROW(sys_mmap, { 0, PAGE, RW | PROT_EXEC, ANON }, -EACCES),
        ROW(sys_mmap, { P(0) + 1, PAGE, RW, ANON | MAP_FIXED }, -EINVAL),
        ROW(sys_mmap, { 0, PAGE, RW, ANON | MAP_FIXED }, -EPERM),
        ROW(sys_mmap, { 0x7ffffffff000, PAGE, RW, ANON | MAP_FIXED }, -ENOMEM),
        ROW(sys_mmap, { UINT64_MAX - PAGE + 1, PAGE, RW, ANON | MAP_FIXED }, -ENOMEM),
        ROW(sys_mmap, { 0, PAGE, RW, MAP_PRIVATE, 99 }, -EBADF),
        ROW(sys_mmap, { 0, PAGE, RW, MAP_PRIVATE, WRITE_ONLY_FD }, -EACCES),
        ROW(sys_mmap, { 0, PAGE, RW, MAP_PRIVATE, DIRECTORY_FD }, -ENODEV),
        ROW(sys_mmap, { 0, PAGE, RW, MAP_PRIVATE, FILE_FD, 1 }, -EINVAL),
        ROW(sys_mmap, { 0, 2 * PAGE, RW, MAP_PRIVATE, FILE_FD, (uint64_t)-PAGE }, -EOVERFLOW),
        ROW(sys_mmap, { 0, PAGE, RW, MAP_SHARED, FILE_FD }, -ENODEV),
        ROW(sys_munmap, { P(0), 0 }, -EINVAL),
        ROW(sys_munmap, { P(0) + 1, PAGE }, -EINVAL),
        ROW(sys_munmap, { 0x7ffffffff000, PAGE }, -EINVAL),
        ROW(sys_munmap, { P(0), UINT64_MAX }, -EINVAL),
        ROW(sys_munmap, { P(0), PAGE }, 0), /* nothing is there */
        ROW(sys_mprotect, { P(0) + 1, PAGE, RW }, -EINVAL),
        ROW(sys_mprotect, { P(0), PAGE, 0x100 }, -EINVAL),
        ROW(sys_mprotect, { P(0), 0, RW }, 0),
        ROW(sys_mprotect, { P(0), PAGE, RW }, -ENOMEM),
        ROW(sys_mprotect, { P(0), UINT64_MAX, RW }, -ENOMEM),
        ROW(sys_mprotect, { 0x7ffffffff000, PAGE, RW }, -ENOMEM),
    };

    check_rows(rows, ROWS(rows));
    CHECK_EQ(vma_count(), 0);
}

static void check_maps(void)
{
    int64_t any;

    CHECK_EQ(call(sys_mmap, P(0), 3 * PAGE - 5, RW, ANON | MAP_FIXED), P(0));
    CHECK(byte_at(P(0)) == -1 && touch(P(0), PAGE_FAULT_WRITE) && byte_at(P(0)) == 0);
    CHECK(touch(P(2), 0) && !touch(P(3), 0) && space_last_fault() == FAULT_UNMAPPED);
    CHECK(!touch(P(0), PAGE_FAULT_FETCH) && space_last_fault() == FAULT_RIGHTS);
    CHECK_EQ(call(sys_mmap, P(2), PAGE, RW, ANON | MAP_FIXED_NOREPLACE), -EEXIST);
    CHECK_EQ(call(sys_mmap, P(2), PAGE, PROT_READ, ANON | MAP_FIXED), P(2));
    CHECK(byte_at(P(2)) == -1 && !touch(P(2), PAGE_FAULT_WRITE) && space_last_fault() == FAULT_RIGHTS);
    CHECK_EQ(call(sys_mmap, P(8) + 5, PAGE, RW, ANON | MAP_POPULATE), P(8)); /* a hint */
    CHECK_EQ(byte_at(P(8)), 0);
    any = call(sys_mmap, P(8), 2 * PAGE, PROT_READ, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, 0);
    CHECK(any == (int64_t)(TOP - 2 * PAGE) && byte_at((uint64_t)any + PAGE) == 0);
    any = call(sys_mmap, 0, PAGE, PROT_NONE, ANON | MAP_POPULATE, 0);
    CHECK(any == (int64_t)(TOP - 3 * PAGE) && byte_at((uint64_t)any) == -1 && !touch((uint64_t)any, 0));
    CHECK_EQ(call(sys_mprotect, P(0), 2 * PAGE, PROT_READ), 0);
    CHECK(!touch(P(0), PAGE_FAULT_WRITE) && byte_at(P(0)) == 0);
    CHECK_EQ(call(sys_mprotect, P(0), PAGE, RW | PROT_EXEC), -EACCES);
    CHECK_EQ(call(sys_mprotect, P(2), 2 * PAGE, RW), -ENOMEM); /* not all of it is mapped */
    CHECK_EQ(call(sys_mprotect, P(0), 1, PROT_EXEC), 0);
    CHECK(touch(P(0), PAGE_FAULT_FETCH | PAGE_FAULT_PRESENT) && !touch(P(1), PAGE_FAULT_FETCH));
    stopped = 0;
    CHECK_EQ(call(sys_munmap, P(0), PAGE, 0, 0), 0);
    CHECK(byte_at(P(0)) == -1 && !touch(P(0), 0) && touch(P(1), 0) && stopped == 1);
    forget_all();
}

static void check_file_maps(void)
{
    CHECK_EQ(fake_call(sys_mmap, (uint64_t[6]){ P(0), 3 * PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, FILE_FD, 0 }), P(0));
    CHECK_EQ(held, 1);
    CHECK(touch(P(1), 0) && byte_at(P(1) + 7) == 'f' && byte_at(P(2) - 1) == 0);
    CHECK(!touch(P(2), 0) && space_last_fault() == FAULT_BEYOND_FILE);
    CHECK_EQ(fake_call(sys_mmap, (uint64_t[6]){ P(8), PAGE, RW, MAP_PRIVATE | MAP_FIXED, FILE_FD, PAGE }), P(8));
    CHECK(touch(P(8), PAGE_FAULT_WRITE) && byte_at(P(8)) == 'f' && byte_at(P(9) - 1) == 0);
    CHECK_EQ(held, 2);
    CHECK_EQ(call(sys_munmap, P(1), PAGE, 0, 0), 0); /* two halves of the file's area are left */
    CHECK_EQ(held, 3);
    forget_all();
    CHECK_EQ(call(sys_mmap, P(0), PAGE, RW, ANON | MAP_FIXED), P(0));
    fake_frames_left(0);
    CHECK(!touch(P(0), 0) && space_last_fault() == FAULT_NO_MEMORY);
    fake_frames_left(FAKE_FRAMES);
    forget_all();
}

static void check_remap(void)
{
    static const struct syscall_row rows[] = {
        ROW(sys_mremap, { P(0), PAGE, PAGE, MREMAP_DONTUNMAP }, -EINVAL),
        ROW(sys_mremap, { P(0) + 1, PAGE, PAGE, 0 }, -EINVAL),
        ROW(sys_mremap, { P(0), PAGE, 0, 0 }, -EINVAL),
        ROW(sys_mremap, { P(0), PAGE, UINT64_MAX, 0 }, -EINVAL),
        ROW(sys_mremap, { 0x7ffffffff000, PAGE, PAGE, 0 }, -EINVAL),
        ROW(sys_mremap, { P(0), PAGE, PAGE, MREMAP_FIXED, P(20) }, -EINVAL), /* without MAYMOVE */
        ROW(sys_mremap, { P(0), PAGE, PAGE, MREMAP_FIXED | MREMAP_MAYMOVE, P(20) + 1 }, -EINVAL),
        ROW(sys_mremap, { P(0), 2 * PAGE, PAGE, MREMAP_FIXED | MREMAP_MAYMOVE, P(1) }, -EINVAL), /* they overlap */
        ROW(sys_mremap, { P(0), PAGE, PAGE, MREMAP_FIXED | MREMAP_MAYMOVE, 0 }, -EINVAL),
        ROW(sys_mremap, { P(9), PAGE, PAGE, 0 }, -EFAULT),
        ROW(sys_mremap, { P(0), 5 * PAGE, PAGE, 0 }, -EFAULT),
        ROW(sys_mremap, { P(0), 2 * PAGE, 5 * PAGE, 0 }, -ENOMEM), /* P(3) is in the way */
        ROW(sys_mremap, { P(0), 2 * PAGE, 3 * PAGE, 0 }, P(0)),
        ROW(sys_mremap, { P(0), 3 * PAGE, PAGE, 0 }, P(0)),
        ROW(sys_mremap, { P(0), PAGE, PAGE, 0 }, P(0)),
        ROW(sys_mremap, { P(0), PAGE, 4 * PAGE, MREMAP_MAYMOVE }, TOP - 4 * PAGE),
        ROW(sys_mremap, { P(3), PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, P(20) }, P(20)),
    };

    CHECK_EQ(call(sys_mmap, P(0), 2 * PAGE, RW, ANON | MAP_FIXED), P(0));
    CHECK_EQ(call(sys_mmap, P(3), PAGE, PROT_READ, ANON | MAP_FIXED), P(3));
    CHECK(touch(P(0), PAGE_FAULT_WRITE));
    *(uint8_t *)&direct_map[pt_find(root, P(0) / PAGE, &(uint32_t){ 0 })] = 'x';
    check_rows(rows, ROWS(rows));
    CHECK(byte_at(TOP - 4 * PAGE) == 'x' && byte_at(P(0)) == -1 && !touch(P(0), 0) && !touch(P(3), 0));
    CHECK(touch(P(21), 0) && !touch(P(22), 0) && touch(TOP - 1, 0) && !touch(P(20), PAGE_FAULT_WRITE));
    forget_all();
}

static void check_brk(void)
{
    static const struct syscall_row rows[] = {
        ROW(sys_brk, { 0 }, BRK),
        ROW(sys_brk, { BRK - 1 }, BRK),
        ROW(sys_brk, { BRK + 10 }, BRK + 10),
        ROW(sys_brk, { BRK + 3 * PAGE }, BRK + 10), /* a mapping is in the way */
        ROW(sys_brk, { BRK + 2 * PAGE }, BRK + 2 * PAGE),
        ROW(sys_brk, { BRK + 1 }, BRK + 1),
    };

    space_set_brk(BRK);
    CHECK_EQ(call(sys_brk, TOP + 1), BRK); /* where other mappings begin */
    CHECK_EQ(call(sys_mmap, BRK + 2 * PAGE, PAGE, RW, ANON | MAP_FIXED), BRK + 2 * PAGE);
    check_rows(rows, ROWS(rows));
    CHECK(touch(BRK, PAGE_FAULT_WRITE) && !touch(BRK + PAGE, PAGE_FAULT_WRITE) && !touch(BRK, PAGE_FAULT_FETCH));
    forget_all();
}

static void check_advice(void)
{
    static const uint64_t known[] = { MADV_NORMAL,   MADV_RANDOM,      MADV_SEQUENTIAL, MADV_WILLNEED,
                                      MADV_FREE,     MADV_DONTFORK,    MADV_DOFORK,     MADV_MERGEABLE,
                                      MADV_HUGEPAGE, MADV_UNMERGEABLE, MADV_NOHUGEPAGE, MADV_DONTDUMP,
                                      MADV_DODUMP,   MADV_COLD,        MADV_PAGEOUT,    MADV_DONTNEED };
    static const struct syscall_row rows[] = {
        ROW(sys_madvise, { P(0) + 1, PAGE, MADV_NORMAL }, -EINVAL),
        ROW(sys_madvise, { P(0), PAGE, 99 }, -EINVAL),
        ROW(sys_madvise, { P(0), UINT64_MAX, MADV_NORMAL }, -EINVAL),
        ROW(sys_madvise, { P(0), 0, MADV_DONTNEED }, 0),
        ROW(sys_msync, { P(0) + 1, PAGE, MS_SYNC }, -EINVAL),
        ROW(sys_msync, { P(0), PAGE, 8 }, -EINVAL),
        ROW(sys_msync, { P(0), PAGE, MS_SYNC | MS_ASYNC }, -EINVAL),
        ROW(sys_msync, { P(0), 3 * PAGE, MS_SYNC }, -ENOMEM),
        ROW(sys_msync, { 0x7ffffffff000, PAGE, MS_SYNC }, -ENOMEM),
        ROW(sys_msync, { P(0), 2 * PAGE, MS_ASYNC | MS_INVALIDATE }, 0),
        ROW(sys_mincore, { P(0) + 1, PAGE, AT(0) }, -EINVAL),
        ROW(sys_mincore, { P(0), 3 * PAGE, AT(0) }, -ENOMEM),
        ROW(sys_mincore, { 0x7ffffffff000, PAGE, AT(0) }, -ENOMEM),
        ROW(sys_mincore, { P(0), PAGE, NOWHERE }, -EFAULT),
        ROW(sys_mincore, { P(0), PAGE + 1, AT(0) }, 0),
        ROW(sys_mlock, { P(2), PAGE }, -ENOMEM),
        ROW(sys_mlock, { 0x7ffffffff000, PAGE }, -ENOMEM),
        ROW(sys_mlock, { P(1) + 5, PAGE }, -ENOMEM), /* its last bytes are on the next page */
        ROW(sys_munlock, { P(1) + 5, PAGE }, -ENOMEM),
        ROW(sys_munlock, { UINT64_MAX, PAGE }, -ENOMEM),
        ROW(sys_munlock, { P(1) + 5, 10 }, 0),
        ROW(sys_mlock, { P(1) + 5, 10 }, 0),
    };

    CHECK_EQ(call(sys_mmap, P(0), 2 * PAGE, RW, ANON | MAP_FIXED), P(0));
    CHECK(touch(P(0), PAGE_FAULT_WRITE));
    memset(fake_user(), 0xee, 8);
    check_rows(rows, ROWS(rows));
    CHECK_EQ(words(0)[0], 0xeeeeeeeeeeee0001);
    CHECK_EQ(byte_at(P(1)), 0); /* locked: it is there */
    for (unsigned i = 0; i < ROWS(known); i++) {
        CHECK_EQ(call(sys_madvise, P(0), 3 * PAGE, known[i], 0), -ENOMEM);
        CHECK_EQ(byte_at(P(0)), 0);
        CHECK_EQ(call(sys_madvise, P(0), PAGE + 1, known[i], 0), 0);
        CHECK_EQ(byte_at(P(0)), known[i] == MADV_DONTNEED ? -1 : 0);
    }
    CHECK(touch(P(0), PAGE_FAULT_WRITE) && byte_at(P(0)) == 0);
    forget_all();
}

int main(void)
{
    static const struct space_files files = { fill, hold, release };
    uint64_t frames;

    fake_mm_start();
    fake_thread_start();
    root = frame_alloc();
    space_start(&files);
    space_set_mmap_top(TOP);
    check_refused_maps();
    check_maps();
    frames = fake_frames_used();
    check_file_maps();
    check_remap();
    check_brk();
    check_advice();
    CHECK(fake_frames_used() <= frames + 8); /* only tables stay */
    return check_done();
}
