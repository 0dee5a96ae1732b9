/* SPDX-License-Identifier: BSD-2-Clause */
/* Until when threads wait: a heap of deadlines, so that the first is known at once and setting one takes few steps. */
#ifndef KERNEL_DEADLINE_H
#define KERNEL_DEADLINE_H
#include <stdint.h>

#define DEADLINE_THREADS 512u
#define DEADLINE_NONE    DEADLINE_THREADS
#define DEADLINE_NEVER   0xffffffffffffffffULL

/* Places 1 .. count; what is at place p is not later than what is at 2p and 2p + 1. */
struct deadline_heap {
    uint64_t ns[DEADLINE_THREADS + 1];
    uint16_t thread[DEADLINE_THREADS + 1];
    uint16_t place[DEADLINE_THREADS]; /* of each thread; 0: it has no deadline */
    uint32_t count;
};
extern struct deadline_heap deadline_heap;

/* The thread, which has none, gets a deadline. */
void deadline_set(uint32_t thread, uint64_t ns);

/* The thread has none afterwards. */
void deadline_clear(uint32_t thread);

/* The first deadline, or DEADLINE_NEVER. */
static inline uint64_t deadline_first(void)
{
    return deadline_heap.count == 0 ? DEADLINE_NEVER : deadline_heap.ns[1];
}

/* Takes the thread with the first deadline out if that is at most now; DEADLINE_NONE otherwise. */
uint32_t deadline_take(uint64_t now);

#endif
