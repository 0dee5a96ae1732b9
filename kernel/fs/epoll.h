/* SPDX-License-Identifier: BSD-2-Clause */
/* Sets of watched files: epoll(7). spec/epoll.md. */
#ifndef KERNEL_FS_EPOLL_H
#define KERNEL_FS_EPOLL_H
#include "kernel/fs/open.h"
#include "lib/state.h"
#include <linux/eventpoll.h>
#include <linux/poll.h>
#include <stdint.h>

/* An epoll may watch epolls, and these epolls, as long as no file is reached through more than so many. */
#define EPOLL_DEPTH 5u

/* epoll_ctl(2) on an open epoll, for another open file that `fd` names and that one can wait for: 0, -EINVAL (EPOLLEXCLUSIVE),
   -EEXIST, -ENOENT, -ELOOP, -ENOSPC. */
int epoll_add(const struct open_file *epoll, uint32_t fd, const struct open_file *file,
              const struct epoll_event *event);
int epoll_modify(const struct open_file *epoll, uint32_t fd, const struct open_file *file,
                 const struct epoll_event *event);
int epoll_delete(const struct open_file *epoll, uint32_t fd, const struct open_file *file);

/* Tells at most `most` events into an array at user address user: how many, which may be 0, or -EFAULT when none could be
   stored. Each watch that may be ready is asked once. */
int64_t epoll_take(const struct open_file *epoll, uint64_t user, uint32_t most);

/* POLL bits that hold now. Asks what it watches, so as deep as epolls are nested. */
/*@ requires node: \valid_read(epoll) && NodeMade(epoll->node);
    terminates \true; exits \false;
    assigns ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_kernel, ghost_input;
    ensures bits: \result == 0 || \result == (POLLIN | POLLRDNORM); */
unsigned epoll_poll(const struct open_file *epoll);

/* The last descriptor of an open file is closed: nobody watches it any more, and if it is an epoll, it watches nothing. */
/*@ requires good: FileOf(file) && NodeMade(file->node);
    terminates \true; exits \false;
    assigns ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_elsewhere;
    ensures told: NodesTold{Pre, Post}; */
void epoll_forget(const struct open_file *file);

#endif
