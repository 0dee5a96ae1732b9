/* SPDX-License-Identifier: BSD-2-Clause */
#include "xen/evtchn_table.h"

int evtchn_table_find(const struct evtchn_table *t, uint32_t port)
{
    uint8_t k = t->entry[port];

    return port != 0 && k < EVTCHN_BOUND_MAX && t->bound[k].port == port ? k : EVTCHN_NO_ENTRY;
}

/*@ requires table: \valid_read(t);
    terminates \true; exits \false; assigns \nothing;
    ensures free: \result < EVTCHN_BOUND_MAX ==> t->bound[\result].port == 0;
    ensures range: \result <= EVTCHN_BOUND_MAX;
    ensures full: \result == EVTCHN_BOUND_MAX <==> PortsFull(t); */
static uint32_t find_free(const struct evtchn_table *t)
{
    uint32_t k = 0;

    /*@ loop invariant range: 0 <= k <= EVTCHN_BOUND_MAX;
        loop invariant used: \forall integer i; 0 <= i < k ==> t->bound[i].port != 0;
        loop assigns k;
        loop variant EVTCHN_BOUND_MAX - k; */
    while (k < EVTCHN_BOUND_MAX && t->bound[k].port != 0)
        k++;
    return k;
}

bool evtchn_table_is_full(const struct evtchn_table *t)
{
    return find_free(t) == EVTCHN_BOUND_MAX;
}

bool evtchn_table_add(struct evtchn_table *t, uint32_t port, evtchn_handler *handler, uint32_t arg)
{
    uint32_t k = find_free(t);

    if (port == 0 || port >= EVTCHN_PORTS || k == EVTCHN_BOUND_MAX || evtchn_table_find(t, port) != EVTCHN_NO_ENTRY)
        return false;
    t->bound[k].handler = handler;
    t->bound[k].arg = arg;
    t->bound[k].port = port;
    t->entry[port] = (uint8_t)k;
    return true;
}

bool evtchn_table_remove(struct evtchn_table *t, uint32_t port)
{
    int k = port < EVTCHN_PORTS ? evtchn_table_find(t, port) : EVTCHN_NO_ENTRY;

    if (k == EVTCHN_NO_ENTRY)
        return false;
    t->bound[k].port = 0;
    return true;
}
