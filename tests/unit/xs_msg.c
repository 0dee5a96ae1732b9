/* SPDX-License-Identifier: BSD-2-Clause */
/* links: xen/xs_msg.c xen/byte_ring.c */
/* Messages through a xenstore page whose other end lies about indices and lengths, comes in any pieces, or changes every
   word while we look (threats 6, 21). */
#include "xen/xs_msg.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "lies.h"

/* From the heap and no larger than the structs, so that the sanitizer sees every step outside. */
static struct byte_ring_xenstore *page;
static struct xs_in *in;
static struct xs_out *out;
static struct byte_ring_reader from;
static struct byte_ring_writer to;

static void open_at(uint32_t request_index, uint32_t reply_index)
{
    page->req_cons = page->req_prod = request_index;
    page->rsp_cons = page->rsp_prod = reply_index;
    byte_ring_open_xenstore(page, &from, &to);
    memset(in, 0, sizeof(*in));
    memset(out, 0, sizeof(*out));
}

static void put(const void *bytes, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++)
        page->rsp[page->rsp_prod++ % XENSTORE_RING_SIZE] = ((const char *)bytes)[i];
}

static void put_message(uint32_t type, uint32_t req_id, const char *body, uint32_t size)
{
    struct xsd_sockmsg head = { type, req_id, 77, size };

    put(&head, sizeof(head));
    put(body, size);
}

static void check_one(void)
{
    open_at(0, 1020);
    CHECK_EQ(xs_msg_poll(in, &from), XS_NOT_YET);
    put_message(XS_READ, 0x12345678, "value", 5);
    put_message(XS_WATCH_EVENT, 0, "state\0003", 8);
    put_message(XS_ERROR, 9, "", 0);
    CHECK_EQ(xs_msg_poll(in, &from), XS_REPLY);
    CHECK(in->type == XS_READ && in->req_id == 0x12345678 && in->tx_id == 77 && in->length == 5);
    CHECK(memcmp(in->bytes + XS_HEADER_SIZE, "value", 6) == 0);
    CHECK_EQ(page->rsp_cons, 1020 + 21);
    CHECK_EQ(xs_msg_poll(in, &from), XS_EVENT);
    CHECK(in->type == XS_WATCH_EVENT && memcmp(in->bytes + XS_HEADER_SIZE, "state\0003\0", 9) == 0);
    CHECK_EQ(xs_msg_poll(in, &from), XS_REPLY);
    CHECK(in->type == XS_ERROR && in->length == 0 && in->bytes[XS_HEADER_SIZE] == 0 && in->req_id == 9);
    CHECK_EQ(xs_msg_poll(in, &from), XS_NOT_YET);
    CHECK_EQ(page->rsp_cons, page->rsp_prod);
}

/* Byte by byte, and longer than the ring. */
static void check_pieces(void)
{
    static char body[4096];
    struct xsd_sockmsg head = { XS_READ, 5, 0, 4096 };

    open_at(0, 0xffffff00);
    for (unsigned i = 0; i < sizeof(body); i++)
        body[i] = (char)(i * 7);
    for (unsigned i = 0; i < sizeof(head) + sizeof(body); i++) {
        CHECK_EQ(xs_msg_poll(in, &from), XS_NOT_YET);
        CHECK_EQ(in->got, i);
        put(i < sizeof(head) ? (char *)&head + i : body + i - sizeof(head), 1);
    }
    CHECK_EQ(xs_msg_poll(in, &from), XS_REPLY);
    CHECK(memcmp(in->bytes + XS_HEADER_SIZE, body, sizeof(body)) == 0 && in->bytes[XS_MESSAGE_SIZE] == 0);
}

/* Broken at once, for good, and without another look at the page. */
static void check_broken(void)
{
    static const struct {
        uint32_t jump, length;
        bool is_broken;
    } lies[] = {
        { 0, 4096, false },      { 0, 4097, true },       { 0, 0x10000, true },     { 0, 0x80000000, true },
        { 0, 0xfffffff0, true }, { 0, 0xffffffff, true }, { 1009, 0, true },        { 1008, 0, false },
        { 0x80000000, 0, true }, { 0xffffffef, 0, true }, { 0xfffffff0, 0, false },
    };

    for (unsigned i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
        struct xsd_sockmsg head = { XS_READ, 5, 0, lies[i].length };
        enum xs_arrival arrival;

        open_at(0, 0xfffffff8);
        put(&head, sizeof(head));
        if (lies[i].jump == 0)
            put("body", 4);
        page->rsp_prod += lies[i].jump;
        arrival = xs_msg_poll(in, &from);
        CHECK_EQ(arrival == XS_BROKEN, lies[i].is_broken);
        CHECK_EQ(in->is_broken, lies[i].is_broken);
        if (!lies[i].is_broken)
            continue;
        CHECK_EQ(page->rsp_cons, lies[i].jump ? 0xfffffff8 : 8);
        page->rsp_prod = page->rsp_cons;
        put_message(XS_READ, 5, "good", 4);
        CHECK_EQ(xs_msg_poll(in, &from), XS_BROKEN);
        CHECK_EQ(page->rsp_cons, lies[i].jump ? 0xfffffff8 : 8);
    }
}

