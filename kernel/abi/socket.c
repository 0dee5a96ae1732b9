/* SPDX-License-Identifier: BSD-2-Clause */
/* Joined sockets: socketpair, and the calls that send, receive and shut. */
#include "kernel/fs/socket.h"
#include "kernel/abi/copy.h"
#include "kernel/abi/event.h"
#include "kernel/abi/vector.h"
#include "kernel/fs/data.h"
#include "kernel/fs/node.h"
#include "kernel/fs/open.h"
#include "mm/user.h"
#include "mm/user_range.h"
#include <linux/errno.h>
#include <linux/net.h>
#include <linux/socket.h>
#include <stddef.h>

/* The kernel keeps these of its numbers from the C library's headers (include/linux/socket.h). */
#define PF_UNIX     1u
#define SOCK_STREAM 1u
#define MSG_OOB     0x1u
#define MSG_WAITALL 0x100u

#define NAME_MAX 128 /* sizeof(struct sockaddr_storage) */

#define TYPE_BITS 0xfu

/* struct user_msghdr, which is not in the headers either. */
struct message {
    uint64_t name;
    int32_t name_size;
    uint64_t buffers;
    uint64_t count;
    uint64_t control;
    uint64_t control_size;
    uint32_t flags;
};

int64_t sys_socketpair(const uint64_t arg[6])
{
    uint32_t domain = (uint32_t)arg[0], type = (uint32_t)arg[1], protocol = (uint32_t)arg[2];
    uint32_t flags = type & ~TYPE_BITS;
    if ((flags & ~(uint32_t)(O_CLOEXEC | O_NONBLOCK)) != 0)
        return -EINVAL;
    if (domain != PF_UNIX)
        return -EAFNOSUPPORT;
    if (protocol != 0 && protocol != PF_UNIX)
        return -EPROTONOSUPPORT;
    if ((type & TYPE_BITS) != SOCK_STREAM)
        return -ESOCKTNOSUPPORT;
    uint32_t near = socket_create(), far = 0;
    int64_t first = file_open_nameless(near, flags | O_RDWR), second = 0;
    if (first < 0)
        return first;
    far = socket_create();
    second = file_open_nameless(far, flags | O_RDWR);
    int32_t fds[2] = { (int32_t)first, (int32_t)second };
    int64_t status = second < 0 ? second : user_copy_out(arg[3], fds, sizeof(fds));
    if (status == 0) {
        socket_join(near, far);
        return 0;
    }
    (void)fd_close((uint64_t)first);
    if (second >= 0)
        (void)fd_close((uint64_t)second);
    return status;
}

/* The open socket of a descriptor; NULL and the reason when it is none. */
static struct open_file *socket_of(uint64_t fd, int64_t *status)
{
    struct open_file *file = fd_file(fd);
    *status = file == NULL ? -EBADF : -ENOTSOCK;
    return file != NULL && file->special == NODE_SOCKET ? file : NULL;
}

static int64_t send_part(const struct open_file *file, uint64_t user, uint64_t n, uint32_t flags)
{
    struct io_buffer from = { .user = user };
    return socket_send(file, &from, n, flags);
}

/* Into one buffer behind `done` bytes that the call has already: with MSG_WAITALL until it is full, else it waits only for the
   first byte. */
static int64_t receive_part(const struct open_file *file, uint64_t user, uint64_t n, uint32_t flags, uint64_t done)
{
    bool peek = (flags & MSG_PEEK) != 0, all = (flags & MSG_WAITALL) != 0 && !peek;
    uint64_t got = 0;
    while (got < n) {
        struct io_buffer to = { .user = user + got };
        uint32_t how = flags | (done + got != 0 && !all ? MSG_DONTWAIT : 0);
        int64_t more = socket_receive(file, &to, n - got, how, peek ? done + got : 0);
        if (more <= 0)
            return got != 0 ? (int64_t)got : more;
        got += (uint64_t)more;
    }
    return (int64_t)got;
}

/* All buffers of a message, one after the other, until one is not filled or emptied. */
static int64_t move_parts(const struct open_file *file, struct vector *vector, uint32_t flags, bool is_send)
{
    uint64_t done = 0;
    for (uint64_t i = 0; i < vector->count; i++) {
        const struct iovec *part = vector_at(vector, i);
        uint64_t user = (uint64_t)part->iov_base, n = part->iov_len;
        if (n == 0)
            continue;
        int64_t moved = is_send ? send_part(file, user, n, flags) : receive_part(file, user, n, flags, done);
        if (moved < 0)
            return done != 0 ? (int64_t)done : moved;
        done += (uint64_t)moved;
        if ((uint64_t)moved < n)
            break;
    }
    return (int64_t)done;
}

