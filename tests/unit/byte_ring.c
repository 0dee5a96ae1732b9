/* SPDX-License-Identifier: BSD-2-Clause */
/* links: xen/byte_ring.c */
/* Console and xenstore pages whose other end lies about its index (threats 1, 7), never reads (8), floods (9), or
   changes every word while we look (6). */
#include "xen/byte_ring.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "lies.h"

/* From the heap and no larger than the struct, so that the sanitizer sees every step outside. */
static struct byte_ring_console *console;
static struct byte_ring_reader in;
static struct byte_ring_writer out;

static void open_at(uint32_t in_index, uint32_t out_index)
{
    console->in_cons = console->in_prod = in_index;
    console->out_cons = console->out_prod = out_index;
    byte_ring_open_console(console, &in, &out);
}

static void check_round(void)
{
    uint8_t dst[8] = { 0 };

    open_at(0xfffffffe, 0xfffffffd);
    CHECK(in.size == 1024 && out.size == 2048);
    CHECK_EQ(byte_ring_read(&in, dst, sizeof(dst)), 0);
    CHECK_EQ(byte_ring_write(&out, (const uint8_t *)"vow of silence", 14), 14);
    CHECK_EQ(console->out_prod, 11);
    CHECK(memcmp(console->out + 2045, "vow", 3) == 0 && memcmp(console->out, " of silence", 11) == 0);
    memcpy(console->in + 1022, "ab", 2);
    memcpy(console->in, "cd", 2);
    console->in_prod = 2;
    CHECK_EQ(byte_ring_read(&in, dst, 3), 3);
    CHECK_EQ(console->in_cons, 1);
    CHECK_EQ(byte_ring_read(&in, dst + 3, 5), 1);
    CHECK(memcmp(dst, "abcd\0\0\0\0", 8) == 0);
}

/* A daemon that never reads: the ring fills and takes no more; nothing waits. */
static void check_stall(void)
{
    uint8_t flood[4096] = { 0 };

    open_at(7, 7);
    CHECK_EQ(byte_ring_write(&out, flood, 2000), 2000);
    CHECK_EQ(byte_ring_write(&out, flood, 2000), 48);
    CHECK_EQ(byte_ring_write(&out, flood, 2000), 0);
    console->out_cons = 8;
    CHECK_EQ(byte_ring_write(&out, flood, 2000), 1);
    console->in_prod = 7 + 1024;
    CHECK_EQ(byte_ring_read(&in, flood, sizeof(flood)), 1024);
    CHECK_EQ(byte_ring_read(&in, flood, sizeof(flood)), 0);
}

static void check_table(void)
{
    static const struct {
        uint32_t ours, peer;
        int in, out; /* results of reading and writing 3 bytes */
    } lies[] = {
        { 0, 0, 0, 3 },
        { 0, 1024, 3, BYTE_RING_LIE },
        { 0, 1025, BYTE_RING_LIE, BYTE_RING_LIE },
        { 1, 0, BYTE_RING_LIE, 3 },
        { 2048, 0, BYTE_RING_LIE, 0 },
        { 2049, 0, BYTE_RING_LIE, BYTE_RING_LIE },
        { 2046, 0, BYTE_RING_LIE, 2 },
        { 5, 0x80000005, BYTE_RING_LIE, BYTE_RING_LIE },
        { 0xffffffff, 0, 1, BYTE_RING_LIE },
        { 0xfffffc00, 0, 3, BYTE_RING_LIE },
        { 0xfffffbff, 0, BYTE_RING_LIE, BYTE_RING_LIE },
        { 0, 0xffffffff, BYTE_RING_LIE, 3 },
        { 0, 0xfffff800, BYTE_RING_LIE, 0 },
    };
    uint8_t bytes[3] = { 0 };

    for (unsigned i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
        open_at(lies[i].ours, lies[i].ours);
        console->in_prod = console->out_cons = lies[i].peer;
        CHECK_EQ(byte_ring_read(&in, bytes, 3), lies[i].in);
        CHECK_EQ(byte_ring_write(&out, bytes, 3), lies[i].out);
        CHECK_EQ(console->in_cons, lies[i].ours + (uint32_t)(lies[i].in > 0 ? lies[i].in : 0));
        CHECK_EQ(console->out_prod, lies[i].ours + (uint32_t)(lies[i].out > 0 ? lies[i].out : 0));
    }
}

