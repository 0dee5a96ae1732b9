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

#include "spec/queue.acsl"

/* All queues are empty. */
/*@ requires new: \forall integer t; 0 <= t < QUEUE_THREADS ==> !InQueue(t);
    terminates \true; exits \false;
    assigns queue_links, ghost_queue[QUEUE_THREADS .. QUEUE_PLACES - 1], ghost_turn[QUEUE_THREADS .. QUEUE_PLACES - 1];
    ensures own: QueueOwn;
    ensures linked: QueuesLinked;
    ensures turns: QueuesInTurn;
    ensures counted: QueuesCounted;
    ensures end: QueuesEnd;
    ensures apart: QueuesApart;
    ensures empty: \forall integer q; QUEUE_THREADS <= q < QUEUE_PLACES ==> queue_links.after[q] == q;
    ensures nobody: \forall integer t; 0 <= t < QUEUE_THREADS ==> !InQueue(t); */
void queue_start(void);

/* The thread, which is in no queue, becomes the last of this one. */
/*@ requires good: QueuesGood;
    requires queue: QUEUE_THREADS <= queue < QUEUE_PLACES;
    requires free: thread < QUEUE_THREADS && !InQueue(thread);
    requires room: ghost_turn[queue_links.before[queue]] < QUEUE_THREADS;
    terminates \true; exits \false;
    assigns queue_links.after[thread], queue_links.after[queue_links.before[queue]], queue_links.before[thread],
      queue_links.before[queue], ghost_queue[thread], ghost_turn[thread];
    ensures own: QueueOwn;
    ensures linked: QueuesLinked;
    ensures turns: QueuesInTurn;
    ensures counted: QueuesCounted;
    ensures end: QueuesEnd;
    ensures apart: QueuesApart;
    ensures member: ghost_queue[thread] == queue && QueueMembersKept{Pre, Post}(thread);
    ensures last: queue_links.before[queue] == thread && queue_links.before[thread] == \old(queue_links.before[queue]);
    ensures behind: \forall integer t; t != thread && Waits(t, queue) ==> ghost_turn[t] < ghost_turn[thread];
    ensures order: QueueOrderKept{Pre, Post}(thread); */
static inline void queue_append(uint32_t queue, uint32_t thread)
{
    uint16_t last = queue_links.before[queue];

    /*@ assert highest: \forall integer t; Waits(t, queue) ==> ghost_turn[t] <= ghost_turn[last]; */
    queue_links.after[last] = (uint16_t)thread;
    queue_links.before[thread] = last;
    queue_links.after[thread] = (uint16_t)queue;
    queue_links.before[queue] = (uint16_t)thread;
    /*@ ghost ghost_queue[thread] = (uint16_t)queue; */
    /*@ ghost ghost_turn[thread] = (uint16_t)(ghost_turn[last] + 1); */
    /*@ assert around: QueueLinked(thread) && QueueLinked(last) && QueueLinked(queue); */
}

/* The thread, which is in a queue, leaves it. */
/*@ requires good: QueuesGood;
    requires member: thread < QUEUE_THREADS && InQueue(thread);
    terminates \true; exits \false;
    assigns queue_links.after[queue_links.before[thread]], queue_links.before[queue_links.after[thread]],
      ghost_queue[thread], ghost_turn[0 .. QUEUE_THREADS - 1];
    ensures own: QueueOwn;
    ensures linked: QueuesLinked;
    ensures turns: QueuesInTurn;
    ensures counted: QueuesCounted;
    ensures end: QueuesEnd;
    ensures apart: QueuesApart;
    ensures gone: !InQueue(thread) && QueueMembersKept{Pre, Post}(thread);
    ensures joined: queue_links.after[\old(queue_links.before[thread])] == \old(queue_links.after[thread]);
    ensures order: QueueOrderKept{Pre, Post}(thread); */
static inline void queue_remove(uint32_t thread)
{
    uint16_t after = queue_links.after[thread], before = queue_links.before[thread];

    queue_links.after[before] = after;
    queue_links.before[after] = before;
    /*@ ghost uint16_t queue = ghost_queue[thread], turn = ghost_turn[thread]; */
    /*@ assert one: turn == ghost_turn[before] + 1; */
    /*@ ghost ghost_queue[thread] = 0; */
    /*@ ghost
      /@ loop invariant bound: 0 <= i <= QUEUE_THREADS;
         loop invariant turns: \forall integer t; 0 <= t < QUEUE_THREADS ==> ghost_turn[t] == \at(ghost_turn[t], Pre)
           - (t < i && ghost_queue[t] == queue && \at(ghost_turn[t], Pre) > turn ? 1 : 0);
         loop assigns i, ghost_turn[0 .. QUEUE_THREADS - 1];
         loop variant QUEUE_THREADS - i; @/
      for (uint32_t i = 0; i < QUEUE_THREADS; i++)
          if (ghost_queue[i] == queue && ghost_turn[i] > turn)
              ghost_turn[i]--;
    */
    /*@ assert lasts: \forall integer q; QUEUE_THREADS <= q < QUEUE_PLACES && q != after ==>
          queue_links.before[q] == \at(queue_links.before[q], Pre); */
    /*@ assert shifted: \forall integer i, j; 0 <= i < QUEUE_PLACES && 0 <= j < QUEUE_PLACES
          && ghost_queue[i] == ghost_queue[j] && \at(ghost_turn[i], Pre) <= \at(ghost_turn[j], Pre) ==> ghost_turn[i] <= ghost_turn[j]; */
}

/* The first thread of a queue, or the one behind a thread; the queue's own place at its end. */
/*@ requires good: QueuesGood && place < QUEUE_PLACES && InQueue(place);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == queue_links.after[place];
    ensures same: \result < QUEUE_PLACES && ghost_queue[\result] == ghost_queue[place];
    ensures next: \forall integer t; Waits(t, ghost_queue[place]) && ghost_turn[t] > ghost_turn[place] ==>
      \result < QUEUE_THREADS && ghost_turn[t] >= ghost_turn[\result] && ghost_turn[\result] == ghost_turn[place] + 1; */
static inline uint32_t queue_after(uint32_t place)
{
    return queue_links.after[place];
}

/* The last thread of a queue; the queue's own place when it is empty. */
/*@ requires good: QueuesGood && place < QUEUE_PLACES && InQueue(place);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == queue_links.before[place];
    ensures same: \result < QUEUE_PLACES && ghost_queue[\result] == ghost_queue[place]; */
static inline uint32_t queue_before(uint32_t place)
{
    return queue_links.before[place];
}

/* Is nobody in the queue? */
/*@ requires good: QueuesGood && QUEUE_THREADS <= queue < QUEUE_PLACES;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> queue_links.after[queue] == queue;
    ensures empty: \result <==> \forall integer t; !Waits(t, queue); */
static inline bool queue_is_empty(uint32_t queue)
{
    return queue_links.after[queue] == queue;
}

#endif
