/* SPDX-License-Identifier: BSD-2-Clause */
/* links: drivers/xenstore.c xen/xs_msg.c xen/xs_error.c xen/byte_ring.c lib/decimal.c lib/format.c lib/log.c
   tests/unit/fake/xenstored.c */
/* The client against a xenstored that is slow, silent, or lies (threats 20, 21, 23). */
#include "drivers/xenstore.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "fake/xenstore_host.h"
#include "lies.h"

/* Events that are none of ours fire nothing, and requests go on through them. */
static void check_event_lies(void)
{
    static const struct {
        const char *body;
        uint32_t length;
    } lies[] = {
        { "", 0 },
        { "state", 5 },
        { "state\0", 6 },
        { "state\0001", 7 },
        { "state\00099", 9 },
        { "state\00000", 9 },
        { "state\0-0", 9 },
        { "state\0 0", 9 },
        { "\0\0\0\0", 4 },
        { "state\0004294967296", 17 },
    };
    char text[8];
    int watch;

    start();
    watch = xenstore_watch("state");
    CHECK(xenstore_fired(watch));
    fake_xenstored_set("key", "value");
    for (unsigned i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
        fake_xenstored_say(XS_WATCH_EVENT, 0, lies[i].body, lies[i].length);
        CHECK_EQ(xenstore_read(0, "key", text, sizeof(text)), 5);
        CHECK(!xenstore_fired(watch));
    }
    fake_xenstored_say(XS_WATCH_EVENT, 0xffffffff, "\0000", 3);
    CHECK_EQ(xenstore_wait(watch, now + SECOND), 0);
}

/* A hundred thousand events: nothing grows, the request gets its answer, the watch counts once. */
static void check_flood(void)
{
    char text[8];
    int watch;

    start();
    watch = xenstore_watch("flood");
    for (int i = 0; i < 100; i++) {
        for (int k = 0; k < 1000; k++)
            fake_xenstored_say(XS_WATCH_EVENT, 0, "flood\0000", 8);
        CHECK_EQ(xenstore_read(0, "key", text, sizeof(text)), -ENOENT);
    }
    CHECK(xenstore_fired(watch) && !xenstore_fired(watch));
    /* a poll ends although more comes */
    for (int k = 0; k < 1000; k++)
        fake_xenstored_say(XS_READ, 0, "", 0);
    fake_xenstored_step();
    CHECK(xenstore_poll() && page->rsp_prod == page->rsp_cons);
    CHECK(!xenstore_poll() && log_lines == 0);
}

static void check_silence(void)
{
    uint64_t begun = now;
    char text[8] = "keep";

    start();
    fake_xenstored_set("key", "value");
    fake_xenstored.lie = hold;
    begun = now;
    CHECK_EQ(xenstore_read(0, "key", text, sizeof(text)), -ETIMEDOUT);
    CHECK(now - begun >= XENSTORE_TIMEOUT_NS && now - begun < XENSTORE_TIMEOUT_NS + SECOND);
    fake_xenstored.lie = NULL;
    fake_xenstored_say(XS_READ, held_id, "late", 4);
    CHECK_EQ(xenstore_read(0, "nothing", text, sizeof(text)), -ENOENT);
    CHECK(strcmp(text, "keep") == 0);
    CHECK_EQ(xenstore_read(0, "key", text, sizeof(text)), 5);
    CHECK(strcmp(text, "value") == 0 && log_lines == 0);
}

/* The answer to a watch is late: asked again, it is the same watch. */
static void check_late_watch(void)
{
    start();
    fake_xenstored.lie = hold;
    CHECK_EQ(xenstore_watch("state"), -ETIMEDOUT);
    fake_xenstored.lie = NULL;
    CHECK_EQ(xenstore_watch("state"), 0);
    CHECK(xenstore_fired(0) && !xenstore_fired(0));
    fake_xenstored_set("state", "1");
    CHECK_EQ(xenstore_wait(0, now + SECOND), 0);
}

/* A daemon that reads nothing: requests end by their deadline, and the half of one that is in the ring is completed later. */
static void check_stall(void)
{
    static char value[3000];
    uint64_t begun;
    char text[8];

    start();
    memset(value, 'v', sizeof(value) - 1);
    fake_xenstored.is_stopped = true;
    CHECK_EQ(xenstore_write(0, "a", value), -ETIMEDOUT);
    begun = now;
    CHECK_EQ(xenstore_read(0, "a", text, sizeof(text)), -ETIMEDOUT);
    CHECK(now - begun < XENSTORE_TIMEOUT_NS + SECOND);
    CHECK_EQ(xenstore_begin(XS_READ, 0, "a", NULL, text, sizeof(text)), -EBUSY);
    fake_xenstored.is_stopped = false;
    CHECK_EQ(xenstore_write(0, "b", "1"), 0);
    CHECK_EQ(fake_xenstored.requests, 2);
    CHECK(strcmp(fake_xenstored_get("b"), "1") == 0 && strncmp(fake_xenstored_get("a"), "vvvv", 4) == 0);
}

