/* SPDX-License-Identifier: BSD-2-Clause */
/* Who waits for what. What is waited for is a 64-bit key: a futex word's address, or a number above the user half that the kernel
   chooses. spec/futex.md. */
#ifndef KERNEL_WAITERS_H
#define KERNEL_WAITERS_H
#include <stdint.h>

#include "kernel/queue.h"
#include "lib/state.h"

#define WAITERS_NONE QUEUE_THREADS

/* The first queues behind the threads' places hold those who wait, by a hash of the key. */
#define WAITERS_BUCKETS 64u

/* What a thread in one of these queues waits for. */
struct waiter {
    uint64_t key;
    uint32_t bits;
};
extern struct waiter waiter[QUEUE_THREADS];

#include "spec/waiters.acsl"

/* The thread, in no queue, waits for the key; who wakes with a mask that has none of these bits passes it by. */
/*@ requires good: WaitersGood;
    requires free: thread < QUEUE_THREADS && !InQueue(thread);
    requires room: ghost_turn[queue_links.before[BucketOf(key)]] < QUEUE_THREADS;
    terminates \true; exits \false;
    assigns waiter[thread], queue_links, ghost_queue[thread], ghost_turn[thread];
    ensures good: WaitersGood;
    ensures waits: WaitsFor(thread, key) && waiter[thread].bits == bits;
    ensures last: \forall integer t; t != thread && WaitsFor(t, key) ==> ghost_turn[t] < ghost_turn[thread];
    ensures others: QueueMembersKept{Pre, Post}(thread);
    ensures order: QueueOrderKept{Pre, Post}(thread); */
void waiters_add(uint32_t thread, uint64_t key, uint32_t bits);

/* The thread, which waits, does so no more. */
/*@ requires good: WaitersGood;
    requires waits: thread < QUEUE_THREADS && InQueue(thread);
    terminates \true; exits \false;
    assigns queue_links, ghost_queue[thread], ghost_turn[0 .. QUEUE_THREADS - 1];
    ensures good: WaitersGood;
    ensures gone: !InQueue(thread) && QueueMembersKept{Pre, Post}(thread);
    ensures order: QueueOrderKept{Pre, Post}(thread); */
void waiters_remove(uint32_t thread);

/* Who has waited longest for the key with one of these bits waits no more: the thread, or WAITERS_NONE. */
/*@ requires good: WaitersGood;
    terminates \true; exits \false;
    assigns queue_links, ghost_queue[0 .. QUEUE_THREADS - 1], ghost_turn[0 .. QUEUE_THREADS - 1];
    ensures good: WaitersGood;
    ensures none: \result == WAITERS_NONE ==> \forall integer t; !IsMeant{Pre}(t, key, bits);
    ensures taken: \result != WAITERS_NONE ==> IsMeant{Pre}(\result, key, bits) && !InQueue(\result);
    ensures longest: \result != WAITERS_NONE ==> \forall integer t; t != \result && IsMeant{Pre}(t, key, bits) ==>
      \at(ghost_turn[t], Pre) > \at(ghost_turn[\at(\result, Post)], Pre);
    ensures others: QueueMembersKept{Pre, Post}(\result);
    ensures order: QueueOrderKept{Pre, Post}(\result); */
uint32_t waiters_take(uint64_t key, uint32_t bits);

/* At most `most` of those who wait for the key, longest first, wait for another one (or the same) from now on, as the last: how
   many. */
/*@ terminates \true; exits \false; assigns ghost_kernel;
    ensures most: \result <= most; */
uint32_t waiters_move(uint64_t key, uint64_t other, uint32_t most);

#endif
