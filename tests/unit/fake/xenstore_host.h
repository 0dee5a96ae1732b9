/* SPDX-License-Identifier: BSD-2-Clause */
/* The client on a page with a fake xenstored behind it, and a clock that only sleeping moves. */
#ifndef TESTS_UNIT_FAKE_XENSTORE_HOST_H
#define TESTS_UNIT_FAKE_XENSTORE_HOST_H
#include <stdlib.h>

#include "drivers/xenstore.h"
#include "fake/xenstored.h"
#include "lib/log.h"

#define SECOND 1000000000ULL

/* From the heap and no larger than the struct, so that the sanitizer sees every step outside. */
static struct xenstore_domain_interface *page;
static uint64_t now, wakes_at; /* when a daemon that was stopped goes on, if it does */
static unsigned notified, log_lines;

static void notify(void)
{
    notified++;
}

static uint64_t read_clock(void)
{
    return now;
}

/* A domain that sleeps lets xenstored work: for a millisecond when there is an event, else for a second at most. */
static void idle_until(uint64_t deadline_ns)
{
    uint32_t before = page->rsp_prod;

    if (wakes_at && now >= wakes_at)
        fake_xenstored.is_stopped = false;
    fake_xenstored_step();
    if (page->rsp_prod != before)
        now += 1000000;
    else
        now = deadline_ns < now + SECOND ? deadline_ns : now + SECOND;
}

static void count_line(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        log_lines += text[i] == '\n';
}

static void start(void)
{
    static const struct xenstore_host host = { NULL, notify, read_clock, idle_until };
    struct xenstore_host full = host;

    full.page = (struct byte_ring_xenstore *)page;
    fake_xenstored_start(page, 0xfffffff0, 0xfffffe00);
    xenstore_start(&full);
    notified = log_lines = 0;
    wakes_at = 0;
}

/* As fake_xenstored.lie: says nothing, and keeps the id. */
static uint32_t held_id;

static void hold(struct xsd_sockmsg *head, char *body)
{
    (void)body;
    held_id = head->req_id;
    head->len = 0xffffffff;
}

#endif
