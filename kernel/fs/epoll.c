/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/fs/epoll.h"
#include "kernel/fs/file.h"
#include "kernel/fs/node.h"
#include "kernel/fs/wait.h"
#include "kernel/fs/watch.h"
#include "mm/user.h"
#include <linux/errno.h>
#include <linux/poll.h>
#include <stddef.h>

/* What is no condition of a file. */
#define MODE_BITS (EPOLLWAKEUP | EPOLLONESHOT | EPOLLET | EPOLLEXCLUSIVE)

/* What may stand beside EPOLLEXCLUSIVE. */
#define EXCLUSIVE_BITS (EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP | EPOLLWAKEUP | EPOLLET | EPOLLEXCLUSIVE)

#define ALWAYS (EPOLLERR | EPOLLHUP)

#define LEVELS_LOOP (EPOLL_DEPTH + 2)

/* What the watch's file is ready for, of what was asked. */
static uint32_t ready_bits(const struct watch *watch)
{
    return file_poll(file_at(watch->file)) & watch->events & ~MODE_BITS;
}

/* The epolls that an epoll watches, or (up) those that watch it, are put into a chain if they are not in it: its new first. */
static uint32_t chain_neighbours(uint32_t id, bool up, unsigned level, uint64_t mark, uint32_t chain)
{
    enum watch_ring ring = up ? WATCH_OF_NODE : WATCH_OF_EPOLL;
    uint32_t first = up ? node_at(id)->watches : node_at(id)->items;
    for (uint32_t i = first; i != 0; i = watch_next(ring, i, first)) {
        uint32_t other = up ? watch_at(i)->epoll : watch_at(i)->node;
        struct node *node = node_at(other);
        if (node->special != NODE_EPOLL || node->cookie == mark)
            continue;
        node->cookie = mark;
        node->chain[level % 2] = chain;
        chain = other;
    }
    return chain;
}

/* How many levels of epolls there are from this one on, itself the first: at most EPOLL_DEPTH + 1 are counted; LEVELS_LOOP when
   `sought` is among them. A level has each epoll once, so this costs no more than so many times all watches. */
static unsigned count_levels(uint32_t id, bool up, uint32_t sought)
{
    unsigned levels = 0;
    node_at(id)->chain[0] = 0;
    for (uint32_t chain = id; chain != 0 && levels <= EPOLL_DEPTH; levels++) {
        uint64_t mark = wait_new_walk();
        uint32_t below = 0;
        for (; chain != 0; chain = node_at(chain)->chain[levels % 2]) {
            if (chain == sought)
                return LEVELS_LOOP;
            below = chain_neighbours(chain, up, levels + 1, mark, below);
        }
        chain = below;
    }
    return levels;
}

/* May the epoll watch that one? */
static int check_nesting(uint32_t epoll, uint32_t other)
{
    unsigned below = count_levels(other, false, epoll);
    return below == LEVELS_LOOP || below + count_levels(epoll, true, 0) > EPOLL_DEPTH ? -ELOOP : 0;
}

static uint32_t change_bits(const struct open_file *file)
{
    if (file->special != NODE_PIPE)
        return UINT32_MAX;
    return (file_readable(file) ? POLLIN | POLLRDNORM | POLLHUP : 0u) |
           (file_writable(file) ? POLLOUT | POLLWRNORM | POLLERR : 0u);
}

/* The watch as it is now: if its file is ready, its epoll is. */
static void look_first(uint32_t id)
{
    const struct watch *watch = watch_at(id);
    wait_catch_up();
    bool is_new = !watch->is_ready && ready_bits(watch) != 0;
    if (is_new)
        watch_set_ready(id);
    node_changed(watch->epoll, is_new ? POLLIN | POLLRDNORM : 0);
}

