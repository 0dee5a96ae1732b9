/* SPDX-License-Identifier: BSD-2-Clause */
/* System calls on the address space, with Linux's semantics (man section 2). Writable and executable together: -EACCES. */
#ifndef KERNEL_ABI_MEMORY_H
#define KERNEL_ABI_MEMORY_H
#include <stdint.h>

int64_t sys_mmap(const uint64_t arg[6]);
int64_t sys_munmap(const uint64_t arg[6]);
int64_t sys_mprotect(const uint64_t arg[6]);
int64_t sys_mremap(const uint64_t arg[6]);
int64_t sys_brk(const uint64_t arg[6]);
int64_t sys_madvise(const uint64_t arg[6]);
int64_t sys_msync(const uint64_t arg[6]);
int64_t sys_mincore(const uint64_t arg[6]);
int64_t sys_mlock(const uint64_t arg[6]);
int64_t sys_munlock(const uint64_t arg[6]);

#endif
