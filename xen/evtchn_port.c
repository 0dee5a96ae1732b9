/* SPDX-License-Identifier: BSD-2-Clause */
#include "xen/evtchn_port.h"

#include "xen/hypercall.h"
#include "xen/judge.h"

static struct {
    struct evtchn_page *page;
    struct evtchn_table table;
    uint32_t unknown;
} ports;

#include "spec/evtchn_port.acsl"

/* The call through the pointer, which no proof sees; all about it is in evtchn_table. */
void evtchn_handle(uint32_t port)
{
    int k = evtchn_table_find(&ports.table, port);

    if (k != EVTCHN_NO_ENTRY) {
        ports.table.bound[k].handler(ports.table.bound[k].arg);
        return;
    }
    evtchn_mask(ports.page, port);
    if (ports.unknown < UINT32_MAX)
        ports.unknown++;
}

/*@ requires apart: EvtchnApart(page) && \separated(page, &ports);
    terminates \true; exits \false; assigns ghost_now, page->mask[0 .. EVTCHN_WORDS - 1]; assigns ports.page \from page;
    ensures page: ports.page == page;
    ensures masked: ghost_now == \old(ghost_now) + EVTCHN_WORDS && \forall integer w; 0 <= w < EVTCHN_WORDS ==>
      Exchanged64(\old(ghost_now) + w, &page->mask[w], UINT64_MAX); */
void evtchn_port_start(struct evtchn_page *page)
{
    ports.page = page;
    /*@ loop invariant range: 0 <= w <= EVTCHN_WORDS && ghost_now == \at(ghost_now, Pre) + w;
        loop invariant masked: \forall integer k; 0 <= k < w ==>
          Exchanged64(\at(ghost_now, Pre) + k, &page->mask[k], UINT64_MAX);
        loop assigns w, ghost_now, page->mask[0 .. EVTCHN_WORDS - 1]; loop variant EVTCHN_WORDS - w; */
    for (uint32_t w = 0; w < EVTCHN_WORDS; w++)
        (void)shm_exchange64(&page->mask[w], UINT64_MAX);
}

/*@ terminates \true; exits \false; assigns ghost_now;
    ensures asked: ghost_now == \old(ghost_now) + 1 && PortAsked(\old(ghost_now), command)
      && XenGiven(\old(ghost_now), address);
    ensures status: \result == XenStatus(IoValue(\old(ghost_now))); */
static int ask(uint32_t command, uint64_t address)
{
    return judge_zero(hypercall2(__HYPERVISOR_event_channel_op, command, address));
}

/*@ terminates \true; exits \false; assigns \nothing; ensures exact: \result <==> PortBound(&ports.table, port); */
static bool has_handler(uint32_t port)
{
    return port < EVTCHN_PORTS && evtchn_table_find(&ports.table, port) != EVTCHN_NO_ENTRY;
}

/*@ requires good: PortsGood(&ports.table);
    terminates \true; exits \false;
    assigns ports.table.entry[0 .. EVTCHN_PORTS - 1], ports.table.bound[0 .. EVTCHN_BOUND_MAX - 1];
    ensures good: PortsGood(&ports.table);
    ensures no_port: !(0 < peer_port < EVTCHN_PORTS) ==> \result == -EINVAL;
    ensures known: PortBound{Pre}(&ports.table, peer_port) ==> \result == -EEXIST;
    ensures full: 0 < peer_port < EVTCHN_PORTS && !PortBound{Pre}(&ports.table, peer_port) && PortsFull{Pre}(&ports.table)
      ==> \result == -ENOSPC;
    ensures got: PortFits{Pre}(peer_port) ==> \result == peer_port && PortGot{Pre, Post}(peer_port, handler, arg);
    ensures refused: !PortFits{Pre}(peer_port) ==> PortsSame{Pre, Post}; */
int evtchn_port_adopt(uint64_t peer_port, evtchn_handler *handler, uint32_t arg)
{
    if (peer_port == 0 || peer_port >= EVTCHN_PORTS)
        return -EINVAL;
    if (has_handler((uint32_t)peer_port))
        return -EEXIST;
    return evtchn_table_add(&ports.table, (uint32_t)peer_port, handler, arg) ? (int)peer_port : -ENOSPC;
}

