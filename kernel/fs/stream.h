/* SPDX-License-Identifier: BSD-2-Clause */
/* The bytes that wait in a pipe or for a socket: a ring in the pages of its node. Nothing waits here. */
#ifndef KERNEL_FS_STREAM_H
#define KERNEL_FS_STREAM_H
#include "kernel/fs/data.h"
#include "kernel/fs/node.h"
#include <stdbool.h>
#include <stdint.h>

#define PIPE_SIZE   65536u
#define PIPE_ATOMIC 4096u /* PIPE_BUF */

/* Is there so much room that poll calls it writable? */
static inline bool stream_is_roomy(const struct node *node)
{
    return PIPE_SIZE - node->used >= PIPE_ATOMIC;
}

/* Up to n bytes leave the ring in the order they came: how many, or -EFAULT when none could be stored. */
int64_t stream_take(struct node *node, const struct io_buffer *to, uint64_t n);

/* The same, but they stay, and `skip` bytes before them are left out. */
int64_t stream_peek(const struct node *node, uint64_t skip, const struct io_buffer *to, uint64_t n);

/* Puts in what fits, at most n bytes of the buffer from its byte at, within one page: how many, at least 1 when there is room; or
   -ENOMEM, -EFAULT. */
int64_t stream_put(struct node *node, const struct io_buffer *from, uint64_t at, uint64_t n);

#endif
