/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/queue.h"

struct queue_links queue_links;

void queue_start(void)
{
    for (uint32_t i = QUEUE_THREADS; i < QUEUE_PLACES; i++)
        queue_links.after[i] = queue_links.before[i] = (uint16_t)i;
}
