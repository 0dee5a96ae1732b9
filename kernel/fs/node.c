/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/fs/node.h"
#include "drivers/platform.h"
#include "kernel/fs/data.h"
#include "kernel/fs/slots.h"

_Static_assert(sizeof(struct node) == 128, "a node is one slot");

#define NODE_SHIFT 7u

static struct slots node_slots = { .shift = NODE_SHIFT, .limit = NODE_LIMIT };
static uint32_t nodes_used;

struct node *node_at(uint32_t id)
{
    return slots_at(&node_slots, id, NODE_SHIFT);
}

uint32_t node_create(uint32_t mode, uint32_t special)
{
    uint32_t id = slots_take(&node_slots);
    if (id == 0)
        return 0;
    struct node *node = node_at(id);
    node->mode = (uint16_t)mode;
    node->special = (uint16_t)special;
    node->atime = node->mtime = node->ctime = NODE_TIME_BOOT;
    nodes_used++;
    return id;
}

void node_ref(uint32_t id)
{
    node_at(id)->refs++;
}

void node_unref(uint32_t id)
{
    node_at(id)->refs--;
    node_reap(id);
}

void node_reap(uint32_t id)
{
    struct node *node = node_at(id);
    if (node->nlink != 0 || node->refs != 0)
        return;
    data_free(node);
    slots_give(&node_slots, id);
    nodes_used--;
}

uint32_t node_count(void)
{
    return nodes_used;
}

int64_t node_now(void)
{
    return (int64_t)(platform.clock_wall_base() + platform.clock_monotonic());
}

int64_t node_time(int64_t time)
{
    return time == NODE_TIME_BOOT ? (int64_t)platform.clock_wall_base() : time;
}
