/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/fs/pipe.h"
#include "kernel/fs/stream.h"
#include "kernel/fs/wait.h"
#include <linux/errno.h>
#include <linux/poll.h>
#include <stddef.h>

#define CAN_READ  (POLLIN | POLLRDNORM)
#define CAN_WRITE (POLLOUT | POLLWRNORM)

/* Waits for bytes or the end. */
/*@ requires good: NodesGood && FileApart(file);
    requires node: NodeMade(file->node) && ghost_node[file->node].special == NODE_PIPE;
    terminates \false; exits \false;
    assigns ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_nodes_made, ghost_node_next,
      ghost_elsewhere, ghost_faults;
    ensures good: NodesGood;
    ensures node: NodeMade(\old(file->node)) && ghost_node[\old(file->node)].special == NODE_PIPE;
    ensures status: WaitStatus(\result);
    ensures kept: WaitKept{Pre, Post}(\old(file->node), FileNever(\old(file->flags)), PipeHas{Pre}(\old(file->node)));
    ensures end: WaitEnd{Pre, Post}(FileNever(\old(file->flags)), PipeHas{Pre}(\old(file->node)),
      PipeHas{Post}(\old(file->node)), \result); */
static int pipe_wait_bytes(const struct open_file *file)
{
    uint32_t id = file->node;
    const struct node *pipe = node_at(id);
    int status = 0;
    /*@ loop invariant good: NodesGood;
        loop invariant node: NodeMade(id) && ghost_node[id].special == NODE_PIPE;
        loop invariant file: file->node == id && file->flags == \at(file->flags, Pre);
        loop invariant status: WaitStatus(status);
        loop invariant turn: WaitTurn{Pre, Here}(FileNever(file->flags), PipeHas{Pre}(id), status);
        loop invariant kept: WaitKept{Pre, Here}(id, FileNever(file->flags), PipeHas{Pre}(id));
        loop assigns status, ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_nodes_made,
          ghost_node_next, ghost_elsewhere, ghost_faults; */
    while (status == 0 && pipe->used == 0 && pipe->writers != 0)
        status = file_pause(file);
    return status;
}

int64_t pipe_read(const struct open_file *file, const struct io_buffer *to, uint64_t n)
{
    uint32_t id = file->node;
    struct node *pipe = node_at(id);
    int status = n == 0 ? 0 : pipe_wait_bytes(file);
    if (status != 0)
        return status;
    bool was_full = !stream_is_roomy(pipe);
    int64_t done = stream_take(id, to, n);
    if (done > 0 && was_full)
        node_changed(id, CAN_WRITE);
    return done;
}

/* Waits for room for so many bytes, or until nobody reads any more. */
/*@ requires good: NodesGood && FileApart(file);
    requires node: NodeMade(file->node) && ghost_node[file->node].special == NODE_PIPE;
    terminates \false; exits \false;
    assigns ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_nodes_made, ghost_node_next,
      ghost_elsewhere, ghost_faults;
    ensures good: NodesGood;
    ensures node: NodeMade(\old(file->node)) && ghost_node[\old(file->node)].special == NODE_PIPE;
    ensures status: WaitStatus(\result);
    ensures kept: WaitKept{Pre, Post}(\old(file->node), FileNever(\old(file->flags)), PipeRoom{Pre}(\old(file->node), needs));
    ensures end: WaitEnd{Pre, Post}(FileNever(\old(file->flags)), PipeRoom{Pre}(\old(file->node), needs),
      PipeRoom{Post}(\old(file->node), needs), \result); */
static int pipe_wait_room(const struct open_file *file, uint64_t needs)
{
    uint32_t id = file->node;
    const struct node *pipe = node_at(id);
    int status = 0;
    /*@ loop invariant good: NodesGood;
        loop invariant node: NodeMade(id) && ghost_node[id].special == NODE_PIPE;
        loop invariant file: file->node == id && file->flags == \at(file->flags, Pre);
        loop invariant status: WaitStatus(status);
        loop invariant turn: WaitTurn{Pre, Here}(FileNever(file->flags), PipeRoom{Pre}(id, needs), status);
        loop invariant kept: WaitKept{Pre, Here}(id, FileNever(file->flags), PipeRoom{Pre}(id, needs));
        loop assigns status, ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_nodes_made,
          ghost_node_next, ghost_elsewhere, ghost_faults; */
    while (status == 0 && PIPE_SIZE - pipe->used < needs && pipe->readers != 0)
        status = file_pause(file);
    return status;
}