int epoll_add(const struct open_file *epoll, uint32_t fd, const struct open_file *file, const struct epoll_event *event)
{
    bool is_epoll = file->special == NODE_EPOLL;
    if ((event->events & EPOLLEXCLUSIVE) != 0 && (is_epoll || (event->events & ~EXCLUSIVE_BITS) != 0))
        return -EINVAL;
    int status = is_epoll ? check_nesting(epoll->node, file->node) : 0;
    if (status != 0)
        return status;
    struct watch made = { .data = event->data,
                          .events = event->events | ALWAYS,
                          .changes = change_bits(file),
                          .epoll = epoll->node,
                          .node = wait_node(file),
                          .fd = fd,
                          .file = file->id };
    if (watch_find(made.epoll, made.node, made.file, fd) != 0)
        return -EEXIST;
    uint32_t id = watch_add(&made);
    if (id == 0)
        return -ENOSPC;
    look_first(id);
    return 0;
}

int epoll_modify(const struct open_file *epoll, uint32_t fd, const struct open_file *file,
                 const struct epoll_event *event)
{
    uint32_t id = watch_find(epoll->node, wait_node(file), file->id, fd);
    if ((event->events & EPOLLEXCLUSIVE) != 0)
        return -EINVAL;
    if (id == 0)
        return -ENOENT;
    struct watch *watch = watch_at(id);
    if ((watch->events & EPOLLEXCLUSIVE) != 0)
        return -EINVAL;
    watch->events = event->events | ALWAYS;
    watch->data = event->data;
    look_first(id);
    return 0;
}

int epoll_delete(const struct open_file *epoll, uint32_t fd, const struct open_file *file)
{
    uint32_t id = watch_find(epoll->node, wait_node(file), file->id, fd);
    if (id == 0)
        return -ENOENT;
    watch_remove(id);
    return 0;
}

/* What becomes of a watch that was told: it is silent until it is modified, or until the next change, or told again. */
static void after_telling(struct watch *watch, uint32_t id)
{
    if ((watch->events & EPOLLONESHOT) != 0)
        watch->events &= MODE_BITS;
    else if ((watch->events & EPOLLET) == 0)
        watch_set_ready(id);
}

int64_t epoll_take(const struct open_file *epoll, uint64_t user, uint32_t most)
{
    struct node *node = node_at(epoll->node);
    uint32_t last = node->ready != 0 ? watch_at(node->ready)->ring[WATCH_READY].previous : 0;
    uint32_t done = 0, id = 0;
    while (node->ready != 0 && done < most && id != last) {
        id = node->ready;
        struct watch *watch = watch_at(id);
        uint32_t bits = ready_bits(watch);
        watch_clear_ready(id);
        if (bits == 0)
            continue;
        struct epoll_event event = { bits, watch->data };
        if (user_copy_out(user + done * sizeof(event), &event, sizeof(event)) != 0) {
            watch_set_ready(id);
            return done != 0 ? (int64_t)done : -EFAULT;
        }
        done++;
        after_telling(watch, id);
    }
    return done;
}

unsigned epoll_poll(const struct open_file *epoll)
{
    const struct node *node = node_at(epoll->node);
    while (node->ready != 0) {
        if (ready_bits(watch_at(node->ready)) != 0)
            return POLLIN | POLLRDNORM;
        watch_clear_ready(node->ready);
    }
    return 0;
}

void epoll_forget(const struct open_file *file)
{
    if (!wait_is_for(file))
        return;
    uint32_t first = node_at(wait_node(file))->watches, next;
    uint32_t last = first != 0 ? watch_at(first)->ring[WATCH_OF_NODE].previous : 0;
    for (uint32_t id = first; id != 0; id = id != last ? next : 0) {
        next = watch_at(id)->ring[WATCH_OF_NODE].next;
        if (watch_at(id)->file == file->id)
            watch_remove(id);
    }
    struct node *node = node_at(file->node);
    while (file->special == NODE_EPOLL && node->items != 0)
        watch_remove(node->items);
}
