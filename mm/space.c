/* SPDX-License-Identifier: BSD-2-Clause */
#include <linux/errno.h>
#include <linux/mman.h>

#include "lib/string.h"
#include "mm/frame.h"
#include "mm/kmap.h"
#include "mm/page_table.h"
#include "mm/space.h"
#include "mm/vma.h"
#include "x86/cpu.h"
#include "x86/cpus.h"
#include "x86/trap.h"

#include "spec/space.acsl"

static const struct space_files *files;
static uint64_t mmap_top, brk_start, brk_end;
static uint32_t lent_frame = FRAME_NONE;
static enum space_fault last_fault;

void space_start(const struct space_files *callbacks)
{
    files = callbacks;
    pt_adopt(kmap_root());
}

/*@ terminates \true; exits \false; assigns mmap_top;
    ensures set: mmap_top == top; */
void space_set_mmap_top(uint64_t top)
{
    mmap_top = top;
}

void space_lend(uint32_t frame)
{
    frame_set_kind(frame, KIND_USER);
    lent_frame = frame;
}

/*@ terminates \true; exits \false; assigns brk_start, brk_end;
    ensures set: brk_start == start && brk_end == start; */
void space_set_brk(uint64_t start)
{
    brk_start = start;
    brk_end = start;
}

/*@ terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> SpaceWrites(prot) && SpaceRuns(prot); */
static bool is_write_exec(uint32_t prot)
{
    return (prot & PROT_WRITE) && (prot & PROT_EXEC);
}

/*@ terminates \true; exits \false; assigns \nothing;
    ensures write: \result == PT_WRITE <==> SpaceWrites(prot);
    ensures exec: \result == PT_EXEC <==> SpaceRuns(prot) && !SpaceWrites(prot);
    ensures read: \result == PT_READ
      <==> SpaceReads(prot) && !SpaceRuns(prot) && !SpaceWrites(prot);
    ensures none: \result == PT_NONE
      <==> !SpaceReads(prot) && !SpaceRuns(prot) && !SpaceWrites(prot); */
static uint32_t rights_of(uint32_t prot)
{
    if (prot & PROT_WRITE)
        return PT_WRITE;
    if (prot & PROT_EXEC)
        return PT_EXEC;
    return prot & PROT_READ ? PT_READ : PT_NONE;
}

/*@ terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> SpacePages(start, end); */
static bool is_page_range(uint64_t start, uint64_t end)
{
    return start % PAGE_SIZE == 0 && end % PAGE_SIZE == 0 && start <= end && user_range_is_valid(start, end - start);
}

static void hold_nodes(uint64_t start, uint64_t end, void (*what)(uint32_t node))
{
    for (uint32_t i = vma_find(start); i < vma_count() && vma_at(i)->start < end; i++)
        if (vma_at(i)->node != VMA_NO_NODE)
            what(vma_at(i)->node);
}

/* The application's are freed; what is lent was never its own. */
static void give_back(uint32_t frame)
{
    if (frame != lent_frame)
        frame_free(frame);
}

/* The first page in [first, last) that holds a frame, or last. When there is one, no other CPU uses the application's pages until this
   call is over: the caller changes them. */
static uint64_t next_to_change(uint64_t first, uint64_t last)
{
    uint64_t p = pt_next(kmap_root(), first, last);

    if (p < last)
        cpus_stop_others();
    return p;
}

static void free_frames(uint64_t start, uint64_t end)
{
    uint32_t root = kmap_root();
    uint64_t last = end / PAGE_SIZE;

    for (uint64_t p = next_to_change(start / PAGE_SIZE, last); p < last; p = pt_next(root, p + 1, last)) {
        uint32_t frame = pt_unmap(root, p);

        if (frame != FRAME_NONE) {
            invlpg(p * PAGE_SIZE);
            give_back(frame);
        }
    }
}

/* vma_cut, with the new halves of file areas holding their node too. Whole areas need no room, so that memory can be given
   back when the table is full. */
static bool cut(uint64_t start, uint64_t end)
{
    const struct vma *low = vma_holding(start), *high = end > start ? vma_holding(end - 1) : 0;
    bool splits_low = low && low->start < start, splits_high = high && high->end > end;
    uint32_t low_node = splits_low ? low->node : VMA_NO_NODE, high_node = splits_high ? high->node : VMA_NO_NODE;

    if (vma_count() + splits_low + splits_high > VMA_MAX || !vma_cut(start, end))
        return false;
    if (low_node != VMA_NO_NODE)
        files->hold(low_node);
    if (high_node != VMA_NO_NODE)
        files->hold(high_node);
    return true;
}

int space_unmap(uint64_t start, uint64_t end)
{
    if (!is_page_range(start, end) || start == end)
        return -EINVAL;
    if (vma_is_free(start, end))
        return 0;
    if (!cut(start, end))
        return -ENOMEM;
    free_frames(start, end);
    hold_nodes(start, end, files->release);
    vma_remove(start, end);
    return 0;
}