/* Up to PIPE_ATOMIC bytes of a write go in together or not at all; of more, one page at a time. */
/*@ requires good: NodesGood && NodesApart(from, file);
    requires more: at < n;
    requires node: NodeMade(file->node) && ghost_node[file->node].special == NODE_PIPE;
    terminates \false; exits \false;
    assigns ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_nodes_made, ghost_node_next,
      ghost_elsewhere, ghost_faults;
    ensures good: NodesGood;
    ensures result: 0 < \result <= n - at || \result == -EAGAIN || \result == -ERESTARTSYS || \result == -EFAULT
      || \result == -EPIPE || \result == -ENOMEM;
    ensures broken: \old(ghost_node[file->node].readers) == 0 ==> \result == -EPIPE;
    ensures full: PipeRoom{Pre}(\old(file->node), PipeNeeds(n, at)) == 0 && \old(file->flags & O_NONBLOCK) != 0 ==>
      \result == -EAGAIN;
    ensures room: \old(ghost_node[file->node].readers) != 0 && PipeRoom{Pre}(\old(file->node), PipeNeeds(n, at)) == 1 ==>
      \result > 0 || \result == -EFAULT || \result == -ENOMEM;
    ensures more: \result > 0 && \old(file->flags & O_NONBLOCK) != 0 ==>
      ghost_node[\old(file->node)].used == \old(ghost_node[file->node].used) + \result;
    ensures same: \result <= 0 && \old(file->flags & O_NONBLOCK) != 0 ==>
      ghost_node[\old(file->node)].used == \old(ghost_node[file->node].used);
    ensures special: NodeMade(\old(file->node)) && ghost_node[\old(file->node)].special == NODE_PIPE; */
static int64_t pipe_put(const struct open_file *file, const struct io_buffer *from, uint64_t at, uint64_t n)
{
    uint32_t id = file->node;
    struct node *pipe = node_at(id);
    int status = pipe_wait_room(file, n <= PIPE_ATOMIC ? n - at : 1);
    if (pipe->readers == 0) {
        wait_raise_broken();
        return -EPIPE;
    }
    if (status != 0)
        return status;
    int64_t done = stream_put(id, from, at, n - at);
    if (done > 0)
        node_changed(id, CAN_READ);
    return done;
}

int64_t pipe_write(const struct open_file *file, const struct io_buffer *from, uint64_t n)
{
    uint64_t done = 0;
    /*@ loop invariant good: NodesGood;
        loop invariant file: file->node == \at(file->node, Pre) && file->flags == \at(file->flags, Pre);
        loop invariant node: NodeMade(file->node) && ghost_node[file->node].special == NODE_PIPE;
        loop invariant some: done <= n;
        loop invariant first: done == 0 ==> NodeStreamSame{Pre, Here}(file->node);
        loop invariant more: (file->flags & O_NONBLOCK) != 0 ==>
          ghost_node[file->node].used == \at(ghost_node[file->node].used, Pre) + done;
        loop invariant open: done != 0 ==> \at(ghost_node[file->node].readers, Pre) != 0
          && ((file->flags & O_NONBLOCK) == 0 || PipeRoom{Pre}(file->node, PipeNeeds(n, 0)) == 1);
        loop assigns done, ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_nodes_made,
          ghost_node_next, ghost_elsewhere, ghost_faults;
        loop variant n - done; */
    while (done < n) {
        int64_t status = pipe_put(file, from, done, n);
        if (status < 0)
            return done != 0 ? (int64_t)done : status;
        done += (uint64_t)status;
    }
    return (int64_t)done;
}

unsigned pipe_poll(const struct open_file *file)
{
    const struct node *pipe = node_at(file->node);
    bool reads = file_readable(file), writes = file_writable(file);
    unsigned in = reads && pipe->used != 0 ? CAN_READ : 0u, end = reads && pipe->writers == 0 ? POLLHUP : 0u;
    unsigned out = writes && stream_is_roomy(pipe) ? CAN_WRITE : 0u,
             broken = writes && pipe->readers == 0 ? POLLERR : 0u;
    return in + end + out + broken; /* no bit is in two of them */
}

uint32_t event_create(uint64_t value, bool semaphore)
{
    uint32_t id = node_create(S_IRUSR | S_IWUSR, NODE_EVENT);
    /*@ assert others: NodeOthersSame{Pre, Here}(\at(ghost_node_next, Pre)); */
    if (id == 0)
        return 0;
    struct node *event = node_at(id);
    event->cookie = value;
    event->head = semaphore;
    /*@ assert still: NodeOthersSame{Pre, Here}(id); */
    return id;
}

