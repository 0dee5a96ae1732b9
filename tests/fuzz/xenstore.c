/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes from xenstored, in pieces of any size: each request ends as a plain reading of the stream says, the watch
   fires when a whole event has its token, and only a body of more than 4096 bytes breaks it. The first byte is the size of
   the pieces less one. */
#include "drivers/xenstore.h"

#include <errno.h>

#include "fuzz.h"

enum { REQUESTS = 3, STILL = -EINPROGRESS };

static struct byte_ring_xenstore *page;
static const enum xsd_sockmsg_type type[REQUESTS] = { XS_READ, XS_DIRECTORY, XS_WRITE };
static const uint32_t size[REQUESTS] = { 5, 40, 0 };
static char *dst[REQUESTS];
static int request[REQUESTS], expected[REQUESTS];
static bool is_fired, is_broken;

static void notify(void)
{
}

static uint64_t read_clock(void)
{
    return 1;
}

static void say(const void *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        page->rsp[page->rsp_prod++ % sizeof(page->rsp)] = ((const uint8_t *)bytes)[i];
}

/* The answer to the watch, the only one that is waited for. */
static void idle_until(uint64_t deadline_ns)
{
    struct xsd_sockmsg head = { XS_WATCH, 8, 0, 3 };

    (void)deadline_ns;
    page->req_cons = page->req_prod;
    say(&head, sizeof(head));
    say("OK", 3);
}

static void begin(void)
{
    const struct xenstore_host host = { page, notify, read_clock, idle_until };

    memset(page, 0, sizeof(*page));
    xenstore_start(&host);
    HOLDS(xenstore_watch("w") == 0 && !xenstore_fired(0));
    for (int i = 0; i < REQUESTS; i++) {
        if (size[i])
            memset(dst[i], 0x5a, size[i]);
        request[i] = xenstore_begin(type[i], 0, "p", i == 2 ? "v" : NULL, dst[i], size[i]);
        page->req_cons = page->req_prod;
        expected[i] = STILL;
    }
    HOLDS(request[0] == 0 && request[1] == 1 && request[2] == 2);
    is_fired = is_broken = false;
}

static void expect_reply(const struct xsd_sockmsg *head, const uint8_t *body)
{
    static const uint32_t id[REQUESTS] = { 16, 9, 10 }; /* the first slot had the watch before */

    for (int i = 0; i < REQUESTS; i++) {
        if (head->req_id != id[i] || expected[i] != STILL)
            continue;
        if (head->type == XS_ERROR)
            expected[i] = head->len == 7 && memcmp(body, "ENOENT", 7) == 0 ? -ENOENT : -EDOM; /* EDOM: any error */
        else if (head->type != type[i])
            expected[i] = -EPROTO;
        else if (!size[i])
            expected[i] = 0;
        else
            expected[i] = head->len < size[i] ? (int)head->len : -ERANGE;
        if (expected[i] > 0)
            HOLDS(memcmp(dst[i], body, head->len) == 0 && dst[i][head->len] == 0);
    }
}

static void expect_event(const struct xsd_sockmsg *head, const uint8_t *body)
{
    const uint8_t *end = memchr(body, 0, head->len);
    uint32_t left = end ? (uint32_t)(body + head->len - end - 1) : 0;

    is_fired = is_fired || (left >= 1 && end[1] == '0' && (left == 1 || end[2] == 0));
}

/* Reads the stream once more, plainly; called when all of it was taken. */
static void expect(const uint8_t *stream, size_t length)
{
    size_t at = 0;
    struct xsd_sockmsg head;

    while (length - at >= sizeof(head) && !is_broken) {
        memcpy(&head, stream + at, sizeof(head));
        is_broken = head.len > XENSTORE_PAYLOAD_MAX;
        if (is_broken || length - at - sizeof(head) < head.len)
            break;
        if (head.type == XS_WATCH_EVENT)
            expect_event(&head, stream + at + sizeof(head));
        else
            expect_reply(&head, stream + at + sizeof(head));
        at += sizeof(head) + head.len;
    }
}

static void check_ends(void)
{
    static char text[8];

    for (int i = 0; i < REQUESTS; i++) {
        int result = xenstore_end(request[i]);

        if (expected[i] == -EDOM)
            HOLDS(result < 0 && result > -200 && result != STILL);
        else
            HOLDS(result == (expected[i] == STILL && is_broken ? -EIO : expected[i]));
        if (result <= 0 && size[i])
            HOLDS(dst[i][0] == (result == 0 ? 0 : 0x5a));
        xenstore_abandon(request[i]);
    }
    HOLDS(xenstore_fired(0) == (is_fired || is_broken));
    HOLDS((xenstore_begin(XS_READ, 0, "p", NULL, text, sizeof(text)) == -EIO) == is_broken);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    size_t step = length > 0 ? bytes[0] + 1 : 1, at = 1;

    page = page ? page : malloc(sizeof(*page));
    for (int i = 0; i < REQUESTS; i++)
        dst[i] = dst[i] || !size[i] ? dst[i] : malloc(size[i]);
    begin();
    while (at < length) {
        size_t count = step < length - at ? step : length - at;

        say(bytes + at, count);
        at += count;
        while (xenstore_poll())
            ;
    }
    if (length > 1)
        expect(bytes + 1, length - 1);
    check_ends();
    return 0;
}
