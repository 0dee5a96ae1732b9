/* SPDX-License-Identifier: BSD-2-Clause */
/* Two sockets joined for ever: socketpair(2) of AF_UNIX streams. Each has the bytes that wait for it in a ring of its own, as a
   pipe has. spec/epoll.md. */
#ifndef KERNEL_FS_SOCKET_H
#define KERNEL_FS_SOCKET_H
#include "kernel/fs/data.h"
#include "kernel/fs/open.h"
#include <stdbool.h>
#include <stdint.h>

/* What one end may no longer do, and what the next call on it is told. */
#define SOCKET_NO_READ  1u
#define SOCKET_NO_WRITE 2u
#define SOCKET_RESET    4u /* the other end was closed with bytes in it that nobody had read */

/* A socket without peer or reference yet; 0 when there is no room. socket_join makes two of them each other's. */
uint32_t socket_create(void);
void socket_join(uint32_t a, uint32_t b);

/* recv(2) with MSG_ flags: how many, 0 at the end, -EAGAIN, -EFAULT, -ECONNRESET. skip: bytes that a MSG_PEEK leaves out. */
int64_t socket_receive(const struct open_file *file, const struct io_buffer *to, uint64_t n, uint32_t flags,
                       uint64_t skip);

/* send(2): how many, -EAGAIN, -EPIPE, -EFAULT, -ENOMEM. Without MSG_DONTWAIT or O_NONBLOCK it waits until all is in. */
int64_t socket_send(const struct open_file *file, const struct io_buffer *from, uint64_t n, uint32_t flags);

/* SOCKET_NO_ bits hold from now on, and their mirror images at the peer. */
void socket_shut(uint32_t node, uint32_t bits);

/* POLL bits that hold now. */
unsigned socket_poll(const struct open_file *file);

/* The open file of this end is closed. */
/*@ requires made: NodeMade(node);
    terminates \true; exits \false;
    assigns ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_elsewhere;
    ensures basics: NodesBasicsSame{Pre, Post}; */
void socket_close(uint32_t node);

#endif
