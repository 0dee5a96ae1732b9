/* SPDX-License-Identifier: BSD-2-Clause */
/* links: xen/param_ring.c */
/* The console's and xenstore's page: parameters that cannot be, and events with and without a reason (threat 10). */
#include "xen/param_ring.h"

#include <xen/hvm/params.h>

#include "check.h"
#include "mm/kmap.h"
#include "xen/byte_ring.h"
#include "xen/evtchn_port.h"
#include "xen/host.h"
#include "xen/upcall.h"

static struct byte_ring_console console;
static struct byte_ring_xenstore store;
static uint64_t params[HVM_NR_PARAMS];
static evtchn_handler *handlers[8];
static uint32_t args[8];
static unsigned in_vain[8];

int xen_get_param(uint32_t index, uint64_t *value)
{
    if (params[index] == UINT64_MAX)
        return -22;
    *value = params[index];
    return 0;
}

void *kmap_shared(uint64_t phys)
{
    return phys == 0xfeff8000 ? (void *)&console : phys == 0xfeffc000 ? (void *)&store : NULL;
}

int evtchn_port_adopt(uint64_t peer_port, evtchn_handler *handler, uint32_t arg)
{
    if (peer_port == 0 || peer_port >= 8)
        return -22;
    handlers[peer_port] = handler;
    args[peer_port] = arg;
    return (int)peer_port;
}

void upcall_wake(uint32_t arg)
{
    (void)arg;
}

void upcall_in_vain(uint32_t port)
{
    in_vain[port]++;
}

static void set(uint64_t console_pfn, uint64_t console_port, uint64_t store_pfn, uint64_t store_port)
{
    params[HVM_PARAM_CONSOLE_PFN] = console_pfn;
    params[HVM_PARAM_CONSOLE_EVTCHN] = console_port;
    params[HVM_PARAM_STORE_PFN] = store_pfn;
    params[HVM_PARAM_STORE_EVTCHN] = store_port;
}

static void check_odd(void)
{
    static const uint64_t odd[][2] = {
        { 0, 1 },          { 0xfeff8, 0 }, { XEN_PFN_END, 1 },      { 0xfeff8, 1ULL << 32 },
        { UINT64_MAX, 1 }, { 5, 1 },       { 0xfeff8, UINT64_MAX }, { UINT64_MAX - 1, 1 }
    };
    uint32_t port = 77;

    for (unsigned i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
        set(odd[i][0], odd[i][1], odd[i][0], odd[i][1]);
        CHECK(!param_ring_open(PARAM_CONSOLE, &port) && !param_ring_open(PARAM_XENSTORE, &port));
    }
    CHECK_EQ(port, 77);
}

static void ring(uint32_t port, unsigned times)
{
    while (times-- > 0)
        handlers[port](args[port]);
}

/* An event is in vain when neither of that peer's indices moved since its last one. */
static void check_events(void)
{
    uint32_t port[2];

    set(0xfeff8, 2, 0xfeffc, 1);
    CHECK(param_ring_open(PARAM_CONSOLE, &port[0]) == &console && port[0] == 2);
    CHECK(param_ring_open(PARAM_XENSTORE, &port[1]) == &store && port[1] == 1);
    console.out_cons = store.rsp_prod = 7;
    ring(1, 1);
    ring(2, 1);
    console.in_prod = store.req_cons = 9;
    ring(1, 1);
    ring(2, 1);
    CHECK_EQ(in_vain[1] + in_vain[2], 0);
    ring(1, 3);
    ring(2, 5);
    /* Our own indices are no reason. */
    console.in_cons = console.out_prod = store.req_prod = store.rsp_cons = 9;
    ring(1, 1);
    ring(2, 1);
    CHECK(in_vain[1] == 4 && in_vain[2] == 6);
}

int main(void)
{
    check_odd();
    check_events();
    return check_done();
}
