/* SPDX-License-Identifier: BSD-2-Clause */
/* Timers as files: timerfd. Moments are of the monotonic clock. spec/epoll.md. */
#ifndef KERNEL_FS_TIMER_H
#define KERNEL_FS_TIMER_H
#include "kernel/fs/data.h"
#include "kernel/fs/open.h"
#include "kernel/fs/wait.h"
#include "lib/state.h"
#include <linux/errno.h>
#include <linux/poll.h>
#include <stdbool.h>
#include <stdint.h>

enum timer_state { TIMER_IDLE, TIMER_QUEUED, TIMER_EXPIRED };

/* A timer that is not set, without a reference yet; 0 when there is no room. */
uint32_t timer_make(uint32_t clock);

/* The timer begins anew: it expires at `due` (at most SCHED_FOREVER, which never comes; 0: not at all), and from then on every
   interval nanoseconds, if that is not 0. Whoever waits for it looks again. */
void timer_set(uint32_t node, uint64_t due, uint64_t interval);

/* Nanoseconds until it expires next, 0 when it does not. */
uint64_t timer_left(uint32_t node);

/* read(2): 8, and the expirations since the last read; -EINVAL, -EAGAIN, -EFAULT. */
/*@ requires good: NodesGood && NodesApart(to, file);
    requires node: NodeMade(file->node) && ghost_node[file->node].special == NODE_TIMER;
    terminates \false; exits \false;
    assigns ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_nodes_made, ghost_node_next,
      ghost_elsewhere, ghost_faults, ghost_word, ghost_kernel, ghost_app, ghost_deadline, ghost_input, ghost_ns;
    ensures good: NodesGood;
    ensures result: \result == 8 || \result == -EINVAL || \result == -EAGAIN || \result == -ERESTARTSYS
      || \result == -EFAULT;
    ensures small: n < 8 <==> \result == -EINVAL; */
int64_t timer_read(const struct open_file *file, const struct io_buffer *to, uint64_t n);

/* POLL bits that hold now. */
/*@ requires node: FileApart(file) && NodeMade(file->node);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == (ghost_node[file->node].ticks != 0 ? POLLIN | POLLRDNORM : 0); */
unsigned timer_poll(const struct open_file *file);

/* Its last open file is closed. */
/*@ requires made: NodeMade(node);
    terminates \true; exits \false;
    assigns ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_elsewhere;
    ensures told: NodesTold{Pre, Post}; */
void timer_close(uint32_t node);

/* When the first timer expires that has not: SCHED_FOREVER when none will. */
uint64_t timer_next(void);

/* Timers whose moment has come expire. Reads the clock only if one is set. */
void timer_run(void);

#endif
