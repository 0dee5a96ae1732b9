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

#include "spec/deadline.acsl"

/* The thread, which has none, gets a deadline. */
/*@ requires good: DeadlinesGood;
    requires none: thread < DEADLINE_THREADS && !HasDeadline(thread);
    requires room: deadline_heap.count < DEADLINE_THREADS;
    terminates \true; exits \false; assigns deadline_heap;
    ensures good: DeadlinesGood;
    ensures set: HasDeadline(thread) && DeadlineOf(thread) == ns;
    ensures others: DeadlinesKept{Pre, Post}(thread);
    ensures count: deadline_heap.count == \old(deadline_heap.count) + 1; */
void deadline_set(uint32_t thread, uint64_t ns);

/* The thread has none afterwards. */
/*@ requires good: DeadlinesGood && thread < DEADLINE_THREADS;
    terminates \true; exits \false; assigns deadline_heap;
    ensures good: DeadlinesGood;
    ensures clear: !HasDeadline(thread);
    ensures others: DeadlinesKept{Pre, Post}(thread);
    ensures count: deadline_heap.count == \old(deadline_heap.count) - (\old(deadline_heap.place[thread]) != 0 ? 1 : 0); */
void deadline_clear(uint32_t thread);

/* The first deadline, or DEADLINE_NEVER. */
/*@ requires good: DeadlinesGood;
    terminates \true; exits \false; assigns \nothing;
    ensures first: \forall integer t; 0 <= t < DEADLINE_THREADS && HasDeadline(t) ==> \result <= DeadlineOf(t);
    ensures never: deadline_heap.count == 0 ==> \result == DEADLINE_NEVER;
    ensures one: deadline_heap.count > 0 ==> HasDeadline(deadline_heap.thread[1])
      && \result == DeadlineOf(deadline_heap.thread[1]); */
static inline uint64_t deadline_first(void)
{
    return deadline_heap.count == 0 ? DEADLINE_NEVER : deadline_heap.ns[1];
}

/* Takes the thread with the first deadline out if that is at most now; DEADLINE_NONE otherwise. */
/*@ requires good: DeadlinesGood;
    terminates \true; exits \false; assigns deadline_heap;
    ensures good: DeadlinesGood;
    ensures none: \result == DEADLINE_NONE ==> \forall integer t; 0 <= t < DEADLINE_THREADS && HasDeadline{Pre}(t) ==>
      DeadlineOf{Pre}(t) > now;
    ensures same: \result == DEADLINE_NONE ==> DeadlinesKept{Pre, Post}(DEADLINE_NONE);
    ensures taken: \result != DEADLINE_NONE ==> \result < DEADLINE_THREADS && HasDeadline{Pre}(\result)
      && DeadlineOf{Pre}(\result) <= now && !HasDeadline(\result);
    ensures others: DeadlinesKept{Pre, Post}(\result); */
uint32_t deadline_take(uint64_t now);

#endif
