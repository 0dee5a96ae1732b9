/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/fs/socket.h"
#include "kernel/fs/node.h"
#include "kernel/fs/stream.h"
#include "kernel/fs/wait.h"
#include <linux/errno.h>
#include <linux/poll.h>
#include <stddef.h>

uint32_t socket_create(void)
{
    uint32_t id = node_create(S_IFSOCK | 0777, NODE_SOCKET);
    /*@ assert others: NodeOthersSame{Pre, Here}(\at(ghost_node_next, Pre)); */
    return id;
}

void socket_join(uint32_t a, uint32_t b)
{
    node_at(a)->peer = b;
    node_at(b)->peer = a;
}

/* The call cannot go on: as the flags of the call and the file allow, it waits. */
/*@ requires good: NodesGood && FileApart(file) && SocketMade(file->node);
    terminates \false; exits \false;
    assigns ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_nodes_made, ghost_node_next,
      ghost_elsewhere, ghost_faults;
    ensures good: NodesGood;
    ensures node: SocketMade(\old(file->node));
    ensures never: SocketNever(\old(file->flags), flags) == 1 <==> \result == -EAGAIN;
    ensures status: WaitStatus(\result);
    ensures alone: \result == -EAGAIN ==> ghost_faults == \old(ghost_faults) && NodesTold{Pre, Post}; */
static int socket_pause(const struct open_file *file, uint32_t flags)
{
    return (flags & MSG_DONTWAIT) != 0 ? -EAGAIN : file_pause(file);
}

/* Waits for bytes, the end, or what a reset says. */
/*@ requires good: NodesGood && FileApart(file) && SocketMade(file->node);
    terminates \false; exits \false;
    assigns ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_nodes_made, ghost_node_next,
      ghost_elsewhere, ghost_faults;
    ensures good: NodesGood;
    ensures node: SocketMade(\old(file->node));
    ensures status: WaitStatus(\result);
    ensures kept: WaitKept{Pre, Post}(\old(file->node), SocketNever(\old(file->flags), flags),
      SocketHas{Pre}(\old(file->node)));
    ensures end: WaitEnd{Pre, Post}(SocketNever(\old(file->flags), flags), SocketHas{Pre}(\old(file->node)),
      SocketHas{Post}(\old(file->node)), \result); */
static int socket_wait_bytes(const struct open_file *file, uint32_t flags)
{
    uint32_t id = file->node;
    const struct node *socket = node_at(id);
    int status = 0;
    /*@ loop invariant good: NodesGood;
        loop invariant node: SocketMade(id);
        loop invariant file: file->node == id && file->flags == \at(file->flags, Pre);
        loop invariant status: WaitStatus(status);
        loop invariant turn: WaitTurn{Pre, Here}(SocketNever(file->flags, flags), SocketHas{Pre}(id), status);
        loop invariant kept: WaitKept{Pre, Here}(id, SocketNever(file->flags, flags), SocketHas{Pre}(id));
        loop assigns status, ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_nodes_made,
          ghost_node_next, ghost_elsewhere, ghost_faults; */
    while (status == 0 && socket->used == 0 && (socket->shut & SOCKET_NO_READ) == 0 &&
           (socket->shut & SOCKET_RESET) == 0)
        status = socket_pause(file, flags);
    return status;
}

/*@ requires good: NodesGood && BufferApart(to) && SocketMade(id);
    terminates \true; exits \false;
    assigns ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_elsewhere, ghost_faults;
    ensures good: NodesGood;
    ensures all: ghost_faults == \old(ghost_faults) ==> \result == StreamHas(\old(ghost_node[id].used), 0, n);
    ensures part: \result == -EFAULT || 0 <= \result <= StreamHas(\old(ghost_node[id].used), 0, n);
    ensures none: StreamHas(\old(ghost_node[id].used), 0, n) == 0 ==> \result == 0;
    ensures left: ghost_node[id].used == \old(ghost_node[id].used) - (\result > 0 ? \result : 0); */
