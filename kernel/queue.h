/* SPDX-License-Identifier: BSD-2-Clause */
/* Queues of threads: each thread is in one queue at most, and leaves it from wherever it stands. spec/sched.md. */
#ifndef KERNEL_QUEUE_H
#define KERNEL_QUEUE_H
#include <stdbool.h>
#include <stdint.h>

/* Places: a thread's is its slot; behind them stand the queues. */
#define QUEUE_THREADS 512u
#define QUEUE_COUNT   65u
#define QUEUE_PLACES  (QUEUE_THREADS + QUEUE_COUNT)

/* A queue is a ring of threads that begins and ends at the queue's own place. The links of a thread in no queue mean nothing. */
struct queue_links {
    uint16_t after[QUEUE_PLACES], before[QUEUE_PLACES];
};
extern struct queue_links queue_links;

/* All queues are empty. */
void queue_start(void);

/* The thread, which is in no queue, becomes the last of this one. */
static inline void queue_append(uint32_t queue, uint32_t thread)
{
    uint16_t last = queue_links.before[queue];

    queue_links.after[last] = (uint16_t)thread;
    queue_links.before[thread] = last;
    queue_links.after[thread] = (uint16_t)queue;
    queue_links.before[queue] = (uint16_t)thread;
}

/* The thread, which is in a queue, leaves it. */
static inline void queue_remove(uint32_t thread)
{
    uint16_t after = queue_links.after[thread], before = queue_links.before[thread];

    queue_links.after[before] = after;
    queue_links.before[after] = before;
}

/* The first thread of a queue, or the one behind a thread; the queue's own place at its end. */
static inline uint32_t queue_after(uint32_t place)
{
    return queue_links.after[place];
}

/* The last thread of a queue; the queue's own place when it is empty. */
static inline uint32_t queue_before(uint32_t place)
{
    return queue_links.before[place];
}

static inline bool queue_is_empty(uint32_t queue)
{
    return queue_links.after[queue] == queue;
}

#endif