static void check_token(void)
{
    static const struct {
        const char *body;
        uint32_t length;
        bool has_token;
        uint32_t at, size;
    } cases[] = {
        { "", 0, false, 0, 0 },          { "path", 4, false, 0, 0 },        { "path\0", 5, true, 5, 0 },
        { "path\00012", 7, true, 5, 2 }, { "path\00012\0", 8, true, 5, 2 }, { "path\0001\0junk", 11, true, 5, 1 },
        { "\0", 1, true, 1, 0 },         { "\0x", 2, true, 1, 1 },          { "\0\0\0", 3, true, 1, 0 },
    };

    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint32_t at = 0, size = 0;

        open_at(0, 0);
        put_message(XS_WATCH_EVENT, 0, cases[i].body, cases[i].length);
        CHECK_EQ(xs_msg_poll(in, &from), XS_EVENT);
        CHECK_EQ(xs_msg_find_token(in, &at, &size), cases[i].has_token);
        CHECK(at == cases[i].at && size == cases[i].size);
    }
}

static void check_send(void)
{
    static uint8_t value[4090];
    struct xsd_sockmsg head;
    uint32_t seen = 0;
    int put_now;

    open_at(1000, 0);
    CHECK_EQ(xs_msg_send(out, &to), 0);
    CHECK(xs_msg_make(out, XS_WRITE, 0x89abcdef, 0xfedcba98, (const uint8_t *)"path", 5, (const uint8_t *)"value", 5));
    CHECK_EQ(xs_msg_send(out, &to), 26);
    CHECK(out->sent == out->size && page->req_prod == 1026);
    for (unsigned i = 0; i < 16; i++)
        ((char *)&head)[i] = page->req[(1000 + i) % 1024];
    CHECK(head.type == XS_WRITE && head.req_id == 0x89abcdef && head.tx_id == 0xfedcba98 && head.len == 10);
    CHECK(memcmp(page->req + 1016, "path\0val", 8) == 0 && memcmp(page->req, "ue", 2) == 0);
    CHECK(!xs_msg_make(out, XS_WRITE, 8, 0, value, 7, value, 4090) && out->size == 26 && out->bytes[4] == 0xef);
    CHECK(!xs_msg_make(out, XS_WRITE, 8, 0, value, 4097, value, 0xffffffff));
    for (unsigned i = 0; i < sizeof(value); i++)
        value[i] = (uint8_t)(i * 11);
    page->req_cons = page->req_prod;
    CHECK(xs_msg_make(out, XS_WRITE, 8, 0, (const uint8_t *)"abcde", 6, value, 4090));
    while (out->sent < out->size) {
        put_now = xs_msg_send(out, &to);
        CHECK(put_now > 0 && put_now <= 1024);
        CHECK_EQ(xs_msg_send(out, &to), 0);
        for (; page->req_cons != page->req_prod; seen++, page->req_cons++)
            if (seen >= 22)
                CHECK_EQ((uint8_t)page->req[page->req_cons % 1024], value[seen - 22]);
    }
    CHECK_EQ(seen, XS_MESSAGE_SIZE);
    CHECK(xs_msg_make(out, XS_WRITE, 9, 0, value, 1, value, 0));
    page->req_cons = page->req_prod + 1;
    CHECK_EQ(xs_msg_send(out, &to), BYTE_RING_LIE);
    CHECK(out->sent == 0 && page->req_prod == to.next);
}

static void check_calls(void)
{
    struct xs_calls calls;
    uint32_t first[XS_CALLS];

    xs_calls_init(&calls);
    CHECK_EQ(xs_calls_answer(&calls, 0), XS_NO_CALL);
    for (int i = 0; i < (int)XS_CALLS; i++) {
        CHECK_EQ(xs_calls_open(&calls), i);
        first[i] = calls.id[i];
    }
    CHECK_EQ(xs_calls_open(&calls), XS_NO_CALL);
    CHECK_EQ(xs_calls_answer(&calls, first[5]), 5);
    CHECK_EQ(xs_calls_answer(&calls, first[5]), XS_NO_CALL);
    CHECK_EQ(xs_calls_open(&calls), XS_NO_CALL);
    xs_calls_close(&calls, 5);
    CHECK_EQ(xs_calls_open(&calls), 5);
    CHECK_EQ(xs_calls_answer(&calls, first[5]), XS_NO_CALL);
    CHECK_EQ(xs_calls_answer(&calls, calls.id[5]), 5);
    xs_calls_close(&calls, 2);
    CHECK_EQ(xs_calls_answer(&calls, first[2]), XS_NO_CALL);
    CHECK_EQ(xs_calls_answer(&calls, first[3]), 3);
}

