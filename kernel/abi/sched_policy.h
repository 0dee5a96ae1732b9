/* SPDX-License-Identifier: BSD-2-Clause */
/* System calls on scheduling policies: every thread has the usual one, and keeps it. */
#ifndef KERNEL_ABI_SCHED_POLICY_H
#define KERNEL_ABI_SCHED_POLICY_H
#include <stdint.h>

int64_t sys_sched_getscheduler(const uint64_t arg[6]);
int64_t sys_sched_setscheduler(const uint64_t arg[6]);
int64_t sys_sched_getparam(const uint64_t arg[6]);
int64_t sys_sched_setparam(const uint64_t arg[6]);
int64_t sys_sched_get_priority_max(const uint64_t arg[6]);
int64_t sys_sched_get_priority_min(const uint64_t arg[6]);
int64_t sys_sched_rr_get_interval(const uint64_t arg[6]);

#endif
