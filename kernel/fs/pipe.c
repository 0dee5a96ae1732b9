/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/fs/pipe.h"
#include "kernel/sched.h"
#include "kernel/signal.h"
#include <linux/errno.h>
#include <linux/poll.h>
#include <linux/signal.h>
#include <stddef.h>

#define EVENT_MAX 0xfffffffffffffffeULL

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Waits until ready(arg): 0, -EAGAIN for an open file that never waits, or -ERESTARTSYS when a signal came. */
static int node_wait(const struct open_file *file, bool (*ready)(void *arg), void *arg)
{
    if (ready(arg))
        return 0;
    if ((file->flags & O_NONBLOCK) != 0)
        return -EAGAIN;
    return sched_wait_or_signal(SCHED_IO, ready, arg, SCHED_FOREVER) == 0 ? 0 : -ERESTARTSYS;
}

static bool pipe_has_bytes(void *arg)
{
    const struct node *pipe = arg;
    return pipe->used != 0 || pipe->writers == 0;
}

static bool pipe_has_room(void *arg)
{
    const struct node *pipe = arg;
    return PIPE_SIZE - pipe->used >= PIPE_ATOMIC || pipe->readers == 0;
}

int64_t pipe_read(const struct open_file *file, const struct io_buffer *to, uint64_t n)
{
    struct node *pipe = node_at(file->node);
    int status = n == 0 ? 0 : node_wait(file, pipe_has_bytes, pipe);
    if (status != 0)
        return status;
    uint64_t done = 0;
    while (done < n && pipe->used != 0) {
        uint64_t piece = least(least(n - done, pipe->used), PIPE_SIZE - pipe->head);
        const uint8_t *bytes = data_peek(pipe, pipe->head, &piece);
        if (io_give(to, done, bytes, piece) != 0)
            return done != 0 ? (int64_t)done : -EFAULT;
        pipe->used -= (uint32_t)piece;
        pipe->head =
            pipe->used == 0 ? 0 : (uint32_t)((pipe->head + piece) % PIPE_SIZE); /* empty: one frame is enough */
        done += piece;
        file_note_change();
    }
    return (int64_t)done;
}

/* Puts in what fits, at most n bytes of the buffer from its byte at: how many, -ENOMEM, -EFAULT. */
static int64_t pipe_put(struct node *pipe, const struct io_buffer *from, uint64_t at, uint64_t n)
{
    uint64_t tail = (pipe->head + pipe->used) % PIPE_SIZE;
    uint64_t piece = least(least(n, PIPE_SIZE - pipe->used), FRAME_SIZE - tail % FRAME_SIZE);
    uint8_t *page = data_page(pipe, tail / FRAME_SIZE);
    if (page == NULL)
        return -ENOMEM;
    if (io_take(from, at, page + tail % FRAME_SIZE, piece) != 0)
        return -EFAULT;
    pipe->used += (uint32_t)piece;
    file_note_change();
    return (int64_t)piece;
}

/* Up to PIPE_ATOMIC bytes go in together or not at all. */
int64_t pipe_write(const struct open_file *file, const struct io_buffer *from, uint64_t n)
{
    struct node *pipe = node_at(file->node);
    uint64_t done = 0;
    while (done < n) {
        bool fits = PIPE_SIZE - pipe->used >= (n <= PIPE_ATOMIC ? n - done : 1);
        int64_t status = fits ? 0 : node_wait(file, pipe_has_room, pipe);
        if (pipe->readers == 0) {
            signal_raise(SIGPIPE);
            status = -EPIPE;
        }
        if (status == 0)
            status = pipe_put(pipe, from, done, n - done);
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
        bits |= PIPE_SIZE - pipe->used >= PIPE_ATOMIC ? POLLOUT | POLLWRNORM : 0;
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
    int status = node_wait(file, event_is_set, event);
    if (status != 0)
        return status;
    uint64_t value = event->head != 0 ? 1 : event->cookie;
    event->cookie -= value;
    file_note_change();
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
    int status = node_wait(file, event_has_room, &sum);
    if (status != 0)
        return status;
    event->cookie += value;
    file_note_change();
    return sizeof(value);
}

unsigned event_poll(const struct open_file *file)
{
    const struct node *event = node_at(file->node);
    unsigned bits = event->cookie != 0 ? POLLIN | POLLRDNORM : 0;
    return bits | (event->cookie < EVENT_MAX ? POLLOUT | POLLWRNORM : 0);
}
