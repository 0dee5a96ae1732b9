/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/queue.h"

struct queue_links queue_links;

void queue_start(void)
{
    /*@ loop invariant bound: QUEUE_THREADS <= i <= QUEUE_PLACES;
        loop invariant done: \forall integer q; QUEUE_THREADS <= q < i ==>
          queue_links.after[q] == q && queue_links.before[q] == q && ghost_queue[q] == q && ghost_turn[q] == 0;
        loop assigns i, queue_links.after[QUEUE_THREADS .. QUEUE_PLACES - 1],
          queue_links.before[QUEUE_THREADS .. QUEUE_PLACES - 1], ghost_queue[QUEUE_THREADS .. QUEUE_PLACES - 1],
          ghost_turn[QUEUE_THREADS .. QUEUE_PLACES - 1];
        loop variant QUEUE_PLACES - i; */
    for (uint32_t i = QUEUE_THREADS; i < QUEUE_PLACES; i++) {
        queue_links.after[i] = queue_links.before[i] = (uint16_t)i;
        /*@ ghost ghost_queue[i] = (uint16_t)i; */
        /*@ ghost ghost_turn[i] = 0; */
    }
}
