/* SPDX-License-Identifier: BSD-2-Clause */
/* The bytes that wait in a pipe or for a socket: a ring in the pages of its node. Nothing waits here. */
#ifndef KERNEL_FS_STREAM_H
#define KERNEL_FS_STREAM_H
#include "kernel/fs/data.h"
#include "kernel/fs/node.h"
#include <stdbool.h>
#include <stdint.h>

#define PIPE_SIZE   65536u
#define PIPE_ATOMIC 4096u /* PIPE_BUF */

#include "spec/stream.acsl"

/* Is there so much room that poll calls it writable? */
/*@ requires node: \valid_read(node) && StreamGood(node);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> node->used + PIPE_ATOMIC <= PIPE_SIZE; */
static inline bool stream_is_roomy(const struct node *node)
{
    return PIPE_SIZE - node->used >= PIPE_ATOMIC;
}

/* Up to n bytes leave the ring in the order they came: how many, or -EFAULT when none could be stored. */
/*@ requires good: NodesGood && StreamNode(id) && BufferOff(to);
    terminates \true; exits \false; assigns ghost_node[id].used, ghost_node[id].head, ghost_elsewhere, ghost_faults;
    ensures good: NodesGood;
    ensures all: ghost_faults == \old(ghost_faults) ==> \result == StreamHas(\old(ghost_node[id].used), 0, n);
    ensures part: ghost_faults != \old(ghost_faults) ==>
      \result == -EFAULT || 0 < \result < StreamHas(\old(ghost_node[id].used), 0, n);
    ensures none: StreamHas(\old(ghost_node[id].used), 0, n) == 0 ==> \result == 0;
    ensures left: ghost_node[id].used == \old(ghost_node[id].used) - (\result > 0 ? \result : 0);
    ensures order: \result > 0 && ghost_node[id].used > 0 ==>
      ghost_node[id].head == (\old(ghost_node[id].head) + \result) % PIPE_SIZE;
    ensures empty: \result > 0 && ghost_node[id].used == 0 ==> ghost_node[id].head == 0;
    ensures same: \result <= 0 ==> ghost_node[id].head == \old(ghost_node[id].head); */
int64_t stream_take(uint32_t id, const struct io_buffer *to, uint64_t n);

/* The same, but they stay, and `skip` bytes before them are left out. */
/*@ requires node: \valid_read(node) && StreamGood(node) && DataApart(node);
    requires to: BufferGood(to);
    terminates \true; exits \false; assigns ghost_elsewhere, ghost_faults;
    ensures all: ghost_faults == \old(ghost_faults) ==> \result == StreamHas(node->used, skip, n);
    ensures part: ghost_faults != \old(ghost_faults) ==>
      \result == -EFAULT || 0 < \result < StreamHas(node->used, skip, n);
    ensures none: StreamHas(node->used, skip, n) == 0 ==> \result == 0; */
int64_t stream_peek(const struct node *node, uint64_t skip, const struct io_buffer *to, uint64_t n);

/* Puts in what fits, at most n bytes of the buffer from its byte at, within one page: how many, at least 1 when there is room; or
   -ENOMEM, -EFAULT. */
/*@ requires good: NodesGood && StreamNode(id) && BufferOff(from);
    terminates \true; exits \false;
    assigns ghost_node[id], ghost_elsewhere, ghost_faults;
    ensures good: NodesGood;
    ensures kept: DataKept{Pre, Post}(&ghost_node[id]);
    ensures error: \result < 0 ==> \result == -ENOMEM || \result == -EFAULT;
    ensures fault: \result == -EFAULT <==> ghost_faults != \old(ghost_faults);
    ensures fits: \result >= 0 ==> \result
      == StreamInPage((\old(ghost_node[id].head) + \old(ghost_node[id].used)) % PIPE_SIZE,
        StreamFits(\old(ghost_node[id].used), n));
    ensures more: ghost_node[id].used == \old(ghost_node[id].used) + (\result > 0 ? \result : 0); */
int64_t stream_put(uint32_t id, const struct io_buffer *from, uint64_t at, uint64_t n);

#endif
