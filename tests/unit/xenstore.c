/* SPDX-License-Identifier: BSD-2-Clause */
/* links: drivers/xenstore.c xen/xs_msg.c xen/xs_error.c xen/byte_ring.c lib/decimal.c lib/format.c lib/log.c
   tests/unit/fake/xenstored.c */
/* The client against an honest xenstored, and against values that are none (threat 22). */
#include "drivers/xenstore.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "fake/xenstore_host.h"

static void check_absent(void)
{
    char text[8];

    CHECK_EQ(xenstore_read(0, "a", text, sizeof(text)), -ENODEV);
    CHECK_EQ(xenstore_begin(XS_READ, 0, "a", NULL, text, sizeof(text)), -ENODEV);
    CHECK_EQ(xenstore_watch("a"), -ENODEV);
    CHECK(!xenstore_poll() && !xenstore_fired(0));
}

static void check_calls(void)
{
    uint64_t number = 1;
    char text[8];

    start();
    CHECK_EQ(xenstore_read(0, "name", text, sizeof(text)), -ENOENT);
    CHECK_EQ(xenstore_write(0, "name", "hermit"), 0);
    CHECK(strcmp(fake_xenstored_get(FAKE_HOME "name"), "hermit") == 0);
    memset(text, 'z', sizeof(text));
    CHECK_EQ(xenstore_read(0, "name", text, sizeof(text)), 6);
    CHECK(text[6] == 0 && text[7] == 'z' && strcmp(text, "hermit") == 0);
    CHECK_EQ(xenstore_read(0, "name", text, 7), 6);
    strcpy(text, "keep");
    CHECK_EQ(xenstore_read(0, "name", text, 6), -ERANGE);
    CHECK_EQ(xenstore_read(0, "nothing", text, sizeof(text)), -ENOENT);
    CHECK(strcmp(text, "keep") == 0);
    CHECK_EQ(xenstore_write_number(0, "big", UINT64_MAX), 0);
    CHECK_EQ(xenstore_read_number(0, "big", UINT64_MAX, &number), 0);
    CHECK_EQ(number, UINT64_MAX);
    CHECK_EQ(xenstore_read_number(0, "nothing", 5, &number), -ENOENT);
    CHECK_EQ(xenstore_mkdir(0, "made"), 0);
    CHECK_EQ(xenstore_read(0, "made", text, sizeof(text)), 0);
    CHECK_EQ(xenstore_remove(0, "name"), 0);
    CHECK(fake_xenstored_get("name") == NULL && notified > 0 && log_lines == 0);
}

static void check_numbers(void)
{
    static const char *const bad[] = {
        "",
        "-1",
        "+4",
        " 4",
        "4 ",
        "04",
        "0x4",
        "4k",
        "18446744073709551616",
        "99999999999999999999999999",
        "1000000000000000000000000000000000000000000000000000000000000000000000",
    };
    uint64_t number = 7;

    start();
    for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        fake_xenstored_set("n", bad[i]);
        CHECK_EQ(xenstore_read_number(0, "n", UINT64_MAX, &number), -EINVAL);
    }
    fake_xenstored_set("n", "9");
    CHECK_EQ(xenstore_read_number(0, "n", 8, &number), -EINVAL);
    CHECK_EQ(number, 7);
    CHECK_EQ(xenstore_read_number(0, "n", 9, &number), 0);
    CHECK_EQ(number, 9);
}

static void check_list(void)
{
    char names[64];
    const char *name;
    int size;

    start();
    fake_xenstored_set("device/vbd/51712", "");
    fake_xenstored_set("device/vbd/51728", "");
    size = xenstore_list(0, "device/vbd", names, sizeof(names));
    CHECK_EQ(size, 12);
    name = xenstore_next_name(names, (uint32_t)size, NULL);
    CHECK(name && strncmp(name, "517", 3) == 0);
    name = xenstore_next_name(names, (uint32_t)size, name);
    CHECK(name && strncmp(name, "517", 3) == 0);
    CHECK(xenstore_next_name(names, (uint32_t)size, name) == NULL);
    CHECK_EQ(xenstore_list(0, "device/vif", names, sizeof(names)), -ENOENT);
    CHECK(xenstore_next_name(names, 0, NULL) == NULL);
    CHECK_EQ(xenstore_list(0, "device/vbd", names, 12), -ERANGE);
}