static int64_t socket_take(uint32_t id, const struct io_buffer *to, uint64_t n)
{
    const struct node *socket = node_at(id);
    bool was_full = !stream_is_roomy(socket);
    int64_t done = stream_take(id, to, n);
    if (done > 0 && was_full && socket->peer != 0)
        node_changed(socket->peer, SOCKET_CAN_WRITE);
    return done;
}

/*@ requires good: NodesGood && SocketMade(id);
    terminates \true; exits \false; assigns ghost_node[id].shut;
    ensures good: NodesGood;
    ensures exact: ghost_node[id].shut == shut; */
static void set_shut(uint32_t id, uint32_t shut)
{
    node_at(id)->shut = shut;
    /*@ assert peers: PeersSame{Pre, Here}; */
}

int64_t socket_receive(const struct open_file *file, const struct io_buffer *to, uint64_t n, uint32_t flags,
                       uint64_t skip)
{
    uint32_t id = file->node;
    const struct node *socket = node_at(id);
    int status = n == 0 ? 0 : socket_wait_bytes(file, flags);
    if (status != 0)
        return status;
    /*@ assert stream: StreamGood(&ghost_node[id]); */
    if (socket->used == 0 && n != 0 && (socket->shut & SOCKET_RESET) != 0) {
        set_shut(id, socket->shut & (0xffffffffu - SOCKET_RESET)); /* it is told once */
        return -ECONNRESET;
    }
    return (flags & MSG_PEEK) != 0 ? stream_peek(socket, skip, to, n) : socket_take(id, to, n);
}

/*@ requires good: NodesGood && SocketMade(id);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> SocketSends(id); */
static bool can_send(uint32_t id)
{
    const struct node *socket = node_at(id);
    return (socket->shut & SOCKET_NO_WRITE) == 0 && socket->peer != 0;
}

/*@ requires good: NodesGood && SocketMade(id);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> SocketRoom(id) == 1; */
static bool has_room(uint32_t id)
{
    return !can_send(id) || node_at(node_at(id)->peer)->used < PIPE_SIZE;
}

/* Waits for room at the peer, or until nothing can be sent any more. */
/*@ requires good: NodesGood && FileApart(file) && SocketMade(file->node);
    terminates \false; exits \false;
    assigns ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_nodes_made, ghost_node_next,
      ghost_elsewhere, ghost_faults;
    ensures good: NodesGood;
    ensures node: SocketMade(\old(file->node));
    ensures status: WaitStatus(\result);
    ensures kept: WaitKept{Pre, Post}(\old(file->node), SocketNever(\old(file->flags), flags),
      SocketRoom{Pre}(\old(file->node)));
    ensures peer: \old(ghost_node[file->node].peer) != 0 ==> WaitKept{Pre, Post}(\old(ghost_node[file->node].peer),
      SocketNever(\old(file->flags), flags), SocketRoom{Pre}(\old(file->node)));
    ensures end: WaitEnd{Pre, Post}(SocketNever(\old(file->flags), flags), SocketRoom{Pre}(\old(file->node)),
      SocketRoom{Post}(\old(file->node)), \result); */
static int socket_wait_room(const struct open_file *file, uint32_t flags)
{
    uint32_t id = file->node;
    int status = 0;
    /*@ loop invariant good: NodesGood;
        loop invariant node: SocketMade(id);
        loop invariant file: file->node == id && file->flags == \at(file->flags, Pre);
        loop invariant status: WaitStatus(status);
        loop invariant turn: WaitTurn{Pre, Here}(SocketNever(file->flags, flags), SocketRoom{Pre}(id), status);
        loop invariant kept: WaitKept{Pre, Here}(id, SocketNever(file->flags, flags), SocketRoom{Pre}(id));
        loop invariant peer: \at(ghost_node[file->node].peer, Pre) != 0 ==> WaitKept{Pre, Here}(\at(ghost_node[file->node].peer, Pre),
          SocketNever(file->flags, flags), SocketRoom{Pre}(id));
        loop assigns status, ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_nodes_made,
          ghost_node_next, ghost_elsewhere, ghost_faults; */
    while (status == 0 && !has_room(id))
        status = socket_pause(file, flags);
    return status;
}

