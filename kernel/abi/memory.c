/* SPDX-License-Identifier: BSD-2-Clause */
#include <linux/errno.h>
#include <linux/mman.h>

#include "kernel/abi/memory.h"
#include "kernel/fs/fs.h"
#include "lib/limits.h"
#include "mm/frame.h"
#include "mm/kmap.h"
#include "mm/page_table.h"
#include "mm/space.h"
#include "mm/user.h"
#include "x86/trap.h"

#define PROT_KNOWN ((uint64_t)(PROT_READ | PROT_WRITE | PROT_EXEC | PROT_SEM)) /* all bits up to there */

#include "spec/memory.acsl"

/* Rounded up to pages; 0 when that leaves the user half. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == PageUp(size);
    ensures whole: \result % PAGE_SIZE == 0 && (\result == 0 || size <= \result <= USER_END); */
static uint64_t page_up(uint64_t size)
{
    return size > USER_END ? 0 : (size + PAGE_SIZE - 1) / PAGE_SIZE * PAGE_SIZE;
}

/* Best effort, as Linux does it: what can not be filled now faults later. */
/*@ requires judged: start <= end <= USER_END;
    terminates \true; exits \false; assigns ghost_kernel, ghost_app;
    ensures none: (prot & (PROT_READ | PROT_WRITE)) == 0 ==> ghost_kernel == \old(ghost_kernel) && ghost_app == \old(ghost_app); */
static void populate(uint64_t start, uint64_t end, uint64_t prot)
{
    uint64_t error = PAGE_FAULT_USER | (prot & PROT_WRITE ? PAGE_FAULT_WRITE : 0);

    if ((prot & PROT_WRITE) || (prot & PROT_READ))
        /*@ loop invariant bound: start <= end + PAGE_SIZE;
            loop assigns start, ghost_kernel, ghost_app;
            loop variant end - start; */
        while (start < end && space_resolve_fault(start, error))
            start += PAGE_SIZE;
}

/* The file behind a mapping: 0 with its node in area, or -errno. */
/*@ requires valid: \valid_read(arg + (0 .. 5));
    requires place: \valid(area) && \separated(area, arg + (0 .. 5));
    terminates \true; exits \false; assigns area->node, area->offset, area->file_size;
    ensures status: \result == 0 || \result == -EBADF || \result == -EACCES || \result == -ENODEV || \result == -EINVAL
      || \result == -EOVERFLOW;
    ensures judged: \result == 0 ==> PageAt(arg[5]) && arg[5] + size <= UINT64_MAX;
    ensures shared: \result == 0 && (arg[3] & MAP_TYPE) != MAP_PRIVATE ==> (area->prot & PROT_WRITE) == 0;
    ensures where: \result == 0 ==> area->offset == arg[5] && area->file_size == size; */