/* After a call that made a port: what Xen says it is. One that we know to be another channel's is not closed. */
/*@ requires good: PortsGood(&ports.table) && result <= 0;
    terminates \true; exits \false; assigns ghost_now, ports.table.entry[0 .. EVTCHN_PORTS - 1], ports.table.bound[0 .. EVTCHN_BOUND_MAX - 1];
    ensures good: PortsGood(&ports.table);
    ensures refused: result < 0 ==> \result == result && PortsSame{Pre, Post} && ghost_now == \old(ghost_now);
    ensures judged: result == 0 ==> PortJudged{Pre, Post}(xen_port, \result, handler, arg, \old(ghost_now)); */
static int take(int result, evtchn_port_t xen_port, evtchn_handler *handler, uint32_t arg)
{
    struct evtchn_close close = { .port = xen_port };

    if (result < 0)
        return result;
    if (evtchn_table_add(&ports.table, xen_port, handler, arg))
        return (int)xen_port;
    if (!has_handler(xen_port))
        (void)ask(EVTCHNOP_close, (uint64_t)&close);
    /*@ assert given: !PortBound(&ports.table, xen_port) ==> XenGiven(ghost_now - 1, (uint64_t)&close) && close.port == xen_port; */
    return -EIO;
}

/*@ requires ready: PortsReady;
    terminates \true; exits \false; assigns ghost_now, ports.table.entry[0 .. EVTCHN_PORTS - 1], ports.table.bound[0 .. EVTCHN_BOUND_MAX - 1];
    ensures good: PortsGood(&ports.table);
    ensures made: PortMade{Pre, Post}(EVTCHNOP_alloc_unbound, \result, handler, arg, \old(ghost_now)); */
int evtchn_port_alloc(domid_t domain, evtchn_handler *handler, uint32_t arg)
{
    struct evtchn_alloc_unbound alloc = { .dom = DOMID_SELF, .remote_dom = domain };
    int result;

    if (evtchn_table_is_full(&ports.table))
        return -ENOSPC;
    result = ask(EVTCHNOP_alloc_unbound, (uint64_t)&alloc);
    /*@ assert given: XenGiven(ghost_now - 1, (uint64_t)&alloc) && alloc.dom == DOMID_SELF && alloc.remote_dom == domain; */
    return take(result, shm_read32(&alloc.port), handler, arg);
}

/*@ requires ready: PortsReady;
    terminates \true; exits \false; assigns ghost_now, ports.table.entry[0 .. EVTCHN_PORTS - 1], ports.table.bound[0 .. EVTCHN_BOUND_MAX - 1];
    ensures good: PortsGood(&ports.table);
    ensures made: PortMade{Pre, Post}(EVTCHNOP_bind_interdomain, \result, handler, arg, \old(ghost_now)); */
int evtchn_port_bind(domid_t domain, evtchn_port_t peer_port, evtchn_handler *handler, uint32_t arg)
{
    struct evtchn_bind_interdomain bind = { .remote_dom = domain, .remote_port = peer_port };
    int result;

    if (evtchn_table_is_full(&ports.table))
        return -ENOSPC;
    result = ask(EVTCHNOP_bind_interdomain, (uint64_t)&bind);
    /*@ assert given: XenGiven(ghost_now - 1, (uint64_t)&bind) && bind.remote_dom == domain && bind.remote_port == peer_port; */
    return take(result, shm_read32(&bind.local_port), handler, arg);
}

/*@ requires ready: PortsReady;
    terminates \true; exits \false; assigns ghost_now, ports.table.entry[0 .. EVTCHN_PORTS - 1], ports.table.bound[0 .. EVTCHN_BOUND_MAX - 1];
    ensures good: PortsGood(&ports.table);
    ensures made: PortMade{Pre, Post}(EVTCHNOP_bind_virq, \result, handler, arg, \old(ghost_now)); */
int evtchn_port_bind_virq(uint32_t virq, uint32_t vcpu, evtchn_handler *handler, uint32_t arg)
{
    struct evtchn_bind_virq bind = { .virq = virq, .vcpu = vcpu };
    int result;

    if (evtchn_table_is_full(&ports.table))
        return -ENOSPC;
    result = ask(EVTCHNOP_bind_virq, (uint64_t)&bind);
    /*@ assert given: XenGiven(ghost_now - 1, (uint64_t)&bind) && bind.virq == virq && bind.vcpu == vcpu; */
    return take(result, shm_read32(&bind.port), handler, arg);
}