/* What is on the wire, as docs/misc/xenstore.txt has it. */
static void check_wire(void)
{
    start();
    xenstore_write(3, "a", "bc");
    CHECK(fake_xenstored.head.type == XS_WRITE && fake_xenstored.head.len == 4 && fake_xenstored.head.tx_id == 3);
    CHECK(memcmp(fake_xenstored.said, "a\0bc", 4) == 0);
    xenstore_remove(0, "a");
    CHECK(fake_xenstored.head.type == XS_RM && fake_xenstored.head.len == 2);
    CHECK_EQ(xenstore_watch("w"), 0);
    CHECK(fake_xenstored.head.type == XS_WATCH && fake_xenstored.head.len == 4);
    CHECK(memcmp(fake_xenstored.said, "w\0000", 4) == 0);
    CHECK_EQ(xenstore_unwatch(0), 0);
    CHECK(fake_xenstored.head.type == XS_UNWATCH && memcmp(fake_xenstored.said, "w\0000", 4) == 0);
}

/* Longer than the ring, up to the limit, and one byte more. */
static void check_long(void)
{
    static char value[4200];
    unsigned before;

    start();
    memset(value, 'x', sizeof(value) - 1);
    value[4094] = 0;
    CHECK_EQ(xenstore_write(0, "a", value), 0);
    CHECK(fake_xenstored.head.len == 4096 && memcmp(fake_xenstored.said + 2, value, 4094) == 0);
    value[4094] = 'x';
    value[4095] = 0;
    before = fake_xenstored.requests;
    CHECK_EQ(xenstore_write(0, "a", value), -E2BIG);
    CHECK_EQ(xenstore_watch(value), -E2BIG);
    CHECK_EQ(fake_xenstored.requests, before);
    CHECK_EQ(xenstore_write(0, "a", "y"), 0);
}

static int work(uint32_t transaction, void *arg)
{
    int *left = arg;

    (*left)--;
    CHECK(transaction != 0);
    CHECK_EQ(xenstore_write(transaction, "t", "1"), 0);
    CHECK_EQ(fake_xenstored.head.tx_id, transaction);
    return *left < -100 ? -EDOM : 0;
}

static void check_transactions(void)
{
    int runs = 0;

    start();
    CHECK_EQ(xenstore_transact(work, &runs), 0);
    CHECK_EQ(runs, -1);
    CHECK(fake_xenstored.head.type == XS_TRANSACTION_END && memcmp(fake_xenstored.said, "T\0", 3) == 0);
    fake_xenstored.conflicts = 7;
    CHECK_EQ(xenstore_transact(work, &runs), 0);
    CHECK_EQ(runs, -9);
    fake_xenstored.conflicts = 1000;
    CHECK_EQ(xenstore_transact(work, &runs), -EAGAIN);
    CHECK_EQ(runs, -17);
    runs = -1000;
    CHECK_EQ(xenstore_transact(work, &runs), -EDOM);
    CHECK_EQ(runs, -1001);
    CHECK(fake_xenstored.head.type == XS_TRANSACTION_END && memcmp(fake_xenstored.said, "F\0", 3) == 0);
}

static void lie_transaction(struct xsd_sockmsg *head, char *body)
{
    static const char *const number[] = { "0", "-1", "4294967296", "x", "", "01" };
    static unsigned next;

    if (head->type != XS_TRANSACTION_START)
        return;
    strcpy(body, number[next++ % 6]);
    head->len = (uint32_t)strlen(body);
}

static void check_transaction_lies(void)
{
    int runs = 0;

    start();
    fake_xenstored.lie = lie_transaction;
    for (int i = 0; i < 6; i++)
        CHECK_EQ(xenstore_transact(work, &runs), -EPROTO);
    CHECK_EQ(runs, 0);
}

