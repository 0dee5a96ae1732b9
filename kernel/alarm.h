/* SPDX-License-Identifier: BSD-2-Clause */
/* The process's timer of real time (ITIMER_REAL, alarm): SIGALRM when it ends. */
#ifndef KERNEL_ALARM_H
#define KERNEL_ALARM_H
#include <stdint.h>

#include "lib/state.h"

/* In nanoseconds: until the timer ends (0: it does not run), and what it starts with again then (0: it does not). */
struct alarm {
    uint64_t left, interval;
};

/* Starts or ends it, and tells what it is, at `now` of the monotonic clock. */
/*@ requires valid: \valid_read(next);
    terminates \true; exits \false; assigns ghost_kernel; */
void alarm_set(const struct alarm *next, uint64_t now);
/*@ terminates \true; exits \false; assigns \nothing; */
struct alarm alarm_get(uint64_t now);

/* When it ends, on the monotonic clock; all ones when it does not run. */
uint64_t alarm_next(void);

/* Sends the signal if it has ended, once however often it has, and starts it again if it repeats. */
void alarm_serve(uint64_t now);

#endif
