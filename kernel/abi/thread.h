/* SPDX-License-Identifier: BSD-2-Clause */
/* System calls on threads: how they begin and end, and on which CPU they run. spec/thread.md. */
#ifndef KERNEL_ABI_THREAD_H
#define KERNEL_ABI_THREAD_H
#include <stdint.h>

#include "kernel/thread.h"

/* The slot of the living thread that a system call's argument names, 32 bits of which 0 means the caller; or THREAD_NONE. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == ThreadMeant((uint32_t)user_id); */
uint32_t thread_meant(uint64_t user_id);

int64_t sys_clone(const uint64_t arg[6]);
int64_t sys_exit(const uint64_t arg[6]);
int64_t sys_set_tid_address(const uint64_t arg[6]);
int64_t sys_sched_yield(const uint64_t arg[6]);
int64_t sys_sched_getaffinity(const uint64_t arg[6]);
int64_t sys_sched_setaffinity(const uint64_t arg[6]);
int64_t sys_getcpu(const uint64_t arg[6]);

#endif
