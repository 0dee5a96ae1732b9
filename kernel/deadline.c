/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/deadline.h"

/* Places 1 .. count; what is at place p is not later than what is at 2p and 2p + 1. */
static struct {
    uint64_t ns[DEADLINE_THREADS + 1];
    uint16_t thread[DEADLINE_THREADS + 1];
    uint16_t place[DEADLINE_THREADS]; /* of each thread; 0: it has no deadline */
    uint32_t count;
} heap;

static void put(uint32_t place, uint64_t ns, uint32_t thread)
{
    heap.ns[place] = ns;
    heap.thread[place] = (uint16_t)thread;
    heap.place[thread] = (uint16_t)place;
}

/* Puts it at that place or nearer to the root. */
static void rise(uint32_t place, uint64_t ns, uint32_t thread)
{
    while (place > 1 && heap.ns[place / 2] > ns) {
        put(place, heap.ns[place / 2], heap.thread[place / 2]);
        place /= 2;
    }
    put(place, ns, thread);
}

/* Puts it at that place or farther from the root. */
static void sink(uint32_t place, uint64_t ns, uint32_t thread)
{
    while (2 * place <= heap.count) {
        uint32_t next = 2 * place;

        if (next < heap.count && heap.ns[next + 1] < heap.ns[next])
            next++;
        if (heap.ns[next] >= ns)
            break;
        put(place, heap.ns[next], heap.thread[next]);
        place = next;
    }
    put(place, ns, thread);
}

void deadline_set(uint32_t thread, uint64_t ns)
{
    rise(++heap.count, ns, thread);
}

void deadline_clear(uint32_t thread)
{
    uint32_t place = heap.place[thread], last = heap.count;

    if (place == 0)
        return;
    heap.place[thread] = 0;
    heap.count--;
    if (place == last)
        return;
    if (heap.ns[last] < heap.ns[place])
        rise(place, heap.ns[last], heap.thread[last]);
    else
        sink(place, heap.ns[last], heap.thread[last]);
}

uint64_t deadline_first(void)
{
    return heap.count == 0 ? DEADLINE_NEVER : heap.ns[1];
}

uint32_t deadline_take(uint64_t now)
{
    uint32_t thread = heap.thread[1];

    if (heap.count == 0 || heap.ns[1] > now)
        return DEADLINE_NONE;
    deadline_clear(thread);
    return thread;
}
