/* SPDX-License-Identifier: BSD-2-Clause */
/* Who runs. One thread now: a wait idles the CPU until an interrupt or the deadline, then asks again. */
#ifndef KERNEL_SCHED_H
#define KERNEL_SCHED_H
#include <stdbool.h>
#include <stdint.h>

#define SCHED_FOREVER 0xffffffffffffffffULL

/* Blocks the current thread until ready(arg) answers true (result true) or the monotonic clock reaches deadline_ns (result
   false). ready is asked at least once, changes nothing but its own device, and may be asked at any interrupt. */
bool sched_wait(bool (*ready)(void *arg), void *arg, uint64_t deadline_ns);

/* Blocks the current thread until the deadline: nothing else ends it. */
void sched_sleep(uint64_t deadline_ns);

/* What the console's keys ask for (^C, ^\) is done now, or nothing. Also asked after interrupts from ring 3. */
void sched_check_signals(void);

#endif
