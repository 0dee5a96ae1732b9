/* SPDX-License-Identifier: BSD-2-Clause */
/* Until when threads wait: a heap of deadlines, so that the first is known at once and setting one takes few steps. */
#ifndef KERNEL_DEADLINE_H
#define KERNEL_DEADLINE_H
#include <stdint.h>

#define DEADLINE_THREADS 512u
#define DEADLINE_NONE    DEADLINE_THREADS
#define DEADLINE_NEVER   0xffffffffffffffffULL

/* The thread, which has none, gets a deadline. */
void deadline_set(uint32_t thread, uint64_t ns);

/* The thread has none afterwards. */
void deadline_clear(uint32_t thread);

/* The first deadline, or DEADLINE_NEVER. */
uint64_t deadline_first(void);

/* Takes the thread with the first deadline out if that is at most now; DEADLINE_NONE otherwise. */
uint32_t deadline_take(uint64_t now);

#endif
