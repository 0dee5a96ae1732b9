/* SPDX-License-Identifier: BSD-2-Clause */
/* Waiting for a node and telling those who wait: calls that read or write it, epolls that watch it, and poll. spec/epoll.md. */
#ifndef KERNEL_FS_WAIT_H
#define KERNEL_FS_WAIT_H
#include "kernel/fs/open.h"
#include <stdbool.h>
#include <stdint.h>

/* The node has changed so that these POLL bits may hold now; 0: only the time when it will be ready may be another. Whoever
   waits for it looks again; watches that want one of the bits may be ready, and so may the epolls that watch their epolls. */
void node_changed(uint32_t id, unsigned bits);

/* Blocks until node_changed, or the deadline, or earlier for no reason: 0, -ETIMEDOUT (which also a timer's expiration is,
   wait_catch_up then tells it), or -EINTR when a signal is due. */
int node_wait(uint32_t node, uint64_t deadline);

/* Blocks until ready(arg), which does not hold yet and only node_changed makes true: 0, or -ERESTARTSYS when a signal is due. */
int node_wait_for(uint32_t node, bool (*ready)(void *arg), void *arg);

/* The same for a call on an open file; -EAGAIN when the file never waits. */
int file_wait(const struct open_file *file, bool (*ready)(void *arg), void *arg);

/* Timers whose time has come and input that came to the console become changes of their nodes. Before files are asked. */
void wait_catch_up(void);

/* Somebody took input from the console: what is left, and what comes, counts as new. */
void wait_console_taken(void);

/* A number that no epoll has in its cookie yet: marks the epolls that a walk came by. */
uint64_t wait_new_walk(void);

/* The node whose changes are an open file's, if wait_is_for it: all consoles are one. */
uint32_t wait_node(const struct open_file *file);

/* Is there anything to wait for? Regular files, directories and most devices are always ready: their nodes have no watches and no
   mark. */
bool wait_is_for(const struct open_file *file);

/* A call is about to wait for the file among others: from now on its next change counts in wait_changes. */
void wait_mark(const struct open_file *file);
uint64_t wait_changes(void);

/* Blocks until wait_changes is not `since`, or input waits on the console and the caller wants it (0), or the deadline
   (-ETIMEDOUT), or a signal is due (-EINTR). */
int wait_any(uint64_t since, bool console, uint64_t deadline);

#endif