static void check_watches(void)
{
    int watch, other;

    start();
    watch = xenstore_watch("state");
    other = xenstore_watch("control/shutdown");
    CHECK(watch >= 0 && other >= 0 && watch != other);
    CHECK_EQ(xenstore_wait(watch, now + SECOND), 0);
    CHECK(xenstore_fired(other) && !xenstore_fired(watch) && !xenstore_fired(other));
    fake_xenstored_set("state", "4");
    fake_xenstored_set("state/below", "5");
    fake_xenstored_set("statement", "5");
    fake_xenstored_step();
    CHECK(xenstore_fired(watch) && !xenstore_fired(watch) && !xenstore_fired(other));
    CHECK_EQ(xenstore_wait(watch, now + SECOND), -ETIMEDOUT);
    CHECK_EQ(xenstore_unwatch(watch), 0);
    CHECK_EQ(xenstore_unwatch(watch), -EINVAL);
    CHECK_EQ(xenstore_wait(watch, now + SECOND), -EINVAL);
    fake_xenstored_set("state", "6");
    CHECK_EQ(xenstore_watch("state2"), watch);
    CHECK_EQ(xenstore_unwatch(99), -EINVAL);
    CHECK_EQ(xenstore_unwatch(-1), -EINVAL);
    while (other >= 0)
        other = xenstore_watch("another");
    CHECK_EQ(other, -EBUSY);
}

static void check_deadline(void)
{
    char text[8];
    int request;

    start();
    fake_xenstored.is_stopped = true;
    request = xenstore_begin(XS_READ, 0, "a", NULL, text, sizeof(text));
    now += XENSTORE_TIMEOUT_NS - 1;
    CHECK_EQ(xenstore_end(request), -EINPROGRESS);
    now++;
    CHECK_EQ(xenstore_end(request), -ETIMEDOUT);
    CHECK_EQ(xenstore_end(request), -EINVAL);
}

static void check_begun(void)
{
    static char text[XENSTORE_REQUESTS][8];
    int request[XENSTORE_REQUESTS];
    uint32_t ids[XENSTORE_REQUESTS];

    start();
    fake_xenstored.lie = hold;
    for (unsigned i = 0; i < XENSTORE_REQUESTS; i++) {
        request[i] = xenstore_begin(XS_READ, 0, "key", NULL, text[i], sizeof(text[i]));
        CHECK(request[i] >= 0);
        CHECK_EQ(xenstore_end(request[i]), -EINPROGRESS);
        fake_xenstored_step();
        ids[i] = held_id;
    }
    CHECK_EQ(xenstore_begin(XS_READ, 0, "key", NULL, text[0], 8), -EBUSY);
    fake_xenstored.lie = NULL;
    xenstore_abandon(request[3]);
    for (unsigned i = XENSTORE_REQUESTS; i > 0; i--) {
        char body[8] = { 'a', (char)('a' + i) };

        fake_xenstored_say(XS_READ, ids[i - 1], body, 2);
        fake_xenstored_say(XS_READ, ids[i - 1], "twice", 5);
    }
    fake_xenstored_step();
    for (unsigned i = 0; i < XENSTORE_REQUESTS; i++) {
        CHECK_EQ(xenstore_end(request[i]), i == 3 ? -EINVAL : 2);
        CHECK(i == 3 ? text[i][0] == 0 : text[i][1] == (char)('a' + i + 1));
        CHECK_EQ(xenstore_end(request[i]), -EINVAL);
    }
    CHECK_EQ(xenstore_end(-1), -EINVAL);
    CHECK_EQ(xenstore_end(XENSTORE_REQUESTS), -EINVAL);
    xenstore_abandon(-7);
}

int main(void)
{
    page = calloc(1, sizeof(*page));
    log_set_sink(count_line);
    check_absent();
    check_calls();
    check_numbers();
    check_list();
    check_wire();
    check_long();
    check_transactions();
    check_transaction_lies();
    check_watches();
    check_deadline();
    check_begun();
    free(page);
    return check_done();
}
