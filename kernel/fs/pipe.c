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
    assigns ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_nodes_made, ghost_elsewhere,
      ghost_faults;
    ensures good: NodesGood;
    ensures node: NodeMade(\old(file->node)) && ghost_node[\old(file->node)].special == NODE_PIPE;
    ensures result: \result == 0 || \result == -EAGAIN || \result == -ERESTARTSYS;
    ensures ready: \result == 0 ==> PipeHas{Post}(\old(file->node));
    ensures first: PipeHas{Pre}(\old(file->node)) ==> \result == 0 && NodeStreamSame{Pre, Post}(\old(file->node))
      && ghost_faults == \old(ghost_faults);
    ensures never: !PipeHas{Pre}(\old(file->node)) && \old(file->flags & O_NONBLOCK) != 0 ==> \result == -EAGAIN
      && NodeStreamSame{Pre, Post}(\old(file->node)); */
static int pipe_wait_bytes(const struct open_file *file)
{
    uint32_t id = file->node;
    const struct node *pipe = node_at(id);
    int status = 0;
    /*@ loop invariant good: NodesGood;
        loop invariant node: NodeMade(id) && ghost_node[id].special == NODE_PIPE;
        loop invariant file: file->node == id && file->flags == \at(file->flags, Pre);
        loop invariant status: status == 0 || status == -EAGAIN || status == -ERESTARTSYS;
        loop invariant first: PipeHas{Pre}(id) ==> status == 0 && NodeStreamSame{Pre, Here}(id)
          && ghost_faults == \at(ghost_faults, Pre);
        loop invariant never: (file->flags & O_NONBLOCK) != 0 ==> (status == 0 || status == -EAGAIN)
          && NodeStreamSame{Pre, Here}(id);
        loop assigns status, ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_nodes_made,
          ghost_elsewhere, ghost_faults; */
    while (status == 0 && pipe->used == 0 && pipe->writers != 0)
        status = file_pause(file);
    return status;
}

/*@ requires good: NodesGood && BufferApart(to);
    requires node: NodeMade(id) && ghost_node[id].special == NODE_PIPE;
    terminates \true; exits \false;
    assigns ghost_node[id].used, ghost_node[id].head, ghost_elsewhere, ghost_faults;
    ensures good: NodesGood;
    ensures all: ghost_faults == \old(ghost_faults) ==> \result == StreamHas(\old(ghost_node[id].used), 0, n);
    ensures part: \result == -EFAULT || 0 <= \result <= StreamHas(\old(ghost_node[id].used), 0, n);
    ensures none: StreamHas(\old(ghost_node[id].used), 0, n) == 0 ==> \result == 0;
    ensures left: ghost_node[id].used == \old(ghost_node[id].used) - (\result > 0 ? \result : 0); */
static int64_t pipe_take(uint32_t id, const struct io_buffer *to, uint64_t n)
{
    int64_t done = stream_take(node_at(id), to, n);
    /*@ assert others: \forall integer i; 0 <= i < NODE_LIMIT && i != id ==> NodeStreamSame{Pre, Here}(i); */
    /*@ assert ends: ghost_node[id].peer == \at(ghost_node[id].peer, Pre); */
    /*@ assert stream: StreamGood(&ghost_node[id]); */
    return done;
}

int64_t pipe_read(const struct open_file *file, const struct io_buffer *to, uint64_t n)
{
    uint32_t id = file->node;
    struct node *pipe = node_at(id);
    int status = n == 0 ? 0 : pipe_wait_bytes(file);
    if (status != 0)
        return status;
    bool was_full = !stream_is_roomy(pipe);
    int64_t done = pipe_take(id, to, n);
    if (done > 0 && was_full)
        node_changed(id, CAN_WRITE);
    return done;
}

/* Waits for room for so many bytes, or until nobody reads any more. */
/*@ requires good: NodesGood && FileApart(file);
    requires node: NodeMade(file->node) && ghost_node[file->node].special == NODE_PIPE;
    terminates \false; exits \false;
    assigns ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_nodes_made, ghost_elsewhere,
      ghost_faults;
    ensures good: NodesGood;
    ensures node: NodeMade(\old(file->node)) && ghost_node[\old(file->node)].special == NODE_PIPE;
    ensures result: \result == 0 || \result == -EAGAIN || \result == -ERESTARTSYS;
    ensures ready: \result == 0 ==> PipeRoom{Post}(\old(file->node), needs);
    ensures first: PipeRoom{Pre}(\old(file->node), needs) ==> \result == 0 && NodeStreamSame{Pre, Post}(\old(file->node))
      && ghost_faults == \old(ghost_faults);
    ensures never: !PipeRoom{Pre}(\old(file->node), needs) && \old(file->flags & O_NONBLOCK) != 0 ==> \result == -EAGAIN
      && NodeStreamSame{Pre, Post}(\old(file->node)); */
