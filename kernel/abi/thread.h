/* SPDX-License-Identifier: BSD-2-Clause */
/* System calls on threads: how they begin and end, and on which CPU they run. spec/thread.md. */
#ifndef KERNEL_ABI_THREAD_H
#define KERNEL_ABI_THREAD_H
#include <stdint.h>

int64_t sys_clone(const uint64_t arg[6]);
int64_t sys_exit(const uint64_t arg[6]);
int64_t sys_set_tid_address(const uint64_t arg[6]);
int64_t sys_sched_yield(const uint64_t arg[6]);
int64_t sys_sched_getaffinity(const uint64_t arg[6]);
int64_t sys_sched_setaffinity(const uint64_t arg[6]);
int64_t sys_getcpu(const uint64_t arg[6]);

#endif
