/* SPDX-License-Identifier: BSD-2-Clause */
/* Pipes, and event counters: nodes without names that calls wait at. */
#ifndef KERNEL_FS_PIPE_H
#define KERNEL_FS_PIPE_H
#include "kernel/fs/data.h"
#include "kernel/fs/open.h"
#include "kernel/fs/wait.h"
#include <linux/errno.h>
#include <linux/poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "spec/pipe.acsl"

/* Reads: how many, 0 when empty and no writer is left, -EAGAIN, -EFAULT. Writes: how many, -EPIPE, -EAGAIN, -ENOMEM,
   -EFAULT. Without O_NONBLOCK they wait for the other end. */
/*@ requires good: NodesGood && NodesApart(to, file);
    requires node: NodeMade(file->node) && ghost_node[file->node].special == NODE_PIPE && n <= INT64_MAX;
    terminates \false; exits \false;
    assigns ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_nodes_made, ghost_node_next,
      ghost_elsewhere, ghost_faults;
    ensures good: NodesGood;
    ensures result: 0 <= \result <= n || \result == -EAGAIN || \result == -ERESTARTSYS || \result == -EFAULT;
    ensures none: n == 0 ==> \result == 0;
    ensures some: n > 0 && \old(ghost_node[file->node].used) != 0 && ghost_faults == \old(ghost_faults) ==>
      \result == StreamHas(\old(ghost_node[file->node].used), 0, n)
      && ghost_node[\old(file->node)].used == \old(ghost_node[file->node].used) - \result;
    ensures end: n > 0 && \old(ghost_node[file->node].used) == 0 && \old(ghost_node[file->node].writers) == 0 ==>
      \result == 0;
    ensures empty: n > 0 && \old(ghost_node[file->node].used) == 0 && \old(ghost_node[file->node].writers) != 0
      && \old(file->flags & O_NONBLOCK) != 0 ==> \result == -EAGAIN; */
int64_t pipe_read(const struct open_file *file, const struct io_buffer *to, uint64_t n);
/*@ requires good: NodesGood && NodesApart(from, file);
    requires node: NodeMade(file->node) && ghost_node[file->node].special == NODE_PIPE && n <= INT64_MAX;
    terminates \false; exits \false;
    assigns ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_nodes_made, ghost_node_next,
      ghost_elsewhere, ghost_faults;
    ensures good: NodesGood;
    ensures result: 0 <= \result <= n || \result == -EAGAIN || \result == -ERESTARTSYS || \result == -EFAULT
      || \result == -EPIPE || \result == -ENOMEM;
    ensures none: n == 0 <==> \result == 0;
    ensures broken: n > 0 && \old(ghost_node[file->node].readers) == 0 ==> \result == -EPIPE;
    ensures full: n > 0 && \old(ghost_node[file->node].readers) != 0 && \old(file->flags & O_NONBLOCK) != 0
      && PIPE_SIZE - \old(ghost_node[file->node].used) < PipeNeeds(n, 0) ==> \result == -EAGAIN;
    ensures more: \result > 0 && \old(file->flags & O_NONBLOCK) != 0 ==>
      ghost_node[\old(file->node)].used == \old(ghost_node[file->node].used) + \result;
    ensures room: n > 0 && \old(ghost_node[file->node].readers) != 0
      && PIPE_SIZE - \old(ghost_node[file->node].used) >= PipeNeeds(n, 0) ==>
      \result > 0 || \result == -EFAULT || \result == -ENOMEM; */
int64_t pipe_write(const struct open_file *file, const struct io_buffer *from, uint64_t n);