int space_map_at(const struct vma *area, bool replace)
{
    int status = 0;

    if (!is_page_range(area->start, area->end) || area->start == area->end)
        return -EINVAL;
    if (!user_range_is_mappable(area->start, area->end - area->start))
        return -EPERM;
    if (is_write_exec(area->prot))
        return -EACCES;
    if (vma_count() + 3 > VMA_MAX)
        return -ENOMEM;
    if (!vma_is_free(area->start, area->end)) {
        if (!replace)
            return -EEXIST;
        status = space_unmap(area->start, area->end);
    }
    if (status == 0 && !vma_add(area))
        status = -ENOMEM;
    if (status == 0 && area->node != VMA_NO_NODE)
        files->hold(area->node);
    return status;
}

int64_t space_map_anywhere(struct vma *area, uint64_t hint, uint64_t size)
{
    uint64_t start = hint;
    int status;

    if (size == 0 || size > USER_END)
        return -ENOMEM;
    if (hint % PAGE_SIZE != 0 || !user_range_is_mappable(hint, size) || !vma_is_free(hint, hint + size))
        start = vma_find_gap(USER_START, mmap_top, size);
    if (start == 0)
        return -ENOMEM;
    area->start = start;
    area->end = start + size;
    status = space_map_at(area, false);
    return status == 0 ? (int64_t)start : status;
}

static bool holds_lent(uint64_t start, uint64_t end)
{
    for (uint32_t i = vma_find(start); i < vma_count() && vma_at(i)->start < end; i++)
        if (vma_at(i)->node == SPACE_LENT)
            return true;
    return false;
}

int space_protect(uint64_t start, uint64_t end, uint32_t prot)
{
    uint32_t root = kmap_root();
    uint64_t last = end / PAGE_SIZE;

    if (!is_page_range(start, end))
        return -ENOMEM;
    if (is_write_exec(prot) || ((prot & (PROT_WRITE | PROT_EXEC)) && holds_lent(start, end)))
        return -EACCES;
    if (!vma_is_covered(start, end) || !cut(start, end))
        return -ENOMEM;
    vma_set_prot(start, end, prot);
    for (uint64_t p = next_to_change(start / PAGE_SIZE, last); p < last; p = pt_next(root, p + 1, last)) {
        pt_protect(root, p, rights_of(prot));
        invlpg(p * PAGE_SIZE);
    }
    return 0;
}

int space_discard(uint64_t start, uint64_t end)
{
    if (!is_page_range(start, end))
        return -EINVAL;
    if (!vma_is_covered(start, end))
        return -ENOMEM;
    free_frames(start, end);
    return 0;
}

/* Frames go along: page tables for the new place are made first, so that nothing is half moved. */
static int64_t move_area(const struct vma *from, uint64_t old, uint64_t old_size, uint64_t new_size, uint64_t fixed)
{
    struct vma to = *from;
    uint32_t root = kmap_root();
    uint64_t first = old / PAGE_SIZE, last = first + (old_size < new_size ? old_size : new_size) / PAGE_SIZE;
    uint64_t skipped = old - from->start;
    int64_t where = (int64_t)fixed;

    to.offset += skipped;
    to.file_size = to.file_size > skipped ? to.file_size - skipped : 0;
    to.start = fixed;
    to.end = fixed + new_size;
    if (fixed == 0)
        where = space_map_anywhere(&to, 0, new_size);
    else if (space_map_at(&to, true) != 0)
        where = -ENOMEM;
    if (where < 0)
        return where;
    for (uint64_t p = next_to_change(first, last); p < last; p = pt_next(root, p + 1, last)) {
        uint32_t rights = PT_NONE, frame = pt_find(root, p, &rights);

        if (pt_map(root, (uint64_t)where / PAGE_SIZE + p - first, frame, rights) != 0) {
            /* no frame for a table: what was moved belongs to both places, so the new one only forgets it */
            for (uint64_t q = first; q < p; q++)
                pt_unmap(root, (uint64_t)where / PAGE_SIZE + q - first);
            space_unmap((uint64_t)where, (uint64_t)where + new_size);
            return -ENOMEM;
        }
    }
    for (uint64_t p = pt_next(root, first, last); p < last; p = pt_next(root, p + 1, last)) {
        pt_unmap(root, p);
        invlpg(p * PAGE_SIZE);
    }
    space_unmap(old, old + old_size);
    return where;
}