static int64_t take_file(const uint64_t arg[6], uint64_t size, struct vma *area)
{
    uint64_t fd = arg[4], offset = arg[5];
    int status = fd_mappable_node(fd, (int)arg[2], (int)arg[3], &area->node);

    if (status != 0)
        return status;
    if (offset % PAGE_SIZE != 0)
        return -EINVAL;
    if (offset > UINT64_MAX - size)
        return -EOVERFLOW;
    /* Writes of a shared mapping would have to reach the file; no page is shared with it. */
    if ((arg[3] & MAP_TYPE) != MAP_PRIVATE && (area->prot & PROT_WRITE))
        return -ENODEV;
    area->offset = offset;
    area->file_size = size;
    return 0;
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns ghost_kernel, ghost_app;
    ensures status: MapStatus(\result) || InUserHalf(\result, PageUp(arg[1]));
    ensures fixed: \result >= 0 && (arg[3] & (MAP_FIXED | MAP_FIXED_NOREPLACE)) != 0 ==> \result == arg[0];
    ensures empty: arg[1] == 0 || ((arg[3] & MAP_TYPE) != MAP_PRIVATE && (arg[3] & MAP_TYPE) != MAP_SHARED && (arg[3] & MAP_TYPE) != MAP_SHARED_VALIDATE) ==> \result == -EINVAL;
    ensures large: arg[1] > USER_END && !((arg[3] & MAP_TYPE) != MAP_PRIVATE && (arg[3] & MAP_TYPE) != MAP_SHARED && (arg[3] & MAP_TYPE) != MAP_SHARED_VALIDATE) ==> \result == -ENOMEM;
    ensures rights: arg[2] > PROT_KNOWN ==> \result == -EINVAL || \result == -ENOMEM;
    ensures refused: arg[1] == 0 || ((arg[3] & MAP_TYPE) != MAP_PRIVATE && (arg[3] & MAP_TYPE) != MAP_SHARED && (arg[3] & MAP_TYPE) != MAP_SHARED_VALIDATE) || arg[1] > USER_END || arg[2] > PROT_KNOWN ==> ghost_kernel == \old(ghost_kernel) && ghost_app == \old(ghost_app);
    ensures outside: (arg[3] & (MAP_FIXED | MAP_FIXED_NOREPLACE)) != 0 && !InUserHalf(arg[0], PageUp(arg[1])) ==>
      \result < 0 && ghost_kernel == \old(ghost_kernel) && ghost_app == \old(ghost_app); */
int64_t sys_mmap(const uint64_t arg[6])
{
    uint64_t address = arg[0], size = page_up(arg[1]), flags = arg[3], type = flags & MAP_TYPE;
    struct vma area = { .prot = (uint32_t)arg[2], .node = VMA_NO_NODE };
    int64_t result;

    if (arg[1] == 0 || (type != MAP_PRIVATE && type != MAP_SHARED && type != MAP_SHARED_VALIDATE))
        return -EINVAL;
    if (size == 0)
        return -ENOMEM;
    if (arg[2] > PROT_KNOWN)
        return -EINVAL;
    area.prot &= PROT_READ | PROT_WRITE | PROT_EXEC;
    if (!(flags & MAP_ANONYMOUS)) {
        result = take_file(arg, size, &area);
        if (result != 0)
            return result;
    }
    if (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) {
        if (!user_range_is_valid(address, size))
            return -ENOMEM;
        area.start = address;
        area.end = address + size;
        result = space_map_at(&area, !(flags & MAP_FIXED_NOREPLACE));
        if (result == 0)
            result = (int64_t)address;
    } else {
        result = space_map_anywhere(&area, address / PAGE_SIZE * PAGE_SIZE, size);
    }
    if (result > 0 && (flags & MAP_POPULATE))
        populate((uint64_t)result, (uint64_t)result + size, area.prot);
    return result;
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns ghost_kernel, ghost_app;
    ensures status: \result == 0 || \result == -EINVAL || \result == -ENOMEM;
    ensures judged: PageUp(arg[1]) == 0 || !InUserHalf(arg[0], PageUp(arg[1])) ==> \result == -EINVAL && ghost_kernel == \old(ghost_kernel) && ghost_app == \old(ghost_app); */
int64_t sys_munmap(const uint64_t arg[6])
{
    uint64_t size = page_up(arg[1]);

    if (size == 0 || !user_range_is_valid(arg[0], size))
        return -EINVAL;
    return space_unmap(arg[0], arg[0] + size);
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns ghost_kernel, ghost_app;
    ensures status: \result == 0 || \result == -EINVAL || \result == -ENOMEM || \result == -EACCES;
    ensures judged: \result == -EINVAL <==> !PageAt(arg[0]) || arg[2] > PROT_KNOWN;
    ensures outside: \result != -EINVAL && arg[1] != 0 && (PageUp(arg[1]) == 0 || !InUserHalf(arg[0], PageUp(arg[1]))) ==>
      \result == -ENOMEM && ghost_kernel == \old(ghost_kernel) && ghost_app == \old(ghost_app);
    ensures empty: \result != -EINVAL && arg[1] == 0 ==> \result == 0;
    ensures nothing: \result == -EINVAL || arg[1] == 0 ==> ghost_kernel == \old(ghost_kernel) && ghost_app == \old(ghost_app); */
int64_t sys_mprotect(const uint64_t arg[6])
{
    uint64_t size = page_up(arg[1]);

    if (arg[0] % PAGE_SIZE != 0 || arg[2] > PROT_KNOWN)
        return -EINVAL;
    if (arg[1] == 0)
        return 0;
    if (size == 0 || !user_range_is_valid(arg[0], size))
        return -ENOMEM;
    return space_protect(arg[0], arg[0] + size, (uint32_t)arg[2] & (PROT_READ | PROT_WRITE | PROT_EXEC));
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns ghost_kernel, ghost_app;
    ensures status: \result == -EFAULT || \result == -EINVAL || \result == -ENOMEM || 0 <= \result <= USER_END;
    ensures judged: !PageAt(arg[0]) || PageUp(arg[2]) == 0 || !InUserHalf(arg[0], PageUp(arg[1])) ==>
      \result == -EINVAL && ghost_kernel == \old(ghost_kernel) && ghost_app == \old(ghost_app);
    ensures flags: (arg[3] & (uint64_t)~(uint64_t)(MREMAP_MAYMOVE | MREMAP_FIXED)) != 0 ==> \result == -EINVAL && ghost_kernel == \old(ghost_kernel) && ghost_app == \old(ghost_app);
    ensures fixed: (arg[3] & MREMAP_FIXED) != 0 && !InUserPages(arg[4], PageUp(arg[2])) ==> \result == -EINVAL && ghost_kernel == \old(ghost_kernel) && ghost_app == \old(ghost_app); */
int64_t sys_mremap(const uint64_t arg[6])
{
    uint64_t old = arg[0], old_size = page_up(arg[1]), new_size = page_up(arg[2]), flags = arg[3];

    if (flags & ~(uint64_t)(MREMAP_MAYMOVE | MREMAP_FIXED))
        return -EINVAL;
    if (old % PAGE_SIZE != 0 || new_size == 0 || !user_range_is_valid(old, old_size))
        return -EINVAL;
    if ((flags & MREMAP_FIXED) && !user_range_is_mappable(arg[4], new_size))
        return -EINVAL;
    return space_remap(old, old_size, new_size, flags & MREMAP_MAYMOVE, flags & MREMAP_FIXED ? arg[4] : 0);
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns ghost_kernel, ghost_app;
    ensures half: 0 <= \result <= USER_END; */
int64_t sys_brk(const uint64_t arg[6])
{
    return (int64_t)space_brk(arg[0]);
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns ghost_kernel, ghost_app;
    ensures status: \result == 0 || \result == -EINVAL || \result == -ENOMEM;
    ensures judged: !PageAt(arg[0]) || !InUserHalf(arg[0], PageUp(arg[1])) || arg[1] > USER_END ==> \result == -EINVAL;
    ensures nothing: arg[2] != MADV_DONTNEED || !PageAt(arg[0]) || !InUserHalf(arg[0], PageUp(arg[1])) || arg[1] > USER_END ==> ghost_kernel == \old(ghost_kernel) && ghost_app == \old(ghost_app); */
int64_t sys_madvise(const uint64_t arg[6])
{
    uint64_t size = page_up(arg[1]);

    if (arg[0] % PAGE_SIZE != 0 || !user_range_is_valid(arg[0], size) || (size == 0 && arg[1] != 0))
        return -EINVAL;
    switch (arg[2]) {
    case MADV_DONTNEED:
        return space_discard(arg[0], arg[0] + size);
    case MADV_NORMAL:
    case MADV_RANDOM:
    case MADV_SEQUENTIAL:
    case MADV_WILLNEED:
    case MADV_FREE:
    case MADV_DONTFORK:
    case MADV_DOFORK:
    case MADV_MERGEABLE:
    case MADV_UNMERGEABLE:
    case MADV_HUGEPAGE:
    case MADV_NOHUGEPAGE:
    case MADV_DONTDUMP:
    case MADV_DODUMP:
    case MADV_COLD:
    case MADV_PAGEOUT:
        return vma_is_covered(arg[0], arg[0] + size) ? 0 : -ENOMEM;
    default:
        return -EINVAL;
    }
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns \nothing;
    ensures status: \result == 0 || \result == -EINVAL || \result == -ENOMEM;
    ensures judged: \result == -EINVAL <==> !PageAt(arg[0])
      || (arg[2] & (uint64_t)~(uint64_t)(MS_ASYNC | MS_INVALIDATE | MS_SYNC)) != 0 || ((arg[2] & MS_ASYNC) != 0 && (arg[2] & MS_SYNC) != 0);
    ensures outside: \result != -EINVAL && !InUserHalf(arg[0], PageUp(arg[1])) ==> \result == -ENOMEM; */
int64_t sys_msync(const uint64_t arg[6])
{
    uint64_t size = page_up(arg[1]);

    if (arg[0] % PAGE_SIZE != 0 || (arg[2] & ~(uint64_t)(MS_ASYNC | MS_INVALIDATE | MS_SYNC)) ||
        ((arg[2] & MS_ASYNC) && (arg[2] & MS_SYNC)))
        return -EINVAL;
    if (!user_range_is_valid(arg[0], size) || !vma_is_covered(arg[0], arg[0] + size))
        return -ENOMEM;
    return 0;
}

int64_t sys_mincore(const uint64_t arg[6])
{
    uint64_t size = page_up(arg[1]), user = arg[2];
    uint32_t rights;

    if (arg[0] % PAGE_SIZE != 0)
        return -EINVAL;
    if (!user_range_is_valid(arg[0], size) || !vma_is_covered(arg[0], arg[0] + size))
        return -ENOMEM;
    for (uint64_t page = arg[0] / PAGE_SIZE; page < (arg[0] + size) / PAGE_SIZE; page++, user++) {
        uint8_t resident = pt_find(kmap_root(), page, &rights) != FRAME_NONE;

        if (user_copy_out(user, &resident, 1) != 0)
            return -EFAULT;
    }
    return 0;
}

/* Nothing is ever paged out: what is mapped stays. */
/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns ghost_kernel, ghost_app;
    ensures status: \result == 0 || \result == -ENOMEM;
    ensures outside: arg[0] >= USER_END + PAGE_SIZE ==> \result == -ENOMEM;
    ensures refused: \result != 0 ==> ghost_kernel == \old(ghost_kernel) && ghost_app == \old(ghost_app); */
int64_t sys_mlock(const uint64_t arg[6])
{
    uint64_t start = arg[0] / PAGE_SIZE * PAGE_SIZE, size = page_up(sum_at_most(arg[1], arg[0] % PAGE_SIZE));

    if (!user_range_is_valid(start, size) || !vma_is_covered(start, start + size))
        return -ENOMEM;
    populate(start, start + size, PROT_READ);
    return 0;
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns \nothing;
    ensures status: \result == 0 || \result == -ENOMEM;
    ensures outside: arg[0] >= USER_END + PAGE_SIZE ==> \result == -ENOMEM; */
int64_t sys_munlock(const uint64_t arg[6])
{
    uint64_t start = arg[0] / PAGE_SIZE * PAGE_SIZE, size = page_up(sum_at_most(arg[1], arg[0] % PAGE_SIZE));

    if (!user_range_is_valid(start, size) || !vma_is_covered(start, start + size))
        return -ENOMEM;
    return 0;
}