/* Every id that may come, against a plain list of those in flight. */
static void check_random_calls(void)
{
    struct xs_calls calls;
    uint32_t flying[XS_CALLS] = { 0 };
    bool is_flying[XS_CALLS] = { false };

    xs_calls_init(&calls);
    for (uint64_t i = lies_count(3000000); i > 0; i--) {
        uint32_t s = lies_next() % XS_CALLS, id = lies_near(flying[s], 9);
        int expected = XS_NO_CALL, slot;

        if (lies_next() % 2 == 0 && (slot = xs_calls_open(&calls)) >= 0) {
            if (!CHECK(!is_flying[slot] && calls.id[slot] != flying[slot]))
                return;
            flying[slot] = calls.id[slot];
            is_flying[slot] = true;
        }
        for (int k = 0; k < (int)XS_CALLS; k++)
            expected = is_flying[k] && flying[k] == id ? k : expected;
        slot = xs_calls_answer(&calls, id);
        if (!CHECK_EQ(slot, expected))
            return;
        if (slot >= 0 || lies_next() % 8 == 0) {
            s = slot >= 0 ? (uint32_t)slot : s;
            xs_calls_close(&calls, s);
            is_flying[s] = false;
        }
    }
}

/* A stream of messages in random pieces against a plain copy; from time to time a lie, which breaks it at once. */
static bool try_stream(void)
{
    uint8_t sent[2048];
    uint32_t size = 0, said = 0, at = 0;

    open_at(0, (uint32_t)lies_next());
    while (size < 1500) {
        struct xsd_sockmsg head = { (uint32_t)lies_next() % 24, (uint32_t)lies_next(), 0, (uint32_t)lies_next() % 300 };

        memcpy(sent + size, &head, sizeof(head));
        memset(sent + size + sizeof(head), (int)lies_next(), head.len);
        size += 16 + head.len;
    }
    while (at < size) {
        uint32_t room = XENSTORE_RING_SIZE - (page->rsp_prod - page->rsp_cons), step = lies_next() % 200;
        struct xsd_sockmsg head;
        enum xs_arrival arrival;

        step = step > room ? room : step;
        step = step > size - said ? size - said : step;
        put(sent + said, step);
        said += step;
        if (lies_next() % 64 == 0) {
            page->rsp_prod = from.next + 1025 + (uint32_t)(lies_next() % (UINT32_MAX - 1024));
            return CHECK_EQ(xs_msg_poll(in, &from), XS_BROKEN);
        }
        arrival = xs_msg_poll(in, &from);
        memcpy(&head, sent + at, sizeof(head));
        if (said - at < 16 || said - at < 16 + head.len) {
            if (!CHECK_EQ(arrival, XS_NOT_YET) || !CHECK_EQ(from.next, page->rsp_prod))
                return false;
            continue;
        }
        if (!CHECK_EQ(arrival, head.type == XS_WATCH_EVENT ? XS_EVENT : XS_REPLY) ||
            !CHECK_EQ(in->req_id, head.req_id) || !CHECK(in->type == head.type && in->length == head.len) ||
            !CHECK_EQ(in->bytes[16 + head.len], 0) || !CHECK(memcmp(in->bytes, sent + at, 16 + head.len) == 0))
            return false;
        at += 16 + head.len;
        if (!CHECK_EQ(page->rsp_cons, page->rsp_prod - (said - at)))
            return false;
    }
    return true;
}

static void check_random(void)
{
    for (uint64_t i = lies_count(20000); i > 0; i--)
        if (!try_stream())
            return;
}

static atomic_int stop;

static void *scribble(void *memory)
{
    volatile uint32_t *words = memory;

    for (uint32_t i = 0; !stop; i = i * 1664525 + 1013904223)
        words[(i >> 8) % (sizeof(*page) / 4)] = i % 3 ? i % 2000 : i >> (i % 32);
    return NULL;
}

/* Every word of the page changes all the time: what is said of a message is true of the copy. */
static void check_racing(void)
{
    pthread_t peer;

    open_at(0, 0);
    CHECK_EQ(pthread_create(&peer, NULL, scribble, page), 0);
    for (uint64_t i = lies_count(30000); i > 0; i--) {
        uint32_t next = from.next, got = in->got;
        enum xs_arrival arrival = xs_msg_poll(in, &from);

        if (arrival == XS_BROKEN) {
            memset(in, 0, sizeof(*in));
        } else if (arrival == XS_NOT_YET) {
            if (!CHECK(in->got >= got && from.next - next == in->got - got))
                break;
        } else if (!CHECK(in->length <= XENSTORE_PAYLOAD_MAX && in->bytes[16 + in->length] == 0) ||
                   !CHECK_EQ(from.next - next, 16 + in->length - got) ||
                   !CHECK((arrival == XS_EVENT) == (in->type == XS_WATCH_EVENT))) {
            break;
        }
    }
    stop = true;
    pthread_join(peer, NULL);
}

int main(void)
{
    page = calloc(1, sizeof(*page));
    in = calloc(1, sizeof(*in));
    out = calloc(1, sizeof(*out));
    check_one();
    check_pieces();
    check_broken();
    check_token();
    check_send();
    check_calls();
    check_random_calls();
    check_random();
    check_racing();
    free(page);
    free(in);
    free(out);
    return check_done();
}
