/* SPDX-License-Identifier: BSD-2-Clause */
/* Pipes, and event counters: nodes without names that calls wait at. */
#ifndef KERNEL_FS_PIPE_H
#define KERNEL_FS_PIPE_H
#include "kernel/fs/data.h"
#include "kernel/fs/open.h"
#include <stdbool.h>
#include <stdint.h>

/* Reads: how many, 0 when empty and no writer is left, -EAGAIN, -EFAULT. Writes: how many, -EPIPE, -EAGAIN, -ENOMEM,
   -EFAULT. Without O_NONBLOCK they wait for the other end. */
int64_t pipe_read(const struct open_file *file, const struct io_buffer *to, uint64_t n);
int64_t pipe_write(const struct open_file *file, const struct io_buffer *from, uint64_t n);

/* eventfd(2): 8, or -EINVAL, -EAGAIN, -EFAULT. */
int64_t event_read(const struct open_file *file, const struct io_buffer *to, uint64_t n);
int64_t event_write(const struct open_file *file, const struct io_buffer *from, uint64_t n);

/* A counter without a reference yet; 0 when there is no room. */
uint32_t event_create(uint64_t value, bool semaphore);

/* POLL bits that hold now for this end or counter. */
unsigned pipe_poll(const struct open_file *file);
unsigned event_poll(const struct open_file *file);

#endif
