/* SPDX-License-Identifier: BSD-2-Clause */
#include "xen/upcall.h"

#include <xen/features.h>
#include <xen/xen.h>

#include "x86/apic.h"
#include "x86/cpu.h"
#include "x86/trap.h"
#include "xen/evtchn.h"
#include "xen/host.h"

static struct {
    struct evtchn_page *page; /* null: no events */
    struct evtchn_vcpu *vcpu;
    struct evtchn_pass pass;
} upcall;

/* Every handler so far only wakes the CPU: who waited asks its device again. */
void evtchn_handle(uint32_t port)
{
    (void)port;
}

/* A pass with a budget of all ports leaves none: it takes each port once at most. */
static void run_pass(void)
{
    (void)evtchn_dispatch(upcall.page, upcall.vcpu, &upcall.pass, EVTCHN_PORTS);
}

bool upcall_start(void)
{
    struct shared_info *shared = xen_shared_info();
    int64_t timer;

    if (!shared || !xen_has_feature(XENFEAT_hvm_callback_vector))
        return false;
    upcall.page = (struct evtchn_page *)shared->evtchn_pending;
    upcall.vcpu = (struct evtchn_vcpu *)&shared->vcpu_info[0];
    for (uint32_t w = 0; w < EVTCHN_WORDS; w++)
        (void)shm_exchange64(&upcall.page->mask[w], UINT64_MAX);
    irq_register(XEN_UPCALL_VECTOR, run_pass);
    timer = xen_bind_virq(VIRQ_TIMER);
    if (timer < 0 || xen_set_callback_vector(XEN_UPCALL_VECTOR) < 0) {
        upcall.page = 0;
        return false;
    }
    return upcall_listen((uint64_t)timer);
}

bool upcall_listen(uint64_t port)
{
    if (!upcall.page || port == 0 || port >= EVTCHN_PORTS)
        return false;
    if (evtchn_unmask(upcall.page, &upcall.pass, (uint32_t)port))
        run_pass();
    return true;
}

bool upcall_sleep_until(uint64_t deadline_ns)
{
    if (!upcall.page || xen_set_timer(deadline_ns) < 0)
        return false;
    irq_enable_and_halt();
    return true;
}
