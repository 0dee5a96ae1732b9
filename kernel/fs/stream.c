/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/fs/stream.h"
#include "lib/limits.h"
#include <linux/errno.h>
#include <stddef.h>

int64_t stream_peek(const struct node *node, uint64_t skip, const struct io_buffer *to, uint64_t n)
{
    uint64_t done = 0;
    n = skip < node->used ? least(n, node->used - skip) : 0;
    /*@ loop invariant moved: done <= n;
        loop invariant clean: ghost_faults == \at(ghost_faults, Pre);
        loop assigns done, ghost_elsewhere, ghost_faults;
        loop variant n - done; */
    while (done < n) {
        uint64_t at = (node->head + skip + done) % PIPE_SIZE;
        uint64_t piece = least(n - done, PIPE_SIZE - at);
        const uint8_t *bytes = data_peek(node, at, &piece);
        if (io_give(to, done, bytes, piece) != 0)
            return done != 0 ? (int64_t)done : -EFAULT;
        done += piece;
    }
    return (int64_t)done;
}

int64_t stream_take(uint32_t id, const struct io_buffer *to, uint64_t n)
{
    struct node *node = node_at(id);
    int64_t done = stream_peek(node, 0, to, n);
    if (done <= 0)
        return done;
    node->used -= (uint32_t)done;
    /* empty: one frame is enough */
    node->head = node->used == 0 ? 0 : (uint32_t)((node->head + (uint64_t)done) % PIPE_SIZE);
    return done;
}

int64_t stream_put(uint32_t id, const struct io_buffer *from, uint64_t at, uint64_t n)
{
    struct node *node = node_at(id);
    uint64_t tail = (node->head + node->used) % PIPE_SIZE;
    uint64_t piece = least(least(n, PIPE_SIZE - node->used), FRAME_SIZE - tail % FRAME_SIZE);
    uint8_t *page = data_page(node, tail / FRAME_SIZE);
    /*@ assert basics: NodesBasicsSame{Pre, Here}; */
    /*@ assert peers: PeersSame{Pre, Here}; */
    /*@ assert streams: StreamsGood; */
    /*@ assert sockets: SocketsGood; */
    /*@ assert good: NodesGood; */
    if (page == NULL)
        return -ENOMEM;
    if (io_take(from, at, page + tail % FRAME_SIZE, piece) != 0)
        return -EFAULT;
    node->used += (uint32_t)piece;
    /*@ assert still: PeersSame{Pre, Here}; */
    /*@ assert more: StreamsGood; */
    return (int64_t)piece;
}