/* One call each way against a plain model; false after the first difference. */
static bool try_read(uint32_t peer, uint32_t count)
{
    uint8_t dst[40];
    uint32_t cons = in.next, waiting = peer - cons, want = count < waiting ? count : waiting;
    int got;

    memset(dst, 0xee, sizeof(dst));
    console->in_prod = peer;
    console->in_cons = (uint32_t)lies_next();
    got = byte_ring_read(&in, dst, count);
    if (waiting > 1024)
        return CHECK_EQ(got, BYTE_RING_LIE) && CHECK_EQ(in.next, cons) && CHECK_EQ(dst[0], 0xee);
    for (uint32_t i = 0; i < sizeof(dst); i++)
        if (dst[i] != (i < want ? (uint8_t)console->in[(cons + i) % 1024] : 0xee))
            return CHECK(false);
    return CHECK_EQ(got, want) && CHECK_EQ(in.next, cons + want) && CHECK_EQ(console->in_cons, cons + want);
}

static bool try_write(uint32_t peer, uint32_t count)
{
    uint8_t src[40];
    uint32_t prod = out.next, used = prod - peer, room = 2048 - used, want = count < room ? count : room;
    int put;

    memset(src, (int)lies_next(), sizeof(src));
    console->out_cons = peer;
    console->out_prod = prod + 1;
    put = byte_ring_write(&out, src, count);
    if (used > 2048)
        return CHECK_EQ(put, BYTE_RING_LIE) && CHECK_EQ(out.next, prod) && CHECK_EQ(console->out_prod, prod + 1);
    for (uint32_t i = 0; i < want; i++)
        if ((uint8_t)console->out[(prod + i) % 2048] != src[i])
            return CHECK(false);
    return CHECK_EQ(put, want) && CHECK_EQ(out.next, prod + want) && CHECK_EQ(console->out_prod, prod + want);
}

static void check_random(void)
{
    for (uint64_t i = lies_count(2000000); i > 0; i--) {
        if (i % 4096 == 0)
            open_at((uint32_t)lies_next(), (uint32_t)lies_next());
        if (!try_read(lies_near(in.next + 512, 520), lies_next() % 40) ||
            !try_write(lies_near(out.next - 1024, 1030), lies_next() % 40))
            return;
    }
}

static atomic_int stop; /* no volatile bool: gcc's bool sanitizer reads one only once */

static void *scribble(void *page)
{
    volatile uint32_t *words = page;

    for (uint32_t i = 0; !stop; i = i * 1664525 + 1013904223)
        words[(i >> 8) % (sizeof(*console) / 4)] = i >> (i % 32);
    return NULL;
}

/* Every word of the page changes all the time: results stay in their range, and our indices are our own. */
static void check_racing(void)
{
    static uint8_t bytes[3000];
    pthread_t peer;

    open_at(0, 0);
    CHECK_EQ(pthread_create(&peer, NULL, scribble, console), 0);
    for (uint64_t i = lies_count(5000); i > 0; i--) {
        uint32_t count = lies_next() % 64, cons = in.next, prod = out.next;
        int got = byte_ring_read(&in, bytes, count), put = byte_ring_write(&out, bytes, count);

        if (!CHECK(got == BYTE_RING_LIE || (got >= 0 && (uint32_t)got <= count)) ||
            !CHECK(put == BYTE_RING_LIE || (put >= 0 && (uint32_t)put <= count)) ||
            !CHECK_EQ(in.next, cons + (got > 0 ? (uint32_t)got : 0)) ||
            !CHECK_EQ(out.next, prod + (put > 0 ? (uint32_t)put : 0)))
            break;
    }
    stop = true;
    pthread_join(peer, NULL);
}

static void check_xenstore(void)
{
    struct byte_ring_xenstore *page = calloc(1, sizeof(*page));
    uint8_t dst[4];

    page->req_prod = page->req_cons = 1023;
    page->rsp_prod = 2;
    memcpy(page->rsp, "OK", 2);
    byte_ring_open_xenstore(page, &in, &out);
    CHECK_EQ(byte_ring_read(&in, dst, 4), 2);
    CHECK(memcmp(dst, "OK", 2) == 0 && page->rsp_cons == 2);
    CHECK_EQ(byte_ring_write(&out, (const uint8_t *)"ab", 2), 2);
    CHECK(page->req[1023] == 'a' && page->req[0] == 'b' && page->req_prod == 1025);
    page->req_cons = 0;
    CHECK_EQ(byte_ring_write(&out, dst, 1), BYTE_RING_LIE);
    free(page);
}

int main(void)
{
    console = calloc(1, sizeof(*console));
    check_round();
    check_stall();
    check_table();
    check_random();
    check_racing();
    free(console);
    check_xenstore();
    return check_done();
}
