/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/fs/wait.h"
#include "drivers/platform.h"
#include "drivers/tty.h"
#include "kernel/fs/device.h"
#include "kernel/fs/node.h"
#include "kernel/fs/timer.h"
#include "kernel/fs/watch.h"
#include "kernel/sched.h"
#include "kernel/signal.h"
#include "lib/limits.h"
#include <linux/errno.h>
#include <linux/poll.h>
#include <linux/signal.h>

#define NODE_KEY(node) (SCHED_NODE | (uint64_t)(node) << 2)

static uint64_t changes;
static uint64_t walk;

/* The console's input when it was asked last: a larger count is new input. */
static uint32_t console_seen;
static bool console_was_ready;

uint64_t wait_new_walk(void)
{
    return ++walk;
}

static void wake(uint32_t id, struct node *node)
{
    (void)sched_wake(NODE_KEY(id), SCHED_ANY, SCHED_ALL);
    if (!node->is_polled)
        return;
    node->is_polled = false;
    changes++;
    (void)sched_wake(SCHED_IO, SCHED_ANY, SCHED_ALL);
}

/* The watches on a node that want one of the bits may be ready. Their epolls that were not met in this walk come before the
   chain: the new first of it. */
static uint32_t tell_watches(uint32_t id, unsigned bits, uint32_t chain)
{
    uint32_t first = node_at(id)->watches;
    for (uint32_t i = first; i != 0; i = watch_next(WATCH_OF_NODE, i, first)) {
        struct node *epoll = node_at(watch_at(i)->epoll);
        if (bits != 0 && (watch_at(i)->events & watch_at(i)->changes & bits) == 0)
            continue;
        if (bits != 0)
            watch_set_ready(i);
        if (epoll->cookie == walk)
            continue;
        epoll->cookie = walk;
        epoll->chain[0] = chain;
        chain = watch_at(i)->epoll;
    }
    return chain;
}

void node_changed(uint32_t id, unsigned bits)
{
    struct node *node = node_at(id);
    wake(id, node);
    if (node->watches == 0)
        return;
    (void)wait_new_walk();
    for (uint32_t chain = tell_watches(id, bits, 0); chain != 0;) {
        uint32_t epoll = chain;
        wake(epoll, node_at(epoll));
        chain = tell_watches(epoll, bits != 0 ? POLLIN | POLLRDNORM : 0, node_at(epoll)->chain[0]);
    }
}

int node_wait(uint32_t node, uint64_t deadline)
{
    deadline = least(deadline, timer_next());
    if (node_at(NODE_CONSOLE)->watches == 0)
        return sched_block(NODE_KEY(node), SCHED_ANY, deadline);
    /* the console is asked after interrupts */
    node_at(node)->is_polled = true;
    return sched_block(SCHED_IO, SCHED_ANY, deadline);
}

int file_pause(const struct open_file *file)
{
    if ((file->flags & O_NONBLOCK) != 0)
        return -EAGAIN;
    return sched_block(NODE_KEY(file->node), SCHED_ANY, SCHED_FOREVER) == 0 ? 0 : -ERESTARTSYS;
}

void wait_raise_broken(void)
{
    signal_raise(SIGPIPE);
}

static void ask_console(void)
{
    bool is_ready = tty_can_read();
    uint32_t count = tty_count_ready();
    bool is_new = is_ready && (!console_was_ready || count > console_seen);
    console_seen = count;
    console_was_ready = is_ready;
    if (is_new)
        node_changed(NODE_CONSOLE, POLLIN | POLLRDNORM);
}

void wait_console_taken(void)
{
    console_was_ready = false;
}

void wait_catch_up(void)
{
    timer_run();
    if (node_at(NODE_CONSOLE)->watches != 0)
        ask_console();
}

uint32_t wait_node(const struct open_file *file)
{
    return device_is_console(file->special) ? NODE_CONSOLE : file->node;
}

bool wait_is_for(const struct open_file *file)
{
    uint32_t special = file->special;
    return (special >= NODE_PIPE && special <= NODE_SOCKET) || device_is_console(special) || special == DEVICE_RANDOM;
}

void wait_mark(const struct open_file *file)
{
    if (wait_is_for(file))
        node_at(wait_node(file))->is_polled = true;
}

uint64_t wait_changes(void)
{
    return changes;
}

int wait_any(uint64_t since, bool console, uint64_t deadline)
{
    for (;;) {
        int status = sched_block(SCHED_IO, SCHED_ANY, least(deadline, timer_next()));
        if (status != 0 && status != -ETIMEDOUT)
            return status;
        wait_catch_up();
        if (changes != since || (console && tty_can_read()))
            return 0;
        if (status != 0 && platform.clock_monotonic() >= deadline)
            return status;
    }
}
