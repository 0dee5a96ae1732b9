/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/fs/pipe.h"
#include "kernel/fs/stream.h"
#include "kernel/fs/wait.h"
#include "kernel/signal.h"
#include <linux/errno.h>
#include <linux/poll.h>
#include <linux/signal.h>
#include <stddef.h>

#define EVENT_MAX 0xfffffffffffffffeULL

#define CAN_READ  (POLLIN | POLLRDNORM)
#define CAN_WRITE (POLLOUT | POLLWRNORM)

static bool pipe_has_bytes(void *arg)
{
    const struct node *pipe = arg;
    return pipe->used != 0 || pipe->writers == 0;
}

int64_t pipe_read(const struct open_file *file, const struct io_buffer *to, uint64_t n)
{
    struct node *pipe = node_at(file->node);
    int status = n == 0 ? 0 : file_wait(file, pipe_has_bytes, pipe);
    if (status != 0)
        return status;
    bool was_full = !stream_is_roomy(pipe);
    int64_t done = stream_take(pipe, to, n);
    if (done > 0 && was_full)
        node_changed(file->node, CAN_WRITE);
    return done;
}

/* What a writer needs: room for so many bytes. */
struct pipe_need {
    const struct node *pipe;
    uint64_t room;
};

static bool pipe_has_room(void *arg)
{
    const struct pipe_need *need = arg;
    return PIPE_SIZE - need->pipe->used >= need->room || need->pipe->readers == 0;
}

/* Up to PIPE_ATOMIC bytes go in together or not at all. */
int64_t pipe_write(const struct open_file *file, const struct io_buffer *from, uint64_t n)
{
    struct node *pipe = node_at(file->node);
    uint64_t done = 0;
    while (done < n) {
        struct pipe_need need = { pipe, n <= PIPE_ATOMIC ? n - done : 1 };
        int64_t status = file_wait(file, pipe_has_room, &need);
        if (pipe->readers == 0) {
            signal_raise(SIGPIPE);
            status = -EPIPE;
        }
        if (status == 0)
            status = stream_put(pipe, from, done, n - done);
        if (status < 0)
            return done != 0 ? (int64_t)done : status;
        done += (uint64_t)status;
        node_changed(file->node, CAN_READ);
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

static bool event_is_set(void *arg)
{
    return ((const struct node *)arg)->cookie != 0;
}

/* What a writer wants to add. */
struct event_sum {
    const struct node *event;
    uint64_t value;
};

static bool event_has_room(void *arg)
{
    const struct event_sum *sum = arg;
    return sum->value <= EVENT_MAX - sum->event->cookie;
}

int64_t event_read(const struct open_file *file, const struct io_buffer *to, uint64_t n)
{
    struct node *event = node_at(file->node);
    if (n < sizeof(event->cookie))
        return -EINVAL;
    int status = file_wait(file, event_is_set, event);
    if (status != 0)
        return status;
    uint64_t value = event->head != 0 ? 1 : event->cookie;
    event->cookie -= value;
    node_changed(file->node, CAN_WRITE);
    return io_give(to, 0, &value, sizeof(value)) == 0 ? (int64_t)sizeof(value) : -EFAULT;
}

int64_t event_write(const struct open_file *file, const struct io_buffer *from, uint64_t n)
{
    struct node *event = node_at(file->node);
    uint64_t value = 0;
    if (n < sizeof(value))
        return -EINVAL;
    if (io_take(from, 0, &value, sizeof(value)) != 0)
        return -EFAULT;
    if (value > EVENT_MAX)
        return -EINVAL;
    struct event_sum sum = { event, value };
    int status = file_wait(file, event_has_room, &sum);
    if (status != 0)
        return status;
    event->cookie += value;
    node_changed(file->node, CAN_READ);
    return sizeof(value);
}

unsigned event_poll(const struct open_file *file)
{
    const struct node *event = node_at(file->node);
    unsigned bits = event->cookie != 0 ? POLLIN | POLLRDNORM : 0;
    return bits | (event->cookie < EVENT_MAX ? POLLOUT | POLLWRNORM : 0);
}
