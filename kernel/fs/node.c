/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/fs/node.h"
#include "kernel/fs/data.h"
#include "kernel/fs/slots.h"
#include "lib/limits.h"

_Static_assert(sizeof(struct node) == 128, "a node is one slot");

#define NODE_SHIFT 7u

static struct slots node_slots = { .shift = NODE_SHIFT, .limit = NODE_LIMIT };

struct node *node_at(uint32_t id)
{
    return slots_at(&node_slots, id, NODE_SHIFT);
}

/* A zeroed slot, or 0. */
/*@ terminates \true; exits \false; assigns ghost_node[ghost_node_next], ghost_node_next, ghost_nodes_made, ghost_elsewhere;
    ensures grow: NodesGrow{Pre, Post};
    ensures place: \result == 0 || \result == \old(ghost_node_next);
    ensures none: \result == 0 ==> NodeBasicsSame{Pre, Post}(\old(ghost_node_next))
      && NodeStreamSame{Pre, Post}(\old(ghost_node_next));
    ensures free: NodeZero{Pre}(\old(ghost_node_next)) && 0 <= \old(ghost_node_next) < NODE_LIMIT;
    ensures new: \result != 0 ==> NodeMade(\result) && NodeZero(\result); */
static uint32_t node_take(void)
{
    return slots_take(&node_slots);
}

/*@ requires made: NodeMade(id);
    terminates \true; exits \false; assigns ghost_node[id], ghost_elsewhere;
    ensures gone: NodeZero(id); */
static void node_give(uint32_t id)
{
    slots_give(&node_slots, id);
}

uint32_t node_create(uint32_t mode, uint32_t special)
{
    uint32_t id = node_take();
    if (id == 0)
        return 0;
    struct node *node = node_at(id);
    node->mode = (uint16_t)mode;
    node->special = (uint16_t)special;
    node->atime = node->mtime = node->ctime = NODE_TIME_BOOT;
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
    node_give(id);
}

uint32_t node_count(void)
{
    return node_slots.used;
}

int64_t node_now(void)
{
    return (int64_t)sum_at_most(platform_wall_base(), platform_now());
}

int64_t node_time(int64_t time)
{
    return time == NODE_TIME_BOOT ? (int64_t)platform_wall_base() : time;
}
