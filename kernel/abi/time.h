/* SPDX-License-Identifier: BSD-2-Clause */
/* System calls on clocks and sleep, and the time arithmetic that other calls with timeouts use. */
#ifndef KERNEL_ABI_TIME_H
#define KERNEL_ABI_TIME_H
#include <stdint.h>

#include <linux/errno.h>
#include <linux/time.h>

#include "drivers/platform.h"
#include "lib/state.h"

#include "spec/time.acsl"

/* A struct timespec at user address user, in nanoseconds (at most about 584 years): 0, -EFAULT or -EINVAL. */
/*@ requires valid: \valid(ns);
    terminates \true; exits \false; assigns *ns, ghost_in_word[0 .. 1];
    ensures status: \result == 0 || \result == -EFAULT || \result == -EINVAL;
    ensures given: \result != -EFAULT ==> (\result == 0 <==> TimeGiven);
    ensures exact: \result == 0 ==> *ns == TimeIn;
    ensures refused: \result != 0 ==> *ns == \old(*ns); */
int64_t time_copy_in(uint64_t user, uint64_t *ns);

/* A moment of the real-time clock as one of the monotonic clock; 0 when it lies before boot. */
/*@ terminates \true; exits \false; assigns ghost_base;
    ensures exact: \result == (realtime_ns > ghost_base ? realtime_ns - ghost_base : 0); */
uint64_t time_to_monotonic(uint64_t realtime_ns);

int64_t sys_clock_gettime(const uint64_t arg[6]);
int64_t sys_clock_getres(const uint64_t arg[6]);
int64_t sys_clock_nanosleep(const uint64_t arg[6]);
int64_t sys_nanosleep(const uint64_t arg[6]);
int64_t sys_gettimeofday(const uint64_t arg[6]);
int64_t sys_time(const uint64_t arg[6]);
int64_t sys_times(const uint64_t arg[6]);
int64_t sys_getrusage(const uint64_t arg[6]);

#endif
