/* SPDX-License-Identifier: BSD-2-Clause */
/* links: xen/storm.c */
/* Events in vain at full speed (threat 10), on one port and on all; some in vain now and then; a clock near its end. */
#include "xen/storm.h"

#include "check.h"

static void check_one(uint64_t start)
{
    struct storm s = { 0 };
    uint64_t now = start;

    CHECK_EQ(storm_deadline(&s), UINT64_MAX);
    for (uint32_t i = 1; i < STORM_EVENTS; i++)
        CHECK(!storm_note(&s, 5, now += 1000));
    CHECK_EQ(storm_release(&s, now), 0);
    CHECK(storm_note(&s, 5, now));
    CHECK_EQ(storm_deadline(&s), now + STORM_WINDOW_NS);
    CHECK_EQ(storm_release(&s, now + STORM_WINDOW_NS - 1), 0);
    /* The same slot: neither masked, nor does it take the place. */
    for (uint32_t i = 0; i < 2 * STORM_EVENTS; i++)
        CHECK(!storm_note(&s, 5 + STORM_SLOTS, now));
    CHECK_EQ(storm_release(&s, now + STORM_WINDOW_NS), 5);
    CHECK_EQ(storm_release(&s, now + STORM_WINDOW_NS), 0);
    CHECK_EQ(storm_deadline(&s), UINT64_MAX);
    CHECK(!storm_note(&s, 5, now + STORM_WINDOW_NS));
}

/* A clock that is set back ends it, but not one that is a little behind, as another CPU's may be. */
static void check_set_back(void)
{
    struct storm s = { 0 };
    uint64_t now = 1000000000;

    for (uint32_t i = 0; i < STORM_EVENTS; i++)
        (void)storm_note(&s, 7, now);
    CHECK_EQ(storm_release(&s, now - 1), 0);
    CHECK_EQ(storm_release(&s, now - STORM_WINDOW_NS), 0);
    CHECK_EQ(storm_release(&s, now - STORM_WINDOW_NS - 1), 7);
}

/* Before the storm a step back begins the count anew; at the very end of time there is no later than that. */
static void check_ends_of_time(void)
{
    struct storm s = { 0 };

    for (uint32_t i = 1; i < STORM_EVENTS; i++)
        CHECK(!storm_note(&s, 7, 1000000000));
    for (uint32_t i = 1; i < STORM_EVENTS; i++)
        CHECK(!storm_note(&s, 7, 5));
    CHECK(storm_note(&s, 7, 5));
    s = (struct storm){ 0 };
    for (uint32_t i = 1; i < STORM_EVENTS; i++)
        CHECK(!storm_note(&s, 7, UINT64_MAX - 5));
    CHECK(storm_note(&s, 7, UINT64_MAX - 5));
    CHECK_EQ(storm_deadline(&s), UINT64_MAX);
    CHECK_EQ(storm_release(&s, UINT64_MAX - 1), 0);
    CHECK_EQ(storm_release(&s, UINT64_MAX), 7);
}

static void check_rare(void)
{
    struct storm s = { 0 };
    uint64_t now = 0;

    for (uint32_t i = 0; i < 100000; i++)
        CHECK(!storm_note(&s, 9, now += STORM_WINDOW_NS / (STORM_EVENTS - 2)));
}

/* All ports at once, for ten seconds of a peer that sends one each microsecond: each is served, and few are let through. */
static void check_all(void)
{
    static bool masked[256];
    struct storm s = { 0 };
    uint32_t port, through = 0, masks = 0;

    for (uint64_t now = 1; now < 10000000000; now += 1000) {
        while ((port = storm_release(&s, now)) != 0) {
            CHECK(masked[port]);
            masked[port] = false;
        }
        port = 1 + (uint32_t)(now / 1000 % 12);
        if (masked[port])
            continue;
        through++;
        masked[port] = storm_note(&s, port, now);
        masks += masked[port];
        CHECK(storm_deadline(&s) > now);
    }
    /* 12 ports, at most 64 events in a bit more than 10 ms each */
    CHECK(through <= 12 * 1000 * STORM_EVENTS && masks >= 12 * 900);
}

int main(void)
{
    check_one(1);
    check_one(1000000000000);
    check_one(UINT64_MAX / 2);
    check_set_back();
    check_ends_of_time();
    check_rare();
    check_all();
    return check_done();
}
