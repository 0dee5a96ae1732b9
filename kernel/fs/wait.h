/* SPDX-License-Identifier: BSD-2-Clause */
/* Waiting for a node and telling those who wait: calls that read or write it, epolls that watch it, and poll. spec/epoll.md. */
#ifndef KERNEL_FS_WAIT_H
#define KERNEL_FS_WAIT_H
#include "kernel/fs/open.h"
#include "kernel/fs/stream.h"
#include "kernel/signal.h"
#include <stdbool.h>
#include <stdint.h>

#include "spec/wait.acsl"

/* The node has changed so that these POLL bits may hold now; 0: only the time when it will be ready may be another. Whoever
   waits for it looks again; watches that want one of the bits may be ready, and so may the epolls that watch their epolls. */
/*@ requires made: NodeMade(id);
    terminates \true; exits \false;
    assigns ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_elsewhere;
    ensures told: NodesTold{Pre, Post};
    ensures good: NodesGood{Pre} ==> NodesGood; */
void node_changed(uint32_t id, unsigned bits);

/* Blocks until node_changed, or the deadline, or earlier for no reason: 0, -ETIMEDOUT (which also a timer's expiration is,
   wait_catch_up then tells it), or -EINTR when a signal is due. */
int node_wait(uint32_t node, uint64_t deadline);

/* A call on an open file cannot go on. Blocks until node_changed (0, and the caller looks again); -EAGAIN when the file never
   waits, -ERESTARTSYS when a signal is due. Other threads run meanwhile: the contract says what callers look at then. */
/*@ requires file: FileApart(file) && NodeMade(file->node) && NodesGood;
    terminates (file->flags & O_NONBLOCK) != 0; exits \false;
    assigns ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_nodes_made, ghost_node_next,
      ghost_elsewhere, ghost_faults;
    ensures grow: NodesGrow{Pre, Post};
    ensures good: NodesGood;
    ensures special: ghost_node[file->node].special == \old(ghost_node[file->node].special);
    ensures never: (file->flags & O_NONBLOCK) != 0 <==> \result == -EAGAIN;
    ensures result: \result == 0 || \result == -EAGAIN || \result == -ERESTARTSYS;
    ensures alone: \result == -EAGAIN ==> ghost_faults == \old(ghost_faults) && NodesTold{Pre, Post}; */
int file_pause(const struct open_file *file);

/* The caller writes where nobody reads any more: SIGPIPE. */
/*@ terminates \true; exits \false; assigns ghost_elsewhere; */
void wait_raise_broken(void);

/* Timers whose time has come and input that came to the console become changes of their nodes. Before files are asked. */
void wait_catch_up(void);

/* Somebody took input from the console: what is left, and what comes, counts as new. */
/*@ terminates \true; exits \false; assigns ghost_elsewhere; */
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
