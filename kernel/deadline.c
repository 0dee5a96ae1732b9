/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/deadline.h"

struct deadline_heap deadline_heap;

/*@ requires range: 1 <= place <= DEADLINE_THREADS && thread < DEADLINE_THREADS;
    terminates \true; exits \false;
    assigns deadline_heap.ns[place], deadline_heap.thread[place], deadline_heap.place[thread];
    ensures there: deadline_heap.ns[place] == ns && deadline_heap.thread[place] == thread
      && deadline_heap.place[thread] == place; */
static void put(uint32_t place, uint64_t ns, uint32_t thread)
{
    deadline_heap.ns[place] = ns;
    deadline_heap.thread[place] = (uint16_t)thread;
    deadline_heap.place[thread] = (uint16_t)place;
}

/* Puts it at that place or nearer to the root. */
/*@ requires hole: HoleGood(place, thread) && HoleBelow(place, ns);
    terminates \true; exits \false;
    assigns deadline_heap.ns[1 .. DEADLINE_THREADS], deadline_heap.thread[1 .. DEADLINE_THREADS],
      deadline_heap.place[0 .. DEADLINE_THREADS - 1];
    ensures shaped: HeapShaped;
    ensures put: HasDeadline(thread) && DeadlineOf(thread) == ns;
    ensures others: DeadlinesKept{Pre, Post}(thread); */
static void rise(uint32_t place, uint64_t ns, uint32_t thread)
{
    /*@ loop invariant hole: HoleGood(place, thread) && HoleBelow(place, ns);
        loop invariant others: DeadlinesKept{Pre, Here}(thread);
        loop assigns place, deadline_heap.ns[1 .. DEADLINE_THREADS], deadline_heap.thread[1 .. DEADLINE_THREADS],
          deadline_heap.place[0 .. DEADLINE_THREADS - 1];
        loop variant place; */
    while (place > 1 && deadline_heap.ns[place / 2] > ns) {
        put(place, deadline_heap.ns[place / 2], deadline_heap.thread[place / 2]);
        place /= 2;
    }
    put(place, ns, thread);
}

/* Of the one or two places below that place the one with the earlier deadline. */
/*@ requires one: deadline_heap.count <= DEADLINE_THREADS && 1 <= place && 2 * place <= deadline_heap.count;
    terminates \true; exits \false; assigns \nothing;
    ensures below: \result == 2 * place || \result == 2 * place + 1;
    ensures range: \result <= deadline_heap.count;
    ensures least: HoleBelow(place, deadline_heap.ns[\result]); */
static uint32_t earlier_below(uint32_t place)
{
    uint32_t next = 2 * place;

    if (next < deadline_heap.count && deadline_heap.ns[next + 1] < deadline_heap.ns[next])
        next++;
    return next;
}

/* Puts it at that place or farther from the root. */
/*@ requires hole: HoleGood(place, thread) && (place >= 2 ==> deadline_heap.ns[place / 2] <= ns);
    terminates \true; exits \false;
    assigns deadline_heap.ns[1 .. DEADLINE_THREADS], deadline_heap.thread[1 .. DEADLINE_THREADS],
      deadline_heap.place[0 .. DEADLINE_THREADS - 1];
    ensures threads: HeapThreads;
    ensures places: HeapPlaces;
    ensures ordered: HeapOrdered;
    ensures put: HasDeadline(thread) && DeadlineOf(thread) == ns;
    ensures others: DeadlinesKept{Pre, Post}(thread); */
static void sink(uint32_t place, uint64_t ns, uint32_t thread)
{
    /*@ loop invariant threads: HoleThreads(place, thread);
        loop invariant places: HolePlaces(place, thread);
        loop invariant around: HoleAround(place);
        loop invariant across: HoleAcross(place);
        loop invariant above: place >= 2 ==> deadline_heap.ns[place / 2] <= ns;
        loop invariant others: DeadlinesKept{Pre, Here}(thread);
        loop assigns place, deadline_heap.ns[1 .. DEADLINE_THREADS], deadline_heap.thread[1 .. DEADLINE_THREADS],
          deadline_heap.place[0 .. DEADLINE_THREADS - 1];
        loop variant DEADLINE_THREADS - place; */
    while (2 * place <= deadline_heap.count) {
        uint32_t next = earlier_below(place);

        if (deadline_heap.ns[next] >= ns)
            break;
        put(place, deadline_heap.ns[next], deadline_heap.thread[next]);
        place = next;
    }
    put(place, ns, thread);
}

/* Puts it at that place or where it belongs then. Which is the least follows from the heap's order by induction. */
/*@ requires hole: HoleGood(place, thread);
    terminates \true; exits \false;
    assigns deadline_heap.ns[1 .. DEADLINE_THREADS], deadline_heap.thread[1 .. DEADLINE_THREADS],
      deadline_heap.place[0 .. DEADLINE_THREADS - 1];
    ensures good: DeadlinesGood;
    ensures put: HasDeadline(thread) && DeadlineOf(thread) == ns;
    ensures others: DeadlinesKept{Pre, Post}(thread); */
static void settle(uint32_t place, uint64_t ns, uint32_t thread)
{
    if (place > 1 && deadline_heap.ns[place / 2] > ns)
        rise(place, ns, thread);
    else
        sink(place, ns, thread);
    /*@ ghost
      /@ loop invariant bound: 2 <= p && (p <= deadline_heap.count + 1 || p == 2);
         loop invariant first: \forall integer q; 1 <= q < p && q <= deadline_heap.count ==>
           deadline_heap.ns[1] <= deadline_heap.ns[q];
         loop assigns p;
         loop variant deadline_heap.count + 2 - p; @/
      for (uint32_t p = 2; p <= deadline_heap.count; p++) {
      }
    */
}

void deadline_set(uint32_t thread, uint64_t ns)
{
    deadline_heap.count++;
    settle(deadline_heap.count, ns, thread);
}

void deadline_clear(uint32_t thread)
{
    uint32_t place = deadline_heap.place[thread], last = deadline_heap.count;

    if (place == 0)
        return;
    deadline_heap.place[thread] = 0;
    deadline_heap.count--;
    if (place != last)
        settle(place, deadline_heap.ns[last], deadline_heap.thread[last]);
}

uint32_t deadline_take(uint64_t now)
{
    uint32_t thread = deadline_heap.thread[1];

    if (deadline_heap.count == 0 || deadline_heap.ns[1] > now)
        return DEADLINE_NONE;
    deadline_clear(thread);
    return thread;
}
