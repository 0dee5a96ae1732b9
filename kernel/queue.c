/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/queue.h"

struct queue_links queue_links;

void queue_start(void)
{
    for (uint32_t i = 0; i < QUEUE_PLACES; i++)
        queue_links.after[i] = queue_links.before[i] = (uint16_t)i;
}

void queue_append(uint32_t queue, uint32_t thread)
{
    uint16_t last = queue_links.before[queue];

    queue_links.after[last] = (uint16_t)thread;
    queue_links.before[thread] = last;
    queue_links.after[thread] = (uint16_t)queue;
    queue_links.before[queue] = (uint16_t)thread;
}

void queue_remove(uint32_t thread)
{
    uint16_t after = queue_links.after[thread], before = queue_links.before[thread];

    queue_links.after[before] = after;
    queue_links.before[after] = before;
    queue_links.after[thread] = queue_links.before[thread] = (uint16_t)thread;
}