static int pipe_wait_room(const struct open_file *file, uint64_t needs)
{
    uint32_t id = file->node;
    const struct node *pipe = node_at(id);
    int status = 0;
    /*@ loop invariant good: NodesGood;
        loop invariant node: NodeMade(id) && ghost_node[id].special == NODE_PIPE;
        loop invariant file: file->node == id && file->flags == \at(file->flags, Pre);
        loop invariant status: status == 0 || status == -EAGAIN || status == -ERESTARTSYS;
        loop invariant first: PipeRoom{Pre}(id, needs) ==> status == 0 && NodeStreamSame{Pre, Here}(id)
          && ghost_faults == \at(ghost_faults, Pre);
        loop invariant never: (file->flags & O_NONBLOCK) != 0 ==> (status == 0 || status == -EAGAIN)
          && NodeStreamSame{Pre, Here}(id);
        loop assigns status, ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_nodes_made,
          ghost_elsewhere, ghost_faults; */
    while (status == 0 && PIPE_SIZE - pipe->used < needs && pipe->readers != 0)
        status = file_pause(file);
    return status;
}

/*@ requires good: NodesGood && BufferApart(from);
    requires node: NodeMade(id) && ghost_node[id].special == NODE_PIPE && ghost_node[id].used < PIPE_SIZE && n > 0;
    terminates \true; exits \false;
    assigns ghost_node[id].used, ghost_node[id].page[0], ghost_node[id].page[1], ghost_node[id].page[2],
      ghost_node[id].page[3], ghost_node[id].root, ghost_node[id].pages,
      ghost_elsewhere, ghost_faults;
    ensures good: NodesGood;
    ensures error: 0 < \result <= n || \result == -ENOMEM || \result == -EFAULT;
    ensures fits: \result > 0 ==> \result
      == StreamInPage((\old(ghost_node[id].head) + \old(ghost_node[id].used)) % PIPE_SIZE,
        StreamFits(\old(ghost_node[id].used), n));
    ensures more: ghost_node[id].used == \old(ghost_node[id].used) + (\result > 0 ? \result : 0); */
static int64_t pipe_fill(uint32_t id, const struct io_buffer *from, uint64_t at, uint64_t n)
{
    int64_t done = stream_put(node_at(id), from, at, n);
    /*@ assert others: \forall integer i; 0 <= i < NODE_LIMIT && i != id ==> NodeStreamSame{Pre, Here}(i); */
    /*@ assert ends: ghost_node[id].peer == \at(ghost_node[id].peer, Pre); */
    /*@ assert stream: StreamGood(&ghost_node[id]); */
    return done;
}