/*@ requires good: NodesGood && FileApart(file);
    requires node: NodeMade(file->node) && ghost_node[file->node].special == NODE_EVENT;
    terminates \false; exits \false;
    assigns ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_nodes_made, ghost_node_next,
      ghost_elsewhere, ghost_faults;
    ensures good: NodesGood;
    ensures node: NodeMade(\old(file->node)) && ghost_node[\old(file->node)].special == NODE_EVENT;
    ensures status: WaitStatus(\result);
    ensures kept: WaitKept{Pre, Post}(\old(file->node), FileNever(\old(file->flags)), EventSet{Pre}(\old(file->node)));
    ensures end: WaitEnd{Pre, Post}(FileNever(\old(file->flags)), EventSet{Pre}(\old(file->node)),
      EventSet{Post}(\old(file->node)), \result); */
static int event_wait_set(const struct open_file *file)
{
    uint32_t id = file->node;
    const struct node *event = node_at(id);
    int status = 0;
    /*@ loop invariant good: NodesGood;
        loop invariant node: NodeMade(id) && ghost_node[id].special == NODE_EVENT;
        loop invariant file: file->node == id && file->flags == \at(file->flags, Pre);
        loop invariant status: WaitStatus(status);
        loop invariant turn: WaitTurn{Pre, Here}(FileNever(file->flags), EventSet{Pre}(id), status);
        loop invariant kept: WaitKept{Pre, Here}(id, FileNever(file->flags), EventSet{Pre}(id));
        loop assigns status, ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_nodes_made,
          ghost_node_next, ghost_elsewhere, ghost_faults; */
    while (status == 0 && event->cookie == 0)
        status = file_pause(file);
    return status;
}

int64_t event_read(const struct open_file *file, const struct io_buffer *to, uint64_t n)
{
    uint32_t id = file->node;
    struct node *event = node_at(id);
    if (n < sizeof(event->cookie))
        return -EINVAL;
    int status = event_wait_set(file);
    if (status != 0)
        return status;
    uint64_t value = event->head != 0 ? 1 : event->cookie;
    event->cookie -= value;
    /*@ assert good: NodesGood; */
    node_changed(id, CAN_WRITE);
    return io_give_word(to, value) == 0 ? (int64_t)sizeof(value) : -EFAULT;
}

/*@ requires good: NodesGood && FileApart(file);
    requires node: NodeMade(file->node) && ghost_node[file->node].special == NODE_EVENT;
    terminates \false; exits \false;
    assigns ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_nodes_made, ghost_node_next,
      ghost_elsewhere, ghost_faults;
    ensures good: NodesGood;
    ensures node: NodeMade(\old(file->node)) && ghost_node[\old(file->node)].special == NODE_EVENT;
    ensures status: WaitStatus(\result);
    ensures kept: WaitKept{Pre, Post}(\old(file->node), FileNever(\old(file->flags)), EventRoom{Pre}(\old(file->node), value));
    ensures end: WaitEnd{Pre, Post}(FileNever(\old(file->flags)), EventRoom{Pre}(\old(file->node), value),
      EventRoom{Post}(\old(file->node), value), \result); */
static int event_wait_room(const struct open_file *file, uint64_t value)
{
    uint32_t id = file->node;
    const struct node *event = node_at(id);
    int status = 0;
    /*@ loop invariant good: NodesGood;
        loop invariant node: NodeMade(id) && ghost_node[id].special == NODE_EVENT;
        loop invariant file: file->node == id && file->flags == \at(file->flags, Pre);
        loop invariant status: WaitStatus(status);
        loop invariant turn: WaitTurn{Pre, Here}(FileNever(file->flags), EventRoom{Pre}(id, value), status);
        loop invariant kept: WaitKept{Pre, Here}(id, FileNever(file->flags), EventRoom{Pre}(id, value));
        loop assigns status, ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_nodes_made,
          ghost_node_next, ghost_elsewhere, ghost_faults; */
    while (status == 0 && value > EVENT_MAX - event->cookie)
        status = file_pause(file);
    return status;
}

int64_t event_write(const struct open_file *file, const struct io_buffer *from, uint64_t n)
{
    uint32_t id = file->node;
    struct node *event = node_at(id);
    uint64_t value = 0;
    if (n < sizeof(value))
        return -EINVAL;
    if (io_take_word(from, &value) != 0)
        return -EFAULT;
    if (value > EVENT_MAX)
        return -EINVAL;
    int status = event_wait_room(file, value);
    if (status != 0)
        return status;
    event->cookie += value;
    /*@ assert good: NodesGood; */
    node_changed(id, CAN_READ);
    return sizeof(value);
}

unsigned event_poll(const struct open_file *file)
{
    const struct node *event = node_at(file->node);
    unsigned bits = event->cookie != 0 ? POLLIN | POLLRDNORM : 0;
    return bits | (event->cookie < EVENT_MAX ? POLLOUT | POLLWRNORM : 0);
}
