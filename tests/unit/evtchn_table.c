/* SPDX-License-Identifier: BSD-2-Clause */
/* links: xen/evtchn_table.c */
/* The table of handlers against a plain one: each port has the handler it was given, and no other. */
#include "xen/evtchn_table.h"

#include <string.h>

#include "check.h"
#include "lies.h"

static struct evtchn_table table;

static void first(uint32_t arg)
{
    (void)arg;
}

static void second(uint32_t arg)
{
    (void)arg;
}

static bool has(uint32_t port, evtchn_handler *handler, uint32_t arg)
{
    int k = evtchn_table_find(&table, port);

    return k >= 0 && k < (int)EVTCHN_BOUND_MAX && table.bound[k].handler == handler && table.bound[k].arg == arg;
}

static void check_edges(void)
{
    CHECK_EQ(evtchn_table_find(&table, 0), EVTCHN_NO_ENTRY);
    CHECK_EQ(evtchn_table_find(&table, 1), EVTCHN_NO_ENTRY);
    CHECK(!evtchn_table_add(&table, 0, first, 1) && !evtchn_table_add(&table, EVTCHN_PORTS, first, 1));
    CHECK(!evtchn_table_add(&table, UINT32_MAX, first, 1) && !evtchn_table_remove(&table, 0));
    CHECK(!evtchn_table_remove(&table, EVTCHN_PORTS) && !evtchn_table_remove(&table, UINT32_MAX));
    CHECK(evtchn_table_add(&table, EVTCHN_PORTS - 1, first, 7) && has(EVTCHN_PORTS - 1, first, 7));
    CHECK(!evtchn_table_add(&table, EVTCHN_PORTS - 1, second, 8) && has(EVTCHN_PORTS - 1, first, 7));
    CHECK(evtchn_table_remove(&table, EVTCHN_PORTS - 1) && !evtchn_table_remove(&table, EVTCHN_PORTS - 1));
    CHECK_EQ(evtchn_table_find(&table, EVTCHN_PORTS - 1), EVTCHN_NO_ENTRY);
}

static void check_full(void)
{
    for (uint32_t i = 0; i < EVTCHN_BOUND_MAX; i++) {
        CHECK(!evtchn_table_is_full(&table));
        CHECK(evtchn_table_add(&table, 100 + i, i % 2 ? first : second, i));
    }
    CHECK(evtchn_table_is_full(&table) && !evtchn_table_add(&table, 99, first, 0));
    CHECK(evtchn_table_remove(&table, 131) && !evtchn_table_is_full(&table));
    CHECK(evtchn_table_add(&table, 99, first, 77) && has(99, first, 77) && evtchn_table_is_full(&table));
    CHECK_EQ(evtchn_table_find(&table, 131), EVTCHN_NO_ENTRY);
    for (uint32_t i = 0; i < EVTCHN_BOUND_MAX; i++)
        CHECK(i == 31 || has(100 + i, i % 2 ? first : second, i));
    memset(&table, 0, sizeof(table));
}

static void check_random(void)
{
    static struct {
        evtchn_handler *handler;
        uint32_t arg;
    } plain[EVTCHN_PORTS];
    uint32_t count = 0;

    for (uint64_t i = lies_count(300000); i > 0; i--) {
        uint32_t port = lies_next() % 16 ? (uint32_t)lies_next() % 100 : lies_near(EVTCHN_PORTS, 3);
        uint32_t arg = (uint32_t)lies_next(), other = (uint32_t)lies_next() % 100;
        evtchn_handler *handler = lies_next() % 2 ? first : second;
        bool is_port = port > 0 && port < EVTCHN_PORTS, is_bound = is_port && plain[port].handler;

        if (lies_next() % 8 < 5) {
            bool fits = is_port && !is_bound && count < EVTCHN_BOUND_MAX;

            if (!CHECK_EQ(evtchn_table_add(&table, port, handler, arg), fits))
                return;
            if (fits) {
                plain[port].handler = handler;
                plain[port].arg = arg;
                count++;
            }
        } else {
            if (!CHECK_EQ(evtchn_table_remove(&table, port), is_bound))
                return;
            if (is_bound)
                plain[port].handler = NULL;
            count -= is_bound;
        }
        if (!CHECK(plain[other].handler ? has(other, plain[other].handler, plain[other].arg)
                                        : evtchn_table_find(&table, other) == EVTCHN_NO_ENTRY) ||
            !CHECK_EQ(evtchn_table_is_full(&table), count == EVTCHN_BOUND_MAX))
            return;
    }
}

int main(void)
{
    check_edges();
    check_full();
    check_random();
    return check_done();
}
