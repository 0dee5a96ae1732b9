/* SPDX-License-Identifier: BSD-2-Clause */
/* System calls on the thread and its end, and on waiting for memory words. */
#ifndef KERNEL_ABI_PROCESS_H
#define KERNEL_ABI_PROCESS_H
#include <stdint.h>

int64_t sys_exit(const uint64_t arg[6]);
int64_t sys_exit_group(const uint64_t arg[6]);
int64_t sys_reboot(const uint64_t arg[6]);
int64_t sys_arch_prctl(const uint64_t arg[6]);
int64_t sys_prctl(const uint64_t arg[6]);
int64_t sys_set_tid_address(const uint64_t arg[6]);
int64_t sys_set_robust_list(const uint64_t arg[6]);
int64_t sys_futex(const uint64_t arg[6]);
int64_t sys_sched_yield(const uint64_t arg[6]);
int64_t sys_sched_getaffinity(const uint64_t arg[6]);
int64_t sys_sched_setaffinity(const uint64_t arg[6]);
int64_t sys_getcpu(const uint64_t arg[6]);
int64_t sys_wait4(const uint64_t arg[6]);

#endif
