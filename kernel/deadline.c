/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/deadline.h"

struct deadline_heap deadline_heap;

static void put(uint32_t place, uint64_t ns, uint32_t thread)
{
    deadline_heap.ns[place] = ns;
    deadline_heap.thread[place] = (uint16_t)thread;
    deadline_heap.place[thread] = (uint16_t)place;
}

/* Puts it at that place or nearer to the root. */
static void rise(uint32_t place, uint64_t ns, uint32_t thread)
{
    while (place > 1 && deadline_heap.ns[place / 2] > ns) {
        put(place, deadline_heap.ns[place / 2], deadline_heap.thread[place / 2]);
        place /= 2;
    }
    put(place, ns, thread);
}

/* Puts it at that place or farther from the root. */
static void sink(uint32_t place, uint64_t ns, uint32_t thread)
{
    while (2 * place <= deadline_heap.count) {
        uint32_t next = 2 * place;

        if (next < deadline_heap.count && deadline_heap.ns[next + 1] < deadline_heap.ns[next])
            next++;
        if (deadline_heap.ns[next] >= ns)
            break;
        put(place, deadline_heap.ns[next], deadline_heap.thread[next]);
        place = next;
    }
    put(place, ns, thread);
}

void deadline_set(uint32_t thread, uint64_t ns)
{
    rise(++deadline_heap.count, ns, thread);
}

void deadline_clear(uint32_t thread)
{
    uint32_t place = deadline_heap.place[thread], last = deadline_heap.count;

    if (place == 0)
        return;
    deadline_heap.place[thread] = 0;
    deadline_heap.count--;
    if (place == last)
        return;
    if (deadline_heap.ns[last] < deadline_heap.ns[place])
        rise(place, deadline_heap.ns[last], deadline_heap.thread[last]);
    else
        sink(place, deadline_heap.ns[last], deadline_heap.thread[last]);
}

uint32_t deadline_take(uint64_t now)
{
    uint32_t thread = deadline_heap.thread[1];

    if (deadline_heap.count == 0 || deadline_heap.ns[1] > now)
        return DEADLINE_NONE;
    deadline_clear(thread);
    return thread;
}
