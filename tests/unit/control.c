/* SPDX-License-Identifier: BSD-2-Clause */
/* links: drivers/control.c drivers/xenstore.c xen/xs_msg.c xen/xs_error.c xen/byte_ring.c lib/decimal.c lib/format.c
   lib/log.c tests/unit/fake/xenstored.c */
/* control/shutdown, as Xen's tools write it, as a liar might (threats 21, 23), and when xenstored falls silent. */
#include "drivers/control.h"

#include <string.h>

#include "check.h"
#include "fake/xenstore_host.h"

#define KEY FAKE_HOME "control/shutdown"

/* What the kernel is told while xenstored works on, asked so often as events would have it. */
static enum control_request asked(unsigned times)
{
    enum control_request request = CONTROL_NONE;

    for (unsigned i = 0; i < times; i++) {
        enum control_request next = control_poll();

        CHECK(next == CONTROL_NONE || request == CONTROL_NONE);
        request = next != CONTROL_NONE ? next : request;
        fake_xenstored_step();
    }
    return request;
}

static void begin(void)
{
    start();
    control_start();
    CHECK_EQ(asked(10), CONTROL_NONE);
    CHECK_EQ(log_lines, 0);
}

static void check_words(void)
{
    static const struct {
        const char *word;
        enum control_request request;
    } words[] = { { "poweroff", CONTROL_POWEROFF }, { "halt", CONTROL_POWEROFF }, { "reboot", CONTROL_REBOOT },
                  { "suspend", CONTROL_NONE },      { "crash", CONTROL_NONE },    { "poweroff ", CONTROL_NONE } };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        begin();
        fake_xenstored_set(KEY, words[i].word);
        CHECK_EQ(asked(20), words[i].request);
        CHECK_EQ(log_lines, 1);
        /* Taken: acknowledged. Not taken: left as it is, which is how the tools see it. */
        CHECK(strcmp(fake_xenstored_get(KEY), words[i].request ? "" : words[i].word) == 0);
        CHECK_EQ(asked(20), CONTROL_NONE);
        CHECK_EQ(log_lines, 1);
    }
}

/* Longer than any word, with an escape sequence, removed, emptied, written again and again: nothing, or one line each. */
static void check_nonsense(void)
{
    char large[2000];

    begin();
    memset(large, 'x', sizeof(large) - 1);
    large[sizeof(large) - 1] = '\0';
    fake_xenstored_set(KEY, large);
    CHECK_EQ(asked(20), CONTROL_NONE);
    fake_xenstored_set(KEY, "");
    CHECK_EQ(asked(20), CONTROL_NONE);
    fake_xenstored_set(KEY, NULL);
    CHECK_EQ(asked(20), CONTROL_NONE);
    CHECK_EQ(log_lines, 0);
    for (int i = 0; i < 100; i++) {
        fake_xenstored_set(KEY, "poweroff");
        fake_xenstored_set(KEY, "");
    }
    CHECK_EQ(asked(100), CONTROL_NONE);
    /* Without end: 32 lines in all, of which check_words saw three, and what is meant is still heard. */
    for (int i = 0; i < 100; i++) {
        fake_xenstored_set(KEY, i % 2 ? "a" : "suspend");
        CHECK_EQ(asked(20), CONTROL_NONE);
    }
    CHECK_EQ(log_lines, 29);
    fake_xenstored_set(KEY, "reboot");
    CHECK_EQ(asked(20), CONTROL_REBOOT);
}

/* All requests are in use when the watch fires: it is not forgotten. */
static void check_busy(void)
{
    int request[XENSTORE_REQUESTS];
    char value[4];

    begin();
    fake_xenstored.is_stopped = true;
    for (unsigned i = 0; i < XENSTORE_REQUESTS; i++)
        request[i] = xenstore_begin(XS_READ, 0, "a", NULL, value, sizeof(value));
    fake_xenstored.is_stopped = false;
    fake_xenstored_set(KEY, "poweroff");
    CHECK_EQ(asked(3), CONTROL_NONE);
    for (unsigned i = 0; i < XENSTORE_REQUESTS; i++)
        (void)xenstore_end(request[i]);
    CHECK_EQ(asked(20), CONTROL_POWEROFF);
}

/* As fake_xenstored.lie: an error instead. */
static void refuse(struct xsd_sockmsg *head, char *body)
{
    head->type = XS_ERROR;
    head->len = sizeof("EACCES");
    memcpy(body, "EACCES", sizeof("EACCES"));
}

static void check_silence(void)
{
    begin();
    fake_xenstored.is_stopped = true;
    CHECK_EQ(asked(100), CONTROL_NONE);
    now += 11 * SECOND;
    CHECK_EQ(asked(100), CONTROL_NONE);
    fake_xenstored.is_stopped = false;
    fake_xenstored_set(KEY, "poweroff");
    CHECK_EQ(asked(20), CONTROL_POWEROFF);
    /* Everything he says is lost on the way, for a while. */
    begin();
    fake_xenstored.lie = hold;
    fake_xenstored_set(KEY, "poweroff");
    CHECK_EQ(asked(20), CONTROL_NONE);
    now += 11 * SECOND;
    CHECK_EQ(asked(20), CONTROL_NONE);
    fake_xenstored.lie = NULL;
    fake_xenstored_set(KEY, "halt");
    CHECK_EQ(asked(20), CONTROL_POWEROFF);
    /* Broken: nothing is asked any more, and every call ends. */
    begin();
    page->rsp_prod += 5000;
    CHECK_EQ(asked(100), CONTROL_NONE);
    CHECK_EQ(log_lines, 1);
    /* Silent from the start: nothing waits; one line after 10 seconds, and what he was asked holds when he goes on. */
    start();
    fake_xenstored.is_stopped = true;
    now = 5;
    control_start();
    CHECK_EQ(asked(100), CONTROL_NONE);
    CHECK(now == 5 && log_lines == 0);
    now += 10 * SECOND;
    CHECK_EQ(asked(100), CONTROL_NONE);
    CHECK_EQ(log_lines, 1);
    fake_xenstored_set(KEY, "reboot");
    fake_xenstored.is_stopped = false;
    CHECK_EQ(asked(20), CONTROL_REBOOT);
    /* He refuses, or broke the ring before. */
    start();
    fake_xenstored.lie = refuse;
    control_start();
    CHECK_EQ(asked(20), CONTROL_NONE);
    CHECK_EQ(log_lines, 1);
    fake_xenstored.lie = NULL;
    fake_xenstored_set(KEY, "reboot");
    CHECK_EQ(asked(20), CONTROL_NONE);
    start();
    page->rsp_prod += 5000;
    control_start();
    CHECK_EQ(asked(20), CONTROL_NONE);
    CHECK_EQ(log_lines, 2);
}

int main(void)
{
    page = malloc(sizeof(*page));
    log_set_sink(count_line);
    check_words();
    check_nonsense();
    check_busy();
    check_silence();
    free(page);
    return check_done();
}