/* Up to PIPE_ATOMIC bytes of a write go in together or not at all; of more, one page at a time. */
/*@ requires good: NodesGood && NodesApart(from, file);
    requires more: at < n;
    requires node: NodeMade(file->node) && ghost_node[file->node].special == NODE_PIPE;
    terminates \false; exits \false;
    assigns ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_nodes_made, ghost_elsewhere,
      ghost_faults;
    ensures good: NodesGood;
    ensures result: 0 < \result <= n - at || \result == -EAGAIN || \result == -ERESTARTSYS || \result == -EFAULT
      || \result == -EPIPE || \result == -ENOMEM;
    ensures broken: \old(ghost_node[file->node].readers) == 0 ==> \result == -EPIPE;
    ensures full: !PipeRoom{Pre}(\old(file->node), PipeNeeds(n, at)) && \old(file->flags & O_NONBLOCK) != 0 ==>
      \result == -EAGAIN;
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
    int64_t done = pipe_fill(id, from, at, n - at);
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
        loop invariant open: done != 0 ==> PipeOpen{Pre}(file->node)
          && ((file->flags & O_NONBLOCK) == 0 || PipeRoom{Pre}(file->node, PipeNeeds(n, 0)));
        loop assigns done, ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_nodes_made,
          ghost_elsewhere, ghost_faults;
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
    struct node *pipe = node_at(file->node);
    unsigned bits = 0;
    if (file_readable(file)) {
        bits |= pipe->used != 0 ? POLLIN | POLLRDNORM : 0;
        bits |= pipe->writers == 0 ? POLLHUP : 0;
    }
    if (file_writable(file)) {
        bits |= stream_is_roomy(pipe) ? POLLOUT | POLLWRNORM : 0;
        bits |= pipe->readers == 0 ? POLLERR : 0;
    }
    return bits;
}

uint32_t event_create(uint64_t value, bool semaphore)
{
    uint32_t id = node_create(S_IRUSR | S_IWUSR, NODE_EVENT);
    if (id != 0) {
        node_at(id)->cookie = value;
        node_at(id)->head = semaphore;
    }
    return id;
}

/*@ requires good: NodesGood && FileApart(file);
    requires node: NodeMade(file->node) && ghost_node[file->node].special == NODE_EVENT;
    terminates \false; exits \false;
    assigns ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_nodes_made, ghost_elsewhere,
      ghost_faults;
    ensures good: NodesGood;
    ensures node: NodeMade(\old(file->node)) && ghost_node[\old(file->node)].special == NODE_EVENT;
    ensures result: \result == 0 || \result == -EAGAIN || \result == -ERESTARTSYS;
    ensures ready: \result == 0 ==> EventSet{Post}(\old(file->node));
    ensures first: EventSet{Pre}(\old(file->node)) ==> \result == 0 && NodeStreamSame{Pre, Post}(\old(file->node))
      && ghost_faults == \old(ghost_faults);
    ensures never: !EventSet{Pre}(\old(file->node)) && \old(file->flags & O_NONBLOCK) != 0 ==> \result == -EAGAIN
      && NodeStreamSame{Pre, Post}(\old(file->node)); */
static int event_wait_set(const struct open_file *file)
{
    uint32_t id = file->node;
    const struct node *event = node_at(id);
    int status = 0;
    /*@ loop invariant good: NodesGood;
        loop invariant node: NodeMade(id) && ghost_node[id].special == NODE_EVENT;
        loop invariant file: file->node == id && file->flags == \at(file->flags, Pre);
        loop invariant status: status == 0 || status == -EAGAIN || status == -ERESTARTSYS;
        loop invariant first: EventSet{Pre}(id) ==> status == 0 && NodeStreamSame{Pre, Here}(id)
          && ghost_faults == \at(ghost_faults, Pre);
        loop invariant never: (file->flags & O_NONBLOCK) != 0 ==> (status == 0 || status == -EAGAIN)
          && NodeStreamSame{Pre, Here}(id);
        loop assigns status, ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_nodes_made,
          ghost_elsewhere, ghost_faults; */
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
    assigns ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_nodes_made, ghost_elsewhere,
      ghost_faults;
    ensures good: NodesGood;
    ensures node: NodeMade(\old(file->node)) && ghost_node[\old(file->node)].special == NODE_EVENT;
    ensures result: \result == 0 || \result == -EAGAIN || \result == -ERESTARTSYS;
    ensures ready: \result == 0 ==> EventRoom{Post}(\old(file->node), value);
    ensures first: EventRoom{Pre}(\old(file->node), value) ==> \result == 0 && NodeStreamSame{Pre, Post}(\old(file->node))
      && ghost_faults == \old(ghost_faults);
    ensures never: !EventRoom{Pre}(\old(file->node), value) && \old(file->flags & O_NONBLOCK) != 0 ==> \result == -EAGAIN
      && NodeStreamSame{Pre, Post}(\old(file->node)); */
static int event_wait_room(const struct open_file *file, uint64_t value)
{
    uint32_t id = file->node;
    const struct node *event = node_at(id);
    int status = 0;
    /*@ loop invariant good: NodesGood;
        loop invariant node: NodeMade(id) && ghost_node[id].special == NODE_EVENT;
        loop invariant file: file->node == id && file->flags == \at(file->flags, Pre);
        loop invariant status: status == 0 || status == -EAGAIN || status == -ERESTARTSYS;
        loop invariant first: EventRoom{Pre}(id, value) ==> status == 0 && NodeStreamSame{Pre, Here}(id)
          && ghost_faults == \at(ghost_faults, Pre);
        loop invariant never: (file->flags & O_NONBLOCK) != 0 ==> (status == 0 || status == -EAGAIN)
          && NodeStreamSame{Pre, Here}(id);
        loop assigns status, ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_nodes_made,
          ghost_elsewhere, ghost_faults; */
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
