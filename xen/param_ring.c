/* SPDX-License-Identifier: BSD-2-Clause */
#include "xen/param_ring.h"

#include <stdbool.h>
#include <stddef.h>

#include <xen/hvm/params.h>

#include "mm/frame.h"
#include "mm/kmap.h"
#include "xen/byte_ring.h"
#include "xen/evtchn_port.h"
#include "xen/host.h"
#include "xen/upcall.h"

static const struct {
    uint32_t pfn, port;  /* parameters */
    uint32_t prod, cons; /* the peer's indices, in the page */
} params[] = {
    [PARAM_CONSOLE] = { HVM_PARAM_CONSOLE_PFN, HVM_PARAM_CONSOLE_EVTCHN, offsetof(struct byte_ring_console, in_prod),
                        offsetof(struct byte_ring_console, out_cons) },
    [PARAM_XENSTORE] = { HVM_PARAM_STORE_PFN, HVM_PARAM_STORE_EVTCHN, offsetof(struct byte_ring_xenstore, rsp_prod),
                         offsetof(struct byte_ring_xenstore, req_cons) },
};

static struct {
    const uint8_t *page;
    uint32_t port, seen_prod, seen_cons;
} rings[sizeof(params) / sizeof(params[0])];

static uint32_t index_at(uint32_t which, uint32_t offset)
{
    return shm_read32((const volatile uint32_t *)(rings[which].page + offset));
}

static void take_event(uint32_t which)
{
    uint32_t prod = index_at(which, params[which].prod), cons = index_at(which, params[which].cons);

    upcall_wake(0);
    if (prod == rings[which].seen_prod && cons == rings[which].seen_cons)
        upcall_in_vain(rings[which].port);
    rings[which].seen_prod = prod;
    rings[which].seen_cons = cons;
}

void *param_ring_open(enum param_ring which, uint32_t *port)
{
    uint64_t pfn, peer_port;
    uint8_t *page;

    if (xen_get_param(params[which].pfn, &pfn) < 0 || xen_get_param(params[which].port, &peer_port) < 0)
        return NULL;
    if (pfn == 0 || pfn >= XEN_PFN_END)
        return NULL;
    page = kmap_shared(pfn * FRAME_SIZE);
    if (!page || evtchn_port_adopt(peer_port, take_event, which) < 0)
        return NULL;
    rings[which].page = page;
    *port = rings[which].port = (uint32_t)peer_port;
    return page;
}
