/* SPDX-License-Identifier: BSD-2-Clause */
#include "xen/evtchn_port.h"

#include "xen/hypercall.h"
#include "xen/judge.h"

static struct {
    struct evtchn_page *page;
    struct evtchn_table table;
    uint32_t unknown;
} ports;

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

void evtchn_port_start(struct evtchn_page *page)
{
    ports.page = page;
    for (uint32_t w = 0; w < EVTCHN_WORDS; w++)
        (void)shm_exchange64(&page->mask[w], UINT64_MAX);
}

static int ask(uint32_t command, const void *arg)
{
    return judge_zero(hypercall2(__HYPERVISOR_event_channel_op, command, (uint64_t)arg));
}

static bool has_handler(uint32_t port)
{
    return port < EVTCHN_PORTS && evtchn_table_find(&ports.table, port) != EVTCHN_NO_ENTRY;
}

int evtchn_port_adopt(uint64_t peer_port, evtchn_handler *handler, uint32_t arg)
{
    if (peer_port == 0 || peer_port >= EVTCHN_PORTS)
        return -EINVAL;
    if (has_handler((uint32_t)peer_port))
        return -EEXIST;
    return evtchn_table_add(&ports.table, (uint32_t)peer_port, handler, arg) ? (int)peer_port : -ENOSPC;
}

/* After a call that made a port: what Xen says it is. One that we know to be another channel's is not closed. */
static int take(int result, evtchn_port_t xen_port, evtchn_handler *handler, uint32_t arg)
{
    struct evtchn_close close = { .port = xen_port };

    if (result < 0)
        return result;
    if (evtchn_table_add(&ports.table, xen_port, handler, arg))
        return (int)xen_port;
    if (!has_handler(xen_port))
        (void)ask(EVTCHNOP_close, &close);
    return -EIO;
}

int evtchn_port_alloc(domid_t domain, evtchn_handler *handler, uint32_t arg)
{
    struct evtchn_alloc_unbound alloc = { .dom = DOMID_SELF, .remote_dom = domain };
    int result;

    if (evtchn_table_is_full(&ports.table))
        return -ENOSPC;
    result = ask(EVTCHNOP_alloc_unbound, &alloc);
    return take(result, alloc.port, handler, arg);
}

int evtchn_port_bind(domid_t domain, evtchn_port_t peer_port, evtchn_handler *handler, uint32_t arg)
{
    struct evtchn_bind_interdomain bind = { .remote_dom = domain, .remote_port = peer_port };
    int result;

    if (evtchn_table_is_full(&ports.table))
        return -ENOSPC;
    result = ask(EVTCHNOP_bind_interdomain, &bind);
    return take(result, bind.local_port, handler, arg);
}

int evtchn_port_bind_virq(uint32_t virq, uint32_t vcpu, evtchn_handler *handler, uint32_t arg)
{
    struct evtchn_bind_virq bind = { .virq = virq, .vcpu = vcpu };
    int result;

    if (evtchn_table_is_full(&ports.table))
        return -ENOSPC;
    result = ask(EVTCHNOP_bind_virq, &bind);
    return take(result, bind.port, handler, arg);
}

int evtchn_port_bind_ipi(uint32_t vcpu, evtchn_handler *handler, uint32_t arg)
{
    struct evtchn_bind_ipi bind = { .vcpu = vcpu };
    int result;

    if (evtchn_table_is_full(&ports.table))
        return -ENOSPC;
    result = ask(EVTCHNOP_bind_ipi, &bind);
    return take(result, bind.port, handler, arg);
}

int evtchn_port_send(uint32_t port)
{
    struct evtchn_send send = { .port = port };

    return has_handler(port) ? ask(EVTCHNOP_send, &send) : -ENOENT;
}

int evtchn_port_unmask(uint32_t port)
{
    struct evtchn_unmask unmask = { .port = port };

    return has_handler(port) ? ask(EVTCHNOP_unmask, &unmask) : -ENOENT;
}

int evtchn_port_close(uint32_t port)
{
    struct evtchn_close close = { .port = port };

    if (!has_handler(port))
        return -ENOENT;
    evtchn_mask(ports.page, port);
    (void)evtchn_table_remove(&ports.table, port);
    (void)shm_clear_bit64(&ports.page->pending[port / 64], port % 64);
    return ask(EVTCHNOP_close, &close);
}

uint32_t evtchn_port_count_unknown(void)
{
    return ports.unknown;
}