/* What fits into one page of the peer's, of n bytes from byte at on. */
/*@ requires good: NodesGood && BufferApart(from) && SocketMade(id) && ghost_node[id].peer != 0;
    requires room: ghost_node[ghost_node[id].peer].used < PIPE_SIZE && 0 < n <= INT64_MAX;
    terminates \true; exits \false;
    assigns ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_elsewhere, ghost_faults;
    ensures good: NodesGood;
    ensures result: 0 < \result <= n || \result == -EFAULT || \result == -ENOMEM;
    ensures special: ghost_node[id].special == NODE_SOCKET;
    ensures same: NodeStreamSame{Pre, Post}(id);
    ensures more: ghost_node[\old(ghost_node[id].peer)].used
      == \old(ghost_node[ghost_node[id].peer].used) + (\result > 0 ? \result : 0); */
static int64_t socket_fill(uint32_t id, const struct io_buffer *from, uint64_t at, uint64_t n)
{
    uint32_t peer = node_at(id)->peer;
    int64_t done = stream_put(peer, from, at, n);
    /*@ assert self: NodeStreamSame{Pre, Here}(id); */
    /*@ assert sockets: SocketMade(id) && SocketMade(peer); */
    if (done > 0)
        node_changed(peer, SOCKET_CAN_READ);
    return done;
}

/* The same when there is room. */
/*@ requires good: NodesGood && NodesApart(from, file);
    requires node: SocketMade(file->node) && at <= n <= INT64_MAX;
    terminates \false; exits \false;
    assigns ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_nodes_made, ghost_node_next,
      ghost_elsewhere, ghost_faults;
    ensures good: NodesGood;
    ensures node: SocketMade(\old(file->node));
    ensures result: 0 <= \result <= n - at || \result == -EAGAIN || \result == -ERESTARTSYS || \result == -EFAULT
      || \result == -EPIPE || \result == -ENOMEM;
    ensures none: \result == 0 ==> at == n;
    ensures broken: !SocketSends{Pre}(\old(file->node)) ==> \result == -EPIPE;
    ensures full: SocketRoom{Pre}(\old(file->node)) == 0 && SocketNever(\old(file->flags), flags) == 1 ==>
      \result == -EAGAIN;
    ensures room: SocketSends{Pre}(\old(file->node)) && SocketRoom{Pre}(\old(file->node)) == 1 ==>
      \result >= 0 || \result == -EFAULT || \result == -ENOMEM;
    ensures same: SocketNever(\old(file->flags), flags) == 1 ==>
      ghost_node[\old(file->node)].peer == \old(ghost_node[file->node].peer)
      && ghost_node[\old(file->node)].shut == \old(ghost_node[file->node].shut);
    ensures more: SocketNever(\old(file->flags), flags) == 1 && \old(ghost_node[file->node].peer) != 0 ==>
      ghost_node[\old(ghost_node[file->node].peer)].used
        == \old(ghost_node[ghost_node[file->node].peer].used) + (\result > 0 ? \result : 0); */
static int64_t socket_put(const struct open_file *file, const struct io_buffer *from, uint64_t at, uint64_t n,
                          uint32_t flags)
{
    uint32_t id = file->node;
    int status = socket_wait_room(file, flags);
    if (status != 0)
        return status;
    if (!can_send(id)) {
        if (at == 0 && (flags & MSG_NOSIGNAL) == 0)
            wait_raise_broken();
        return -EPIPE;
    }
    return at == n ? 0 : socket_fill(id, from, at, n - at);
}

