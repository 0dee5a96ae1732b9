/* SPDX-License-Identifier: BSD-2-Clause */
/* Who waits for what. What is waited for is a 64-bit key: a futex word's address, or a number above the user half that the kernel
   chooses. spec/futex.md. */
#ifndef KERNEL_WAITERS_H
#define KERNEL_WAITERS_H
#include <stdint.h>

#include "kernel/queue.h"

#define WAITERS_NONE QUEUE_THREADS

/* Queues 0 .. WAITERS_BUCKETS - 1 behind the threads' places hold those who wait, by a hash of the key. */
#define WAITERS_BUCKETS 64u

/* The thread, in no queue, waits for the key; who wakes with a mask that has none of these bits passes it by. */
void waiters_add(uint32_t thread, uint64_t key, uint32_t bits);

/* The thread waits no more. */
void waiters_remove(uint32_t thread);

/* Who has waited longest for the key with one of these bits waits no more: the thread, or WAITERS_NONE. */
uint32_t waiters_take(uint64_t key, uint32_t bits);

/* At most `most` of those who wait for the key, longest first, wait for another one (or the same) from now on, as the last: how
   many. */
uint32_t waiters_move(uint64_t key, uint64_t other, uint32_t most);

#endif
