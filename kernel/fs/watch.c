/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/fs/watch.h"
#include "kernel/fs/node.h"
#include "kernel/fs/slots.h"
#include <stddef.h>

_Static_assert(sizeof(struct watch) <= 64, "a watch is one slot");

#define WATCH_SHIFT 6u

static struct slots watch_slots = { .shift = WATCH_SHIFT, .limit = WATCH_LIMIT };

struct watch *watch_at(uint32_t id)
{
    return slots_at(&watch_slots, id, WATCH_SHIFT);
}

/* Where the first of a ring is kept that the watch belongs to. */
static uint32_t *ring_head(const struct watch *watch, enum watch_ring ring)
{
    if (ring == WATCH_OF_NODE)
        return &node_at(watch->node)->watches;
    struct node *epoll = node_at(watch->epoll);
    return ring == WATCH_OF_EPOLL ? &epoll->items : &epoll->ready;
}

static void ring_append(enum watch_ring ring, uint32_t id)
{
    struct watch *watch = watch_at(id);
    uint32_t *head = ring_head(watch, ring);
    if (*head == 0) {
        *head = watch->ring[ring].next = watch->ring[ring].previous = id;
        return;
    }
    struct watch *first = watch_at(*head);
    watch->ring[ring].next = *head;
    watch->ring[ring].previous = first->ring[ring].previous;
    watch_at(watch->ring[ring].previous)->ring[ring].next = id;
    first->ring[ring].previous = id;
}

static void ring_remove(enum watch_ring ring, uint32_t id)
{
    struct watch *watch = watch_at(id);
    uint32_t *head = ring_head(watch, ring);
    uint32_t next = watch->ring[ring].next;
    watch_at(next)->ring[ring].previous = watch->ring[ring].previous;
    watch_at(watch->ring[ring].previous)->ring[ring].next = next;
    if (*head == id)
        *head = next != id ? next : 0;
}

uint32_t watch_add(const struct watch *made)
{
    uint32_t id = slots_take(&watch_slots);
    if (id == 0)
        return 0;
    *watch_at(id) = *made;
    watch_at(id)->is_ready = false;
    ring_append(WATCH_OF_EPOLL, id);
    ring_append(WATCH_OF_NODE, id);
    *ring_head(made, WATCH_OF_NODE) = id; /* the youngest is told first, as on Linux */
    return id;
}

void watch_remove(uint32_t id)
{
    if (watch_at(id)->is_ready)
        ring_remove(WATCH_READY, id);
    ring_remove(WATCH_OF_NODE, id);
    ring_remove(WATCH_OF_EPOLL, id);
    slots_give(&watch_slots, id);
}

uint32_t watch_find(uint32_t epoll, uint32_t node, uint32_t file, uint32_t fd)
{
    uint32_t first = node_at(node)->watches;
    for (uint32_t id = first; id != 0; id = watch_next(WATCH_OF_NODE, id, first)) {
        const struct watch *watch = watch_at(id);
        if (watch->epoll == epoll && watch->file == file && watch->fd == fd)
            return id;
    }
    return 0;
}

void watch_set_ready(uint32_t id)
{
    if (watch_at(id)->is_ready)
        return;
    watch_at(id)->is_ready = true;
    ring_append(WATCH_READY, id);
}

void watch_clear_ready(uint32_t id)
{
    watch_at(id)->is_ready = false;
    ring_remove(WATCH_READY, id);
}

uint32_t watch_next(enum watch_ring ring, uint32_t id, uint32_t first)
{
    uint32_t next = watch_at(id)->ring[ring].next;
    return next != first ? next : 0;
}

uint32_t watch_count(void)
{
    return watch_slots.used;
}
