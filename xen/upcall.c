/* SPDX-License-Identifier: BSD-2-Clause */
#include "xen/upcall.h"

#include <xen/features.h>
#include <xen/xen.h>

#include "x86/apic.h"
#include "x86/cpu.h"
#include "x86/trap.h"
#include "xen/evtchn_port.h"
#include "xen/host.h"

static struct {
    struct evtchn_page *page; /* null: no events */
    struct evtchn_vcpu *vcpu;
    struct evtchn_pass pass;
} upcall;

void upcall_wake(uint32_t arg)
{
    (void)arg;
}

/* A pass with a budget of all ports leaves none: it takes each port once at most. */
static void run_pass(void)
{
    (void)evtchn_dispatch(upcall.page, upcall.vcpu, &upcall.pass, EVTCHN_PORTS);
}

bool upcall_start(void)
{
    struct shared_info *shared = xen_shared_info();
    int timer;

    if (!shared || !xen_has_feature(XENFEAT_hvm_callback_vector))
        return false;
    upcall.page = (struct evtchn_page *)shared->evtchn_pending;
    upcall.vcpu = (struct evtchn_vcpu *)&shared->vcpu_info[0];
    evtchn_port_start(upcall.page);
    irq_register(XEN_UPCALL_VECTOR, run_pass);
    timer = evtchn_port_bind_virq(VIRQ_TIMER, upcall_wake, 0);
    if (timer < 0 || xen_set_callback_vector(XEN_UPCALL_VECTOR) < 0) {
        upcall.page = 0;
        return false;
    }
    return upcall_listen((uint32_t)timer);
}

bool upcall_listen(uint32_t port)
{
    if (!upcall.page || port >= EVTCHN_PORTS)
        return false;
    if (evtchn_unmask(upcall.page, &upcall.pass, port))
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