/* Half of the time goes by until there is room to ask: the other half is all that is waited for the answer, and then
   nothing of the request is left. */
static void check_late_begin(void)
{
    static char value[3000];
    uint64_t begun = now;
    char text[8];

    start();
    memset(value, 'v', sizeof(value) - 1);
    fake_xenstored.is_stopped = true;
    xenstore_abandon(xenstore_begin(XS_WRITE, 0, "a", value, NULL, 0));
    wakes_at = now + XENSTORE_TIMEOUT_NS / 2;
    fake_xenstored.lie = hold;
    begun = now;
    CHECK_EQ(xenstore_read(0, "a", text, sizeof(text)), -ETIMEDOUT);
    CHECK(now - begun < XENSTORE_TIMEOUT_NS + SECOND && fake_xenstored.requests == 2);
    for (unsigned i = 0; i < XENSTORE_REQUESTS; i++)
        CHECK(xenstore_begin(XS_READ, 0, "a", NULL, text, sizeof(text)) >= 0);
}

static atomic_int stop;

static void *flood(void *arg)
{
    volatile uint32_t *prod = &page->rsp_prod, *cons = &page->rsp_cons;

    (void)arg;
    while (!stop)
        *prod = *cons + XENSTORE_RING_SIZE;
    return NULL;
}

/* Empty messages come faster than they are taken: every poll ends. */
static void check_endless(void)
{
    pthread_t peer;
    char text[8];

    start();
    memset(page->rsp, 0, sizeof(page->rsp));
    CHECK_EQ(pthread_create(&peer, NULL, flood, NULL), 0);
    for (unsigned i = 0; i < 2000; i++) {
        uint32_t before = page->rsp_cons;

        xenstore_poll();
        if (!CHECK(page->rsp_cons - before <= 64 * sizeof(struct xsd_sockmsg)))
            break;
    }
    stop = true;
    pthread_join(peer, NULL);
    xenstore_poll();
    CHECK_EQ(page->rsp_cons, page->rsp_prod);
    CHECK_EQ(xenstore_read(0, "key", text, sizeof(text)), -ENOENT);
}

/* A request in flight keeps its answer, whatever is said to others. */
static void lie_type(struct xsd_sockmsg *head, char *body)
{
    (void)body;
    if (head->req_id != held_id)
        head->type = head->type == XS_READ ? XS_WRITE : 0x12345678;
}

static void check_wrong_type(void)
{
    char text[8], mine[8];
    int request;

    start();
    fake_xenstored_set("key", "value");
    fake_xenstored.lie = hold;
    request = xenstore_begin(XS_READ, 0, "key", NULL, mine, sizeof(mine));
    fake_xenstored_step();
    fake_xenstored.lie = lie_type;
    CHECK_EQ(xenstore_read(0, "key", text, sizeof(text)), -EPROTO);
    CHECK_EQ(xenstore_write(0, "key", "2"), -EPROTO);
    fake_xenstored_say(XS_ERROR, held_id + 8, "ENOENT", 7);
    fake_xenstored_say(XS_READ, held_id, "mine", 4);
    fake_xenstored_step();
    CHECK_EQ(xenstore_end(request), 4);
    CHECK(strcmp(mine, "mine") == 0);
}

static void lie_error(struct xsd_sockmsg *head, char *body)
{
    strcpy(body, "EFANCY");
    head->type = XS_ERROR;
    head->len = 7;
}

static int no_work(uint32_t transaction, void *arg)
{
    (void)transaction;
    (void)arg;
    CHECK(false);
    return 0;
}

/* Broken for good: at once, without a look at the page, with one line. */
static void check_is_broken(int request)
{
    struct xenstore_domain_interface before;
    uint64_t begun;
    char text[8];

    CHECK_EQ(xenstore_end(request), -EIO);
    begun = now;
    before = *page;
    notified = 0;
    CHECK_EQ(xenstore_read(0, "key", text, sizeof(text)), -EIO);
    CHECK_EQ(xenstore_write(0, "key", "1"), -EIO);
    CHECK_EQ(xenstore_begin(XS_READ, 0, "key", NULL, text, sizeof(text)), -EIO);
    CHECK_EQ(xenstore_watch("key"), -EIO);
    CHECK_EQ(xenstore_transact(no_work, NULL), -EIO);
    CHECK(!xenstore_poll() && now == begun && notified == 0 && memcmp(page, &before, sizeof(before)) == 0);
    CHECK_EQ(log_lines, 1);
}