/*@ requires ready: PortsReady;
    terminates \true; exits \false; assigns ghost_now, ports.table.entry[0 .. EVTCHN_PORTS - 1], ports.table.bound[0 .. EVTCHN_BOUND_MAX - 1];
    ensures good: PortsGood(&ports.table);
    ensures made: PortMade{Pre, Post}(EVTCHNOP_bind_ipi, \result, handler, arg, \old(ghost_now)); */
int evtchn_port_bind_ipi(uint32_t vcpu, evtchn_handler *handler, uint32_t arg)
{
    struct evtchn_bind_ipi bind = { .vcpu = vcpu };
    int result;

    if (evtchn_table_is_full(&ports.table))
        return -ENOSPC;
    result = ask(EVTCHNOP_bind_ipi, (uint64_t)&bind);
    /*@ assert given: XenGiven(ghost_now - 1, (uint64_t)&bind) && bind.vcpu == vcpu; */
    return take(result, shm_read32(&bind.port), handler, arg);
}

/*@ requires ready: PortsReady;
    terminates \true; exits \false; assigns ghost_now;
    ensures none: !PortBound(&ports.table, port) ==> \result == -ENOENT && ghost_now == \old(ghost_now);
    ensures asked: PortBound(&ports.table, port) ==> ghost_now == \old(ghost_now) + 1
      && PortAsked(\old(ghost_now), EVTCHNOP_send) && \result == XenStatus(IoValue(\old(ghost_now))); */
int evtchn_port_send(uint32_t port)
{
    struct evtchn_send send = { .port = port };
    int result;

    if (!has_handler(port))
        return -ENOENT;
    result = ask(EVTCHNOP_send, (uint64_t)&send);
    /*@ assert given: XenGiven(ghost_now - 1, (uint64_t)&send) && send.port == port; */
    return result;
}

/*@ requires ready: PortsReady;
    terminates \true; exits \false; assigns ghost_now;
    ensures none: !PortBound(&ports.table, port) ==> \result == -ENOENT && ghost_now == \old(ghost_now);
    ensures asked: PortBound(&ports.table, port) ==> ghost_now == \old(ghost_now) + 1
      && PortAsked(\old(ghost_now), EVTCHNOP_unmask) && \result == XenStatus(IoValue(\old(ghost_now))); */
int evtchn_port_unmask(uint32_t port)
{
    struct evtchn_unmask unmask = { .port = port };
    int result;

    if (!has_handler(port))
        return -ENOENT;
    result = ask(EVTCHNOP_unmask, (uint64_t)&unmask);
    /*@ assert given: XenGiven(ghost_now - 1, (uint64_t)&unmask) && unmask.port == port; */
    return result;
}

/*@ requires ready: PortsReady;
    terminates \true; exits \false; assigns ghost_now, ports.table.bound[0 .. EVTCHN_BOUND_MAX - 1],
      ports.page->mask[0 .. EVTCHN_WORDS - 1], ports.page->pending[0 .. EVTCHN_WORDS - 1];
    ensures good: PortsGood(&ports.table);
    ensures none: !PortBound{Pre}(&ports.table, port) ==> \result == -ENOENT && ghost_now == \old(ghost_now)
      && PortsSame{Pre, Post};
    ensures masked: PortBound{Pre}(&ports.table, port) ==> ghost_now == \old(ghost_now) + 3
      && SetBit64(\old(ghost_now), &ports.page->mask[port / 64], port % 64)
      && ClearedBit64(\old(ghost_now) + 1, &ports.page->pending[port / 64], port % 64);
    ensures asked: PortBound{Pre}(&ports.table, port) ==> PortAsked(\old(ghost_now) + 2, EVTCHNOP_close)
      && \result == XenStatus(IoValue(\old(ghost_now) + 2));
    ensures gone: !PortBound(&ports.table, port) && OtherPortsSame{Pre, Post}(&ports.table, port); */
int evtchn_port_close(uint32_t port)
{
    struct evtchn_close close = { .port = port };
    int result;

    if (!has_handler(port))
        return -ENOENT;
    evtchn_mask(ports.page, port);
    (void)evtchn_table_remove(&ports.table, port);
    (void)shm_clear_bit64(&ports.page->pending[port / 64], port % 64);
    result = ask(EVTCHNOP_close, (uint64_t)&close);
    /*@ assert given: XenGiven(ghost_now - 1, (uint64_t)&close) && close.port == port; */
    return result;
}

/*@ terminates \true; exits \false; assigns \nothing; ensures count: \result == ports.unknown; */
uint32_t evtchn_port_count_unknown(void)
{
    return ports.unknown;
}
