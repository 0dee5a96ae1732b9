/* SPDX-License-Identifier: BSD-2-Clause */
/* Which handler a port has. Ours alone. A table of zeros is an empty one: port 0 is never a channel (Xen reserves it). */
#ifndef XEN_EVTCHN_TABLE_H
#define XEN_EVTCHN_TABLE_H
#include <stdbool.h>
#include <stdint.h>

#include "xen/evtchn.h"

#define EVTCHN_BOUND_MAX 64u

enum { EVTCHN_NO_ENTRY = -1 };

/* Called by a pass with the argument it was bound with. It ends; it may mask ports and bind or close them, but neither runs a
   pass nor unmasks with evtchn_unmask. */
typedef void evtchn_handler(uint32_t arg);

struct evtchn_bound {
    evtchn_handler *handler;
    uint32_t arg;
    uint32_t port; /* 0: the entry is free */
};

struct evtchn_table {
    uint8_t entry[EVTCHN_PORTS];
    struct evtchn_bound bound[EVTCHN_BOUND_MAX];
};

#include "spec/evtchn_table.acsl"

/* The port's entry in the table, or EVTCHN_NO_ENTRY when it has none. */
/*@ requires table: \valid_read(t);
    requires port: port < EVTCHN_PORTS;
    terminates \true; exits \false; assigns \nothing;
    ensures entry: \result != EVTCHN_NO_ENTRY ==> PortAt(t, port, \result);
    ensures none: \result == EVTCHN_NO_ENTRY <==> !PortBound(t, port); */
int evtchn_table_find(const struct evtchn_table *t, uint32_t port);

/* Is there no free entry? */
/*@ requires table: \valid_read(t);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> PortsFull(t); */
bool evtchn_table_is_full(const struct evtchn_table *t);

/* Gives the port that handler. False, and nothing changed, when it has one, or is no port, or the table is full. */
/*@ requires table: \valid(t) && PortsGood(t);
    terminates \true; exits \false; assigns t->entry[0 .. EVTCHN_PORTS - 1], t->bound[0 .. EVTCHN_BOUND_MAX - 1];
    ensures good: PortsGood(t);
    ensures done: \result <==> 0 < port < EVTCHN_PORTS && !PortBound{Pre}(t, port) && !PortsFull{Pre}(t);
    ensures bound: \result ==> PortBound(t, port) && t->bound[t->entry[port]].handler == handler
      && t->bound[t->entry[port]].arg == arg;
    ensures refused: !\result ==> OtherPortsSame{Pre, Post}(t, 0) && OtherEntriesSame{Pre, Post}(t, 0);
    ensures others: OtherPortsSame{Pre, Post}(t, port) && OtherEntriesSame{Pre, Post}(t, port); */
bool evtchn_table_add(struct evtchn_table *t, uint32_t port, evtchn_handler *handler, uint32_t arg);

/* The port has no handler any more. False when it had none. */
/*@ requires table: \valid(t) && PortsGood(t);
    terminates \true; exits \false; assigns t->bound[0 .. EVTCHN_BOUND_MAX - 1].port;
    ensures good: PortsGood(t);
    ensures had: \result <==> PortBound{Pre}(t, port);
    ensures gone: !PortBound(t, port);
    ensures room: \result ==> !PortsFull(t);
    ensures others: OtherPortsSame{Pre, Post}(t, port); */
bool evtchn_table_remove(struct evtchn_table *t, uint32_t port);

#endif