/* A joined socket sends to nobody else: 0 when no name is given. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures none: user == 0 || size == 0 ==> \result == 0;
    ensures size: user != 0 && (size < 0 || size > NAME_MAX) ==> \result == -EINVAL;
    ensures name: user != 0 && 0 < size <= NAME_MAX ==> \result == -EFAULT || \result == -EISCONN; */
static int64_t name_check(uint64_t user, int32_t size)
{
    uint8_t name[NAME_MAX];
    if (user == 0 || size == 0)
        return 0;
    if (size < 0 || size > (int32_t)sizeof(name))
        return -EINVAL;
    return copy_in_bytes(name, user, (uint64_t)size) != 0 ? -EFAULT : -EISCONN;
}

/* One buffer, which is a message of one part. */
static int64_t move_buffer(const uint64_t arg[6], bool is_send)
{
    int64_t status;
    uint32_t flags = (uint32_t)arg[3];
    struct open_file *file = socket_of(arg[0], &status);
    if (!user_range_is_valid(arg[1], arg[2]))
        return -EFAULT;
    if (file == NULL)
        return status;
    status = is_send ? name_check(arg[4], (int32_t)arg[5]) : 0;
    if (status != 0)
        return status;
    if ((flags & MSG_OOB) != 0)
        return -EOPNOTSUPP;
    file_hold(file);
    status = is_send ? send_part(file, arg[1], arg[2], flags) : receive_part(file, arg[1], arg[2], flags, 0);
    file_release(file);
    return status;
}

int64_t sys_sendto(const uint64_t arg[6])
{
    return move_buffer(arg, true);
}

int64_t sys_recvfrom(const uint64_t arg[6])
{
    static const int32_t no_name;
    int64_t done = move_buffer(arg, false);
    if (done >= 0 && arg[4] != 0 && user_copy_out(arg[5], &no_name, sizeof(no_name)) != 0)
        return -EFAULT;
    return done;
}

/* A message as it was judged: control data (descriptors, credentials) cannot be sent. */
/*@ requires valid: \valid_read(message);
    terminates \true; exits \false; assigns \nothing;
    ensures status: \result == 0 || \result == -EINVAL || \result == -EFAULT || \result == -EISCONN || \result == -EMSGSIZE
      || \result == -EOPNOTSUPP;
    ensures parts: \result == 0 ==> message->count <= IOV_MAX && (flags & MSG_OOB) == 0;
    ensures control: \result == 0 && is_send ==> message->control == 0 || message->control_size == 0;
    ensures name: \result == 0 && is_send ==> message->name == 0 || message->name_size == 0;
    ensures good: !is_send && message->count <= IOV_MAX && (flags & MSG_OOB) == 0 ==> \result == 0; */
static int64_t message_check(const struct message *message, uint32_t flags, bool is_send)
{
    int64_t status = is_send ? name_check(message->name, message->name_size) : 0;
    if (status != 0)
        return status;
    if (message->count > IOV_MAX)
        return -EMSGSIZE;
    bool has_control = is_send && message->control != 0 && message->control_size != 0;
    return (flags & MSG_OOB) != 0 || has_control ? -EOPNOTSUPP : 0;
}

static int64_t move_message(const struct open_file *file, const struct message *message, uint32_t flags, bool is_send)
{
    struct vector vector = { .count = 0 };
    int64_t status = vector_copy(&vector, message->buffers, message->count);
    if (status == 0)
        status = move_parts(file, &vector, flags, is_send);
    vector_free(&vector);
    return status;
}

static int64_t handle_message(const uint64_t arg[6], bool is_send)
{
    struct message message;
    int64_t status;
    struct open_file *file = socket_of(arg[0], &status);
    if (file == NULL)
        return status;
    if (user_copy_in(&message, arg[1], sizeof(message)) != 0)
        return -EFAULT;
    status = message_check(&message, (uint32_t)arg[2], is_send);
    if (status != 0)
        return status;
    file_hold(file);
    status = move_message(file, &message, (uint32_t)arg[2], is_send);
    file_release(file);
    if (status < 0 || is_send)
        return status;
    message.name_size = 0;
    message.control_size = 0;
    message.flags = 0;
    return user_copy_out(arg[1], &message, sizeof(message)) == 0 ? status : -EFAULT;
}

int64_t sys_sendmsg(const uint64_t arg[6])
{
    return handle_message(arg, true);
}

int64_t sys_recvmsg(const uint64_t arg[6])
{
    return handle_message(arg, false);
}

int64_t sys_shutdown(const uint64_t arg[6])
{
    static const uint32_t bits[3] = { SOCKET_NO_READ, SOCKET_NO_WRITE, SOCKET_NO_READ | SOCKET_NO_WRITE };
    int64_t status;
    const struct open_file *file = socket_of(arg[0], &status);
    if (file == NULL)
        return status;
    if ((uint32_t)arg[1] > 2)
        return -EINVAL;
    socket_shut(file->node, bits[(uint32_t)arg[1]]);
    return 0;
}
