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

/* A queue is a ring of threads that begins and ends at the queue's own place. A place that is in no ring is one by itself. */
struct queue_links {
    uint16_t after[QUEUE_PLACES], before[QUEUE_PLACES];
};
extern struct queue_links queue_links;

/* All queues are empty. */
void queue_start(void);

/* The thread, which is in no queue, becomes the last of this one. */
void queue_append(uint32_t queue, uint32_t thread);

/* The thread is in no queue afterwards. */
void queue_remove(uint32_t thread);

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