int64_t space_remap(uint64_t old, uint64_t old_size, uint64_t new_size, bool may_move, uint64_t fixed)
{
    const struct vma *area = vma_holding(old);
    struct vma more;

    if (!is_page_range(old, old + old_size) || new_size == 0 || new_size % PAGE_SIZE != 0 || new_size > USER_END)
        return -EINVAL;
    if (fixed != 0 &&
        (!may_move || !is_page_range(fixed, fixed + new_size) || (fixed < old + old_size && old < fixed + new_size)))
        return -EINVAL;
    if (!area || old_size == 0 || area->end - old < old_size)
        return -EFAULT;
    if (fixed == 0 && new_size <= old_size) {
        int status = new_size < old_size ? space_unmap(old + new_size, old + old_size) : 0;

        return status == 0 ? (int64_t)old : status;
    }
    /* A file's area could only grow in place when it shows whole pages of the file. */
    if (fixed == 0 && area->end == old + old_size && area->node == VMA_NO_NODE && user_range_is_valid(old, new_size) &&
        vma_is_free(area->end, old + new_size)) {
        more = *area;
        more.start = area->end;
        more.end = old + new_size;
        return space_map_at(&more, false) == 0 ? (int64_t)old : -ENOMEM;
    }
    if (!may_move)
        return -ENOMEM;
    more = *area;
    if (more.node != VMA_NO_NODE && more.file_size == more.end - more.start)
        more.file_size += new_size;
    return move_area(&more, old, old_size, new_size, fixed);
}

uint64_t space_brk(uint64_t address)
{
    struct vma area = { .prot = PROT_READ | PROT_WRITE, .node = VMA_NO_NODE };
    uint64_t old_page = (brk_end + PAGE_SIZE - 1) / PAGE_SIZE * PAGE_SIZE, new_page;

    if (address < brk_start || address > mmap_top)
        return brk_end;
    new_page = (address + PAGE_SIZE - 1) / PAGE_SIZE * PAGE_SIZE;
    area.start = old_page;
    area.end = new_page;
    if (new_page > old_page && space_map_at(&area, false) != 0)
        return brk_end;
    if (new_page < old_page && space_unmap(new_page, old_page) != 0)
        return brk_end;
    brk_end = address;
    return brk_end;
}

/*@ terminates \true; exits \false; assigns \nothing;
    ensures write: SpaceWrote(error) ==> (\result <==> SpaceWrites(prot));
    ensures fetch: !SpaceWrote(error) && SpaceFetched(error)
      ==> (\result <==> SpaceRuns(prot));
    ensures read: !SpaceWrote(error) && !SpaceFetched(error)
      ==> (\result <==> SpaceAny(prot)); */
static bool is_allowed(uint32_t prot, uint64_t error)
{
    if (error & PAGE_FAULT_WRITE)
        return prot & PROT_WRITE;
    if (error & PAGE_FAULT_FETCH)
        return prot & PROT_EXEC;
    return prot & (PROT_READ | PROT_WRITE | PROT_EXEC);
}

/* A frame with the page's first contents; FRAME_NONE with the reason in last_fault. */
static uint32_t make_page(const struct vma *area, uint64_t page)
{
    uint64_t skipped = page - area->start;
    uint32_t frame;

    if (skipped >= area->file_size) {
        frame = frame_alloc();
        last_fault = frame == FRAME_NONE ? FAULT_NO_MEMORY : FAULT_NONE;
        return frame;
    }
    if (area->node == SPACE_LENT) {
        last_fault = area->offset + skipped == 0 ? FAULT_NONE : FAULT_BEYOND_FILE;
        return area->offset + skipped == 0 ? lent_frame : FRAME_NONE;
    }
    frame = frame_alloc_raw();
    last_fault = frame == FRAME_NONE ? FAULT_NO_MEMORY : FAULT_NONE;
    if (frame == FRAME_NONE)
        return FRAME_NONE;
    if (files->fill(area->node, area->offset + skipped, frame_memory(frame)) != 0) {
        last_fault = FAULT_BEYOND_FILE;
        frame_free(frame);
        return FRAME_NONE;
    }
    if (area->file_size - skipped < PAGE_SIZE)
        memset((uint8_t *)frame_memory(frame) + (area->file_size - skipped), 0,
               PAGE_SIZE - (area->file_size - skipped));
    return frame;
}

bool space_resolve_fault(uint64_t address, uint64_t error)
{
    const struct vma *area = vma_holding(address);
    uint64_t page = address / PAGE_SIZE * PAGE_SIZE;
    uint32_t frame;
    int status;

    last_fault = FAULT_UNMAPPED;
    if (!area)
        return false;
    last_fault = FAULT_RIGHTS;
    if (!is_allowed(area->prot, error))
        return false;
    if (error & PAGE_FAULT_PRESENT) {
        invlpg(page); /* the entry was given more rights after the CPU had cached it */
        return true;
    }
    frame = make_page(area, page);
    if (frame == FRAME_NONE)
        return false;
    frame_set_kind(frame, KIND_USER);
    status = pt_map(kmap_root(), page / PAGE_SIZE, frame, rights_of(area->prot));
    if (status == 0)
        return true;
    give_back(frame);
    last_fault = FAULT_NO_MEMORY;
    return status == -EEXIST; /* another CPU had the same fault, and was here first */
}

/*@ terminates \true; exits \false; assigns \nothing;
    ensures value: \result == last_fault; */
enum space_fault space_last_fault(void)
{
    return last_fault;
}
