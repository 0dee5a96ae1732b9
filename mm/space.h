/* SPDX-License-Identifier: BSD-2-Clause */
/* The application's address space: what Linux's mmap, munmap, mprotect, mremap, brk and madvise do, without system call
   clothes. Pages get frames when they are first touched. No area is ever writable and executable (-EACCES). */
#ifndef MM_SPACE_H
#define MM_SPACE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/errno.h>

#include "lib/state.h"
#include "mm/user_range.h"
#include "mm/vma.h"

/* What the file system registers: fill a page of a node (-EFAULT: wholly beyond its end), hold and release a node. */
struct space_files {
    int (*fill)(uint32_t node, uint64_t offset, void *page);
    void (*hold)(uint32_t node);
    void (*release)(uint32_t node);
};

/* The space is empty; mappings without a place of their own are put below mmap_top, a page-aligned address. */
void space_start(const struct space_files *files);
void space_set_mmap_top(uint64_t mmap_top);

/* A page of the kernel's for the application to read: every area of node SPACE_LENT shows this owned frame, at its offset 0. It
   stays the kernel's whatever the application does with the area; other rights than reading are refused (-EACCES). */
#define SPACE_LENT 0xfffffffeu
void space_lend(uint32_t frame);

/* The program break starts at this page-aligned address. */
void space_set_brk(uint64_t start);

/* Maps area (its prot, node, offset, file_size) at [start, end), which must be page-aligned, mappable, and free unless replace.
   0, -EINVAL, -EPERM (page zero and what is near it), -EACCES (writable and executable), -EEXIST, -ENOMEM. */
/*@ requires judged: \valid_read(area) && area->start <= area->end && InUserHalf(area->start, area->end - area->start);
    terminates \true; exits \false; assigns ghost_kernel, ghost_app;
    ensures status: \result == 0 || \result == -EINVAL || \result == -EPERM || \result == -EACCES || \result == -EEXIST
      || \result == -ENOMEM; */
int space_map_at(const struct vma *area, bool replace);

/* Maps size bytes where there is room, at hint when that is free: the address, or -ENOMEM, -EACCES, -EINVAL. */
/*@ requires judged: \valid(area) && 0 < size <= USER_END;
    terminates \true; exits \false; assigns *area, ghost_kernel, ghost_app;
    ensures status: \result == -ENOMEM || \result == -EACCES || \result == -EINVAL || InUserPages(\result, size); */
int64_t space_map_anywhere(struct vma *area, uint64_t hint, uint64_t size);

/* Page-aligned ranges. Unmapping what is not mapped is no error. */
/*@ requires judged: start <= end && InUserHalf(start, end - start);
    terminates \true; exits \false; assigns ghost_kernel, ghost_app;
    ensures status: \result == 0 || \result == -EINVAL || \result == -ENOMEM; */
int space_unmap(uint64_t start, uint64_t end);
/* -ENOMEM when not all of it is mapped; -EACCES for writable and executable, and for more than reading what is lent. */
/*@ requires judged: start <= end && InUserHalf(start, end - start) && start % PAGE_SIZE == 0 && end % PAGE_SIZE == 0;
    terminates \true; exits \false; assigns ghost_kernel, ghost_app;
    ensures status: \result == 0 || \result == -ENOMEM || \result == -EACCES; */
int space_protect(uint64_t start, uint64_t end, uint32_t prot);
/* Gives the frames back; the next touch finds the file's bytes or zeroes again. -ENOMEM when not all is mapped. */
/*@ requires judged: start <= end && InUserHalf(start, end - start) && start % PAGE_SIZE == 0 && end % PAGE_SIZE == 0;
    terminates \true; exits \false; assigns ghost_kernel, ghost_app;
    ensures status: \result == 0 || \result == -EINVAL || \result == -ENOMEM; */
int space_discard(uint64_t start, uint64_t end);

/* Linux's mremap for one area: the new address or -EFAULT, -EINVAL, -ENOMEM. fixed: the wanted new address, or 0. */
/*@ requires judged: InUserHalf(old, old_size) && 0 < new_size <= USER_END && old % PAGE_SIZE == 0 && old_size % PAGE_SIZE == 0
      && new_size % PAGE_SIZE == 0 && (fixed == 0 || InUserPages(fixed, new_size));
    terminates \true; exits \false; assigns ghost_kernel, ghost_app;
    ensures status: \result == -EFAULT || \result == -EINVAL || \result == -ENOMEM || 0 <= \result <= USER_END; */
int64_t space_remap(uint64_t old, uint64_t old_size, uint64_t new_size, bool may_move, uint64_t fixed);

/* Linux's brk: the break afterwards, the old one when it could not be moved. */
/*@ terminates \true; exits \false; assigns ghost_kernel, ghost_app;
    ensures half: \result <= USER_END; */
uint64_t space_brk(uint64_t address);

/* Why a touch of the application's memory failed. */
enum space_fault { FAULT_NONE, FAULT_UNMAPPED, FAULT_RIGHTS, FAULT_BEYOND_FILE, FAULT_NO_MEMORY };

/* A page fault at address with the CPU's error code (x86/trap.h): true when the page is there now. */
/*@ terminates \true; exits \false; assigns ghost_kernel, ghost_app; */
bool space_resolve_fault(uint64_t address, uint64_t error);

/* Why the last fault was not resolved. */
/*@ terminates \true; exits \false; assigns \nothing; */
enum space_fault space_last_fault(void);

#endif
