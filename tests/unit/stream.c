/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes put, looked at and taken at random, against a list of them; a bad address and a full memory change nothing. */
/* links: tests/unit/fake/mm.c mm/user_range.c tests/unit/fake/kernel.c kernel/fs/slots.c kernel/fs/node.c kernel/fs/data.c
   kernel/fs/stream.c */
#include "kernel/fs/stream.h"
#include "check.h"
#include "fake/mm.h"
#include <errno.h>
#include <string.h>

#define STEPS 60000u

static uint8_t waiting[PIPE_SIZE], piece[PIPE_SIZE], got[PIPE_SIZE];
static uint64_t count;
static struct node *node;
static uint32_t id;
static uint32_t seed = 11;

static uint32_t any(uint32_t below)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

static void put(uint64_t n)
{
    struct io_buffer from = { .kernel = piece };
    for (uint64_t i = 0; i < n; i++)
        piece[i] = (uint8_t)any(256);
    for (uint64_t done = 0; done < n && count < PIPE_SIZE;) {
        int64_t more = stream_put(id, &from, done, n - done);
        if (!CHECK(more > 0 && (uint64_t)more <= n - done))
            return;
        memcpy(waiting + count, piece + done, (uint64_t)more);
        count += (uint64_t)more;
        done += (uint64_t)more;
    }
}

static void take(uint64_t n)
{
    struct io_buffer to = { .kernel = got };
    uint64_t want = n < count ? n : count;
    CHECK_EQ(stream_take(id, &to, n), want);
    CHECK(memcmp(got, waiting, want) == 0);
    memmove(waiting, waiting + want, count - want);
    count -= want;
}

static void peek(uint64_t skip, uint64_t n)
{
    struct io_buffer to = { .kernel = got };
    uint64_t there = skip < count ? count - skip : 0;
    uint64_t want = n < there ? n : there;
    CHECK_EQ(stream_peek(node, skip, &to, n), want);
    CHECK(memcmp(got, waiting + (skip < count ? skip : 0), want) == 0);
}

static void check_refusals(void)
{
    struct io_buffer nowhere = { .user = 16 }, from = { .kernel = piece };
    take(PIPE_SIZE);
    CHECK_EQ(stream_put(id, &nowhere, 0, 5), -EFAULT);
    CHECK_EQ(node->used, 0);
    put(5);
    CHECK_EQ(stream_take(id, &nowhere, 5), -EFAULT);
    CHECK_EQ(node->used, 5);
    take(5);
    data_free(node);
    fake_frames_left(0);
    CHECK_EQ(stream_put(id, &from, 0, 5), -ENOMEM);
    CHECK_EQ(node->used, 0);
    fake_frames_left(FAKE_FRAMES);
}

int main(void)
{
    fake_mm_start();
    id = node_create(S_IFIFO, NODE_PIPE);
    node = node_at(id);
    for (unsigned step = 0; step < STEPS; step++) {
        uint32_t n = any(4) == 0 ? any(PIPE_SIZE) : any(300), what = any(5);
        if (what < 2)
            put(n);
        else if (what < 4)
            take(n);
        else
            peek(any(PIPE_SIZE), n);
        CHECK_EQ(node->used, count);
        CHECK_EQ(stream_is_roomy(node), PIPE_SIZE - count >= PIPE_ATOMIC);
    }
    check_refusals();
    node_reap(id);
    return check_done();
}