static void check_broken(void)
{
    static const struct {
        uint32_t request_jump, reply_jump, length;
    } lies[] = {
        { 1, 0, 0 },       { 0x80000000, 0, 0 }, { 0, 1025, 0 },       { 0, 0xffffffff, 0 }, { 0, 0, 4097 },
        { 0, 0, 0x10000 }, { 0, 0, 1u << 31 },   { 0, 0, 0xfffffff0 }, { 0, 0, 0xffffffff },
    };

    for (unsigned i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
        struct xsd_sockmsg head = { XS_READ, 0, 0, lies[i].length };
        char text[8];
        int watch, request;

        start();
        watch = xenstore_watch("state");
        CHECK(xenstore_fired(watch) && !xenstore_fired(watch));
        fake_xenstored.lie = hold;
        request = xenstore_begin(XS_READ, 0, "key", NULL, text, sizeof(text));
        fake_xenstored_step();
        if (lies[i].length)
            fake_xenstored_say_bytes(&head, sizeof(head));
        fake_xenstored_step();
        fake_xenstored.is_stopped = true;
        page->req_cons += lies[i].request_jump;
        page->rsp_prod += lies[i].reply_jump;
        if (lies[i].request_jump)
            CHECK_EQ(xenstore_read(0, "key", text, sizeof(text)), -EIO);
        CHECK(xenstore_fired(watch) && xenstore_fired(watch));
        CHECK_EQ(xenstore_wait(watch, now + SECOND), -EIO);
        check_is_broken(request);
    }
    start();
    fake_xenstored.lie = lie_error;
    CHECK_EQ(xenstore_write(0, "a", "b"), -EIO);
    CHECK_EQ(log_lines, 0);
    fake_xenstored.lie = NULL;
    CHECK_EQ(xenstore_write(0, "a", "b"), 0);
}

/* What is said differs in one thing or another, or is added to. */
static void lie_randomly(struct xsd_sockmsg *head, char *body)
{
    switch (lies_next() % 24) {
    case 0:
        head->type = lies_near(head->type, 4);
        break;
    case 1:
        head->req_id = lies_near(head->req_id, 12);
        break;
    case 2:
        head->tx_id = (uint32_t)lies_next();
        break;
    case 3:
        head->len = (uint32_t)lies_next() % 200;
        break;
    case 4:
        head->len = lies_next() % 64 ? 4096 : lies_near(4097, 2);
        break;
    case 5:
        head->len = 0xffffffff;
        break;
    case 6:
        fake_xenstored_say((uint32_t)lies_next() % 24, lies_near(head->req_id, 10), body, (uint32_t)lies_next() % 64);
        break;
    case 7:
        for (uint32_t i = 0; i < 8; i++)
            body[i] = (char)lies_next();
        break;
    case 8:
        if (lies_next() % 32 == 0)
            fake_xenstored.page->rsp_prod = lies_near(fake_xenstored.page->rsp_prod, 2000);
        break;
    default:
        break;
    }
}

static bool is_an_end(int result, int most)
{
    static const int errors[] = { -EINVAL, -EACCES,    -EEXIST,    -EISDIR, -ENOENT, -ENOMEM, -ENOSPC,
                                  -EIO,    -ENOTEMPTY, -ENOSYS,    -EROFS,  -EBUSY,  -EAGAIN, -EISCONN,
                                  -E2BIG,  -EPERM,     -ETIMEDOUT, -EPROTO, -ERANGE };

    for (unsigned i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
        if (result == errors[i])
            return true;
    return result >= 0 && result <= most;
}

static void check_random(void)
{
    start();
    for (uint64_t i = lies_count(20000); i > 0; i--) {
        char text[12];
        uint64_t number = 5, begun = now;
        uint32_t size = lies_next() % sizeof(text) + 1;

        if (i % 512 == 0 || log_lines)
            start();
        fake_xenstored.lie = lie_randomly;
        memset(text, 'z', sizeof(text));
        if (!CHECK(is_an_end(xenstore_read(0, "big", text, size), (int)size - 1)) ||
            !CHECK(is_an_end(xenstore_write_number(0, "big", lies_next() % 1000), 0)) ||
            !CHECK(is_an_end(xenstore_read_number(0, "big", 999, &number), 0) && number < 1000) ||
            !CHECK(is_an_end(xenstore_list(0, "device", text, size), (int)size - 1)) ||
            !CHECK(now - begun <= 4 * XENSTORE_TIMEOUT_NS + SECOND) || !CHECK(log_lines <= 1))
            break;
        for (uint32_t k = size; k < sizeof(text); k++)
            CHECK(text[k] == 'z');
        if (lies_next() % 64 == 0)
            xenstore_fired(xenstore_watch("device"));
    }
}

int main(void)
{
    page = calloc(1, sizeof(*page));
    log_set_sink(count_line);
    check_event_lies();
    check_flood();
    check_silence();
    check_late_watch();
    check_stall();
    check_late_begin();
    check_endless();
    check_wrong_type();
    check_broken();
    check_random();
    free(page);
    return check_done();
}
