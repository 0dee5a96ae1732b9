/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/fs/socket.h"
#include "kernel/fs/node.h"
#include "kernel/fs/stream.h"
#include "kernel/fs/wait.h"
#include <linux/errno.h>
#include <linux/poll.h>
#include <stddef.h>

/* <linux/socket.h> leaves these to the C library. */
#define MSG_PEEK     0x2u
#define MSG_DONTWAIT 0x40u
#define MSG_NOSIGNAL 0x4000u

#define CAN_READ  (POLLIN | POLLRDNORM)
#define CAN_WRITE (POLLOUT | POLLWRNORM | POLLWRBAND)
#define SHUT_BOTH (SOCKET_NO_READ | SOCKET_NO_WRITE)

uint32_t socket_create(void)
{
    return node_create(S_IFSOCK | 0777, NODE_SOCKET);
}

void socket_join(uint32_t a, uint32_t b)
{
    node_at(a)->peer = b;
    node_at(b)->peer = a;
}

/* The call cannot go on: as the flags of the call and the file allow, it waits. */
static int socket_pause(const struct open_file *file, uint32_t flags)
{
    return (flags & MSG_DONTWAIT) != 0 ? -EAGAIN : file_pause(file);
}

static int64_t take(struct node *socket, const struct io_buffer *to, uint64_t n)
{
    bool was_full = !stream_is_roomy(socket);
    int64_t done = stream_take(socket, to, n);
    if (done > 0 && was_full && socket->peer != 0)
        node_changed(socket->peer, CAN_WRITE);
    return done;
}

int64_t socket_receive(const struct open_file *file, const struct io_buffer *to, uint64_t n, uint32_t flags,
                       uint64_t skip)
{
    struct node *socket = node_at(file->node);
    while (n != 0 && socket->used == 0 && (socket->shut & (SOCKET_NO_READ | SOCKET_RESET)) == 0) {
        int status = socket_pause(file, flags);
        if (status != 0)
            return status;
    }
    if (socket->used == 0 && n != 0 && (socket->shut & SOCKET_RESET) != 0) {
        socket->shut &= ~SOCKET_RESET;
        return -ECONNRESET;
    }
    return (flags & MSG_PEEK) != 0 ? stream_peek(socket, skip, to, n) : take(socket, to, n);
}

static bool can_send(const struct node *socket)
{
    return (socket->shut & SOCKET_NO_WRITE) == 0 && socket->peer != 0;
}

static bool has_room(const struct node *socket)
{
    return !can_send(socket) || node_at(socket->peer)->used < PIPE_SIZE;
}

int64_t socket_send(const struct open_file *file, const struct io_buffer *from, uint64_t n, uint32_t flags)
{
    struct node *socket = node_at(file->node);
    uint64_t done = 0;
    do {
        int64_t status = 0;
        while (status == 0 && !has_room(socket))
            status = socket_pause(file, flags);
        if (status == 0 && !can_send(socket)) {
            if (done == 0 && (flags & MSG_NOSIGNAL) == 0)
                wait_raise_broken();
            status = -EPIPE;
        }
        if (status == 0 && n != 0)
            status = stream_put(node_at(socket->peer), from, done, n - done);
        if (status < 0)
            return done != 0 ? (int64_t)done : status;
        done += (uint64_t)status;
        if (status != 0)
            node_changed(socket->peer, CAN_READ);
    } while (done < n);
    return (int64_t)done;
}

static void shut_one(uint32_t id, uint32_t bits)
{
    node_at(id)->shut |= bits;
    node_changed(id, CAN_READ | CAN_WRITE | POLLRDHUP | POLLHUP | POLLERR);
}

void socket_shut(uint32_t node, uint32_t bits)
{
    uint32_t mirrored =
        ((bits & SOCKET_NO_READ) != 0 ? SOCKET_NO_WRITE : 0) | ((bits & SOCKET_NO_WRITE) != 0 ? SOCKET_NO_READ : 0);
    shut_one(node, bits);
    if (node_at(node)->peer != 0)
        shut_one(node_at(node)->peer, mirrored);
}

unsigned socket_poll(const struct open_file *file)
{
    const struct node *socket = node_at(file->node);
    bool no_read = (socket->shut & SOCKET_NO_READ) != 0;
    unsigned bits = no_read ? CAN_READ | POLLRDHUP : 0;
    bits |= (socket->shut & SHUT_BOTH) == SHUT_BOTH ? POLLHUP : 0;
    bits |= (socket->shut & SOCKET_RESET) != 0 ? POLLERR : 0;
    bits |= socket->used != 0 ? CAN_READ : 0;
    return bits | (socket->peer == 0 || stream_is_roomy(node_at(socket->peer)) ? CAN_WRITE : 0);
}

void socket_close(uint32_t node)
{
    const struct node *socket = node_at(node);
    uint32_t peer = socket->peer;
    if (peer == 0)
        return;
    node_at(peer)->peer = 0;
    shut_one(peer, SHUT_BOTH | (socket->used != 0 ? SOCKET_RESET : 0));
}
