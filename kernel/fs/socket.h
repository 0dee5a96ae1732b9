/* SPDX-License-Identifier: BSD-2-Clause */
/* Two sockets joined for ever: socketpair(2) of AF_UNIX streams. Each has the bytes that wait for it in a ring of its own, as a
   pipe has. spec/epoll.md. */
#ifndef KERNEL_FS_SOCKET_H
#define KERNEL_FS_SOCKET_H
#include "kernel/fs/data.h"
#include "kernel/fs/open.h"
#include "kernel/fs/stream.h"
#include "kernel/fs/wait.h"
#include <linux/errno.h>
#include <linux/poll.h>
#include <stdbool.h>
#include <stdint.h>

/* What one end may no longer do, and what the next call on it is told. */
#define SOCKET_NO_READ  1u
#define SOCKET_NO_WRITE 2u
#define SOCKET_RESET    4u /* the other end was closed with bytes in it that nobody had read */

/* <linux/socket.h> leaves these to the C library. */
#define MSG_PEEK     0x2u
#define MSG_DONTWAIT 0x40u
#define MSG_NOSIGNAL 0x4000u

#define SOCKET_CAN_READ  (POLLIN | POLLRDNORM)
#define SOCKET_CAN_WRITE (POLLOUT | POLLWRNORM | POLLWRBAND)

#include "spec/socket.acsl"

/* A socket without peer or reference yet; 0 when there is no room. socket_join makes two of them each other's. */
/*@ terminates \true; exits \false;
    assigns ghost_node[ghost_node_next], ghost_node_next, ghost_nodes_made, ghost_elsewhere;
    ensures grow: NodesGrow{Pre, Post};
    ensures streams: StreamsGood{Pre} ==> StreamsGood;
    ensures events: EventsGood{Pre} ==> EventsGood;
    ensures sockets: SocketsGood{Pre} ==> SocketsGood;
    ensures new: \result != 0 ==> SocketMade(\result) && ghost_node[\result].used == 0 && ghost_node[\result].peer == 0
      && ghost_node[\result].shut == 0 && ghost_node[\result].refs == 0; */
uint32_t socket_create(void);
/*@ requires good: NodesGood && SocketMade(a) && SocketMade(b) && a != b;
    terminates \true; exits \false; assigns ghost_node[a].peer, ghost_node[b].peer;
    ensures good: NodesGood;
    ensures joined: ghost_node[a].peer == b && ghost_node[b].peer == a; */
void socket_join(uint32_t a, uint32_t b);

/* recv(2) with MSG_ flags: how many, 0 at the end, -EAGAIN, -EFAULT, -ECONNRESET. skip: bytes that a MSG_PEEK leaves out. */
/*@ requires good: NodesGood && NodesApart(to, file);
    requires node: SocketMade(file->node) && n <= INT64_MAX;
    terminates \false; exits \false;
    assigns ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_nodes_made, ghost_node_next,
      ghost_elsewhere, ghost_faults;
    ensures good: NodesGood;
    ensures result: 0 <= \result <= n || \result == -EAGAIN || \result == -ERESTARTSYS || \result == -EFAULT
      || \result == -ECONNRESET;
    ensures none: n == 0 ==> \result == 0;
    ensures some: n > 0 && \old(ghost_node[file->node].used) != 0 && ghost_faults == \old(ghost_faults) ==> \result
      == StreamHas(\old(ghost_node[file->node].used), (flags & MSG_PEEK) != 0 ? skip : 0, n);
    ensures left: n > 0 && \old(ghost_node[file->node].used) != 0 ==> ghost_node[\old(file->node)].used
      == \old(ghost_node[file->node].used) - ((flags & MSG_PEEK) != 0 || \result < 0 ? 0 : \result);
    ensures reset: n > 0 && \old(ghost_node[file->node].used) == 0
      && \old(ghost_node[file->node].shut & SOCKET_RESET) != 0 ==> \result == -ECONNRESET
        && ghost_node[\old(file->node)].shut == \old(ghost_node[file->node].shut & (0xffffffff - SOCKET_RESET));
    ensures end: n > 0 && \old(ghost_node[file->node].used) == 0 && SocketHas{Pre}(\old(file->node)) == 1
      && \old(ghost_node[file->node].shut & SOCKET_RESET) == 0 ==> \result == 0;
    ensures empty: n > 0 && SocketHas{Pre}(\old(file->node)) == 0 && SocketNever(\old(file->flags), flags) == 1 ==>
      \result == -EAGAIN; */
int64_t socket_receive(const struct open_file *file, const struct io_buffer *to, uint64_t n, uint32_t flags,
                       uint64_t skip);

/* send(2): how many, -EAGAIN, -EPIPE, -EFAULT, -ENOMEM. Without MSG_DONTWAIT or O_NONBLOCK it waits until all is in. */
/*@ requires good: NodesGood && NodesApart(from, file);
    requires node: SocketMade(file->node) && n <= INT64_MAX;
    terminates \false; exits \false;
    assigns ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_nodes_made, ghost_node_next,
      ghost_elsewhere, ghost_faults;
    ensures good: NodesGood;
    ensures result: 0 <= \result <= n || \result == -EAGAIN || \result == -ERESTARTSYS || \result == -EFAULT
      || \result == -EPIPE || \result == -ENOMEM;
    ensures none: \result == 0 ==> n == 0;
    ensures broken: !SocketSends{Pre}(\old(file->node)) ==> \result == -EPIPE;
    ensures full: SocketRoom{Pre}(\old(file->node)) == 0 && SocketNever(\old(file->flags), flags) == 1 ==>
      \result == -EAGAIN;
    ensures room: SocketSends{Pre}(\old(file->node)) && SocketRoom{Pre}(\old(file->node)) == 1 ==>
      \result >= 0 || \result == -EFAULT || \result == -ENOMEM;
    ensures more: \result > 0 && SocketNever(\old(file->flags), flags) == 1 ==>
      ghost_node[\old(ghost_node[file->node].peer)].used
        == \old(ghost_node[ghost_node[file->node].peer].used) + \result; */
int64_t socket_send(const struct open_file *file, const struct io_buffer *from, uint64_t n, uint32_t flags);

/* SOCKET_NO_ bits hold from now on, and their mirror images at the peer. */
/*@ requires good: NodesGood && SocketMade(node);
    terminates \true; exits \false;
    assigns ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_elsewhere;
    ensures good: NodesGood;
    ensures shut: SocketShut{Pre, Post}(node, bits);
    ensures mirror: \old(ghost_node[node].peer) != 0 ==>
      SocketShut{Pre, Post}(\old(ghost_node[node].peer), SocketMirror(bits)); */
void socket_shut(uint32_t node, uint32_t bits);

/* POLL bits that hold now. */
/*@ requires good: NodesGood && FileApart(file) && SocketMade(file->node);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == SocketBits(ghost_node[file->node].shut, ghost_node[file->node].used,
      SocketRoomy(file->node)); */
unsigned socket_poll(const struct open_file *file);

/* The open file of this end is closed. */
/*@ requires made: NodeMade(node);
    terminates \true; exits \false;
    assigns ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_elsewhere;
    ensures basics: NodesBasicsSame{Pre, Post}; */
void socket_close(uint32_t node);

#endif