/* eventfd(2): 8, or -EINVAL, -EAGAIN, -EFAULT. */
/*@ requires good: NodesGood && NodesApart(to, file);
    requires node: NodeMade(file->node) && ghost_node[file->node].special == NODE_EVENT;
    terminates \false; exits \false;
    assigns ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_nodes_made, ghost_node_next,
      ghost_elsewhere, ghost_faults, ghost_word;
    ensures good: NodesGood;
    ensures result: \result == 8 || \result == -EINVAL || \result == -EAGAIN || \result == -ERESTARTSYS
      || \result == -EFAULT;
    ensures small: \result == -EINVAL <==> n < 8;
    ensures taken: n >= 8 && \old(ghost_node[file->node].cookie) != 0 ==> (\result == 8 || \result == -EFAULT)
      && ghost_node[\old(file->node)].cookie
        == (\old(ghost_node[file->node].head) != 0 ? \old(ghost_node[file->node].cookie) - 1 : 0);
    ensures value: n >= 8 && \old(ghost_node[file->node].cookie) != 0 ==>
      ghost_word == (\old(ghost_node[file->node].head) != 0 ? 1 : \old(ghost_node[file->node].cookie));
    ensures empty: n >= 8 && \old(ghost_node[file->node].cookie) == 0 && \old(file->flags & O_NONBLOCK) != 0 ==>
      \result == -EAGAIN; */
int64_t event_read(const struct open_file *file, const struct io_buffer *to, uint64_t n);
/*@ requires good: NodesGood && NodesApart(from, file);
    requires node: NodeMade(file->node) && ghost_node[file->node].special == NODE_EVENT;
    terminates \false; exits \false;
    assigns ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_nodes_made, ghost_node_next,
      ghost_elsewhere, ghost_faults, ghost_word;
    ensures good: NodesGood;
    ensures result: \result == 8 || \result == -EINVAL || \result == -EAGAIN || \result == -ERESTARTSYS
      || \result == -EFAULT;
    ensures small: n < 8 ==> \result == -EINVAL;
    ensures large: \result == 8 ==> ghost_word <= EVENT_MAX;
    ensures added: \result == 8 && \old(ghost_node[file->node].cookie) + ghost_word <= EVENT_MAX ==>
      ghost_node[\old(file->node)].cookie == \old(ghost_node[file->node].cookie) + ghost_word;
    ensures full: \result == -EAGAIN ==> \old(ghost_node[file->node].cookie) + ghost_word > EVENT_MAX
      || ghost_node[\old(file->node)].cookie + ghost_word > EVENT_MAX; */
int64_t event_write(const struct open_file *file, const struct io_buffer *from, uint64_t n);

/* A counter without a reference yet; 0 when there is no room. */
/*@ requires most: value <= EVENT_MAX;
    terminates \true; exits \false;
    assigns ghost_node[ghost_node_next], ghost_node_next, ghost_nodes_made, ghost_elsewhere;
    ensures grow: NodesGrow{Pre, Post};
    ensures streams: StreamsGood{Pre} ==> StreamsGood;
    ensures events: EventsGood{Pre} ==> EventsGood;
    ensures sockets: SocketsGood{Pre} ==> SocketsGood;
    ensures new: \result != 0 ==> NodeMade(\result) && ghost_node[\result].special == NODE_EVENT
      && ghost_node[\result].cookie == value && (ghost_node[\result].head != 0 <==> semaphore); */
uint32_t event_create(uint64_t value, bool semaphore);

/* POLL bits that hold now for this end or counter. */
/*@ requires file: FileApart(file) && NodeMade(file->node) && NodesGood
      && ghost_node[file->node].special == NODE_PIPE;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == PipeBits(ReadersOf(file->flags), WritersOf(file->flags),
      &ghost_node[file->node]); */
unsigned pipe_poll(const struct open_file *file);
/*@ requires file: FileApart(file) && NodeMade(file->node) && NodesGood
      && ghost_node[file->node].special == NODE_EVENT;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == (ghost_node[file->node].cookie != 0 ? POLLIN | POLLRDNORM : 0)
      + (ghost_node[file->node].cookie < EVENT_MAX ? POLLOUT | POLLWRNORM : 0); */
unsigned event_poll(const struct open_file *file);

#endif