int64_t socket_send(const struct open_file *file, const struct io_buffer *from, uint64_t n, uint32_t flags)
{
    uint64_t done = 0;
    /*@ loop invariant good: NodesGood;
        loop invariant file: file->node == \at(file->node, Pre) && file->flags == \at(file->flags, Pre);
        loop invariant node: SocketMade(file->node);
        loop invariant some: done <= n && (done == n ==> done == 0);
        loop invariant first: done == 0 ==> NodeStreamSame{Pre, Here}(file->node)
          && (\at(ghost_node[file->node].peer, Pre) != 0 ==>
            NodeStreamSame{Pre, Here}(\at(ghost_node[file->node].peer, Pre)));
        loop invariant open: done != 0 ==> SocketSends{Pre}(file->node)
          && (SocketNever(file->flags, flags) == 0 || SocketRoom{Pre}(file->node) == 1);
        loop invariant peer: SocketNever(file->flags, flags) == 1 ==>
          ghost_node[file->node].peer == \at(ghost_node[file->node].peer, Pre)
          && ghost_node[ghost_node[file->node].peer].used
            == \at(ghost_node[ghost_node[file->node].peer].used, Pre) + done;
        loop assigns done, ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_nodes_made,
          ghost_node_next, ghost_elsewhere, ghost_faults;
        loop variant n - done; */
    do {
        int64_t status = socket_put(file, from, done, n, flags);
        if (status < 0)
            return done != 0 ? (int64_t)done : status;
        done += (uint64_t)status;
    } while (done < n);
    return (int64_t)done;
}

/*@ requires good: NodesGood && SocketMade(id);
    terminates \true; exits \false;
    assigns ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_elsewhere;
    ensures good: NodesGood;
    ensures made: SocketMade(id);
    ensures shut: SocketShut{Pre, Post}(id, bits);
    ensures others: \forall integer n; 0 <= n < NODE_LIMIT && n != id
      && \at(ghost_node[n].special, Pre) == NODE_SOCKET ==>
        ghost_node[n].shut == \old(ghost_node[n].shut) && ghost_node[n].used == \old(ghost_node[n].used)
        && ghost_node[n].head == \old(ghost_node[n].head) && ghost_node[n].peer == \old(ghost_node[n].peer); */
static void shut_one(uint32_t id, uint32_t bits)
{
    set_shut(id, node_at(id)->shut | bits);
    node_changed(id, SOCKET_CAN_READ | SOCKET_CAN_WRITE | POLLRDHUP | POLLHUP | POLLERR);
}

void socket_shut(uint32_t node, uint32_t bits)
{
    uint32_t mirrored =
        ((bits & SOCKET_NO_READ) != 0 ? SOCKET_NO_WRITE : 0) + ((bits & SOCKET_NO_WRITE) != 0 ? SOCKET_NO_READ : 0);
    shut_one(node, bits);
    if (node_at(node)->peer != 0)
        shut_one(node_at(node)->peer, mirrored);
}

unsigned socket_poll(const struct open_file *file)
{
    const struct node *socket = node_at(file->node);
    bool no_read = (socket->shut & SOCKET_NO_READ) != 0, no_write = (socket->shut & SOCKET_NO_WRITE) != 0;
    unsigned in = no_read || socket->used != 0 ? SOCKET_CAN_READ : 0u, end = no_read ? POLLRDHUP : 0u;
    unsigned both = no_read && no_write ? POLLHUP : 0u, broken = (socket->shut & SOCKET_RESET) != 0 ? POLLERR : 0u;
    unsigned out = socket->peer == 0 || stream_is_roomy(node_at(socket->peer)) ? SOCKET_CAN_WRITE : 0u;
    return in + end + both + broken + out; /* no bit is in two of them */
}

void socket_close(uint32_t node)
{
    const struct node *socket = node_at(node);
    uint32_t peer = socket->peer;
    if (peer == 0)
        return;
    node_at(peer)->peer = 0;
    shut_one(peer, SOCKET_NO_READ | SOCKET_NO_WRITE | (socket->used != 0 ? SOCKET_RESET : 0));
}
