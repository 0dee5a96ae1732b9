/* SPDX-License-Identifier: BSD-2-Clause */
#include "xen/upcall.h"

#include <xen/features.h>
#include <xen/xen.h>

#include "x86/apic.h"
#include "x86/cpu.h"
#include "x86/cpus.h"
#include "x86/trap.h"
#include "xen/evtchn_port.h"
#include "xen/host.h"
#include "xen/pvclock.h"
#include "xen/storm.h"

static struct {
    struct evtchn_page *page; /* null: no events */
    struct evtchn_vcpu *vcpu;
    struct evtchn_pass pass;
    const struct vcpu_time_info *time;
    struct pvclock_sample sample; /* the last good one */
    struct storm storm;
} upcall;

void upcall_wake(uint32_t arg)
{
    (void)arg;
}

/* Xen's system time. A clock that does not settle stands still here, and then a masked port stays masked. */
static uint64_t now_ns(void)
{
    (void)pvclock_take(upcall.time, &upcall.sample);
    return pvclock_read(&upcall.sample, rdtsc());
}

/* A pass with a budget of all ports leaves none: it takes each port once at most. */
static void run_pass(void)
{
    (void)evtchn_dispatch(upcall.page, upcall.vcpu, &upcall.pass, EVTCHN_PORTS);
}

static void release_masked(void)
{
    uint64_t now = now_ns();
    bool is_pending = false;

    for (uint32_t port = storm_release(&upcall.storm, now); port != 0; port = storm_release(&upcall.storm, now))
        is_pending |= evtchn_unmask(upcall.page, &upcall.pass, port);
    if (is_pending)
        run_pass();
}

static void take_upcall(void)
{
    run_pass();
    if (storm_deadline(&upcall.storm) != UINT64_MAX)
        release_masked();
}

void upcall_in_vain(uint32_t port)
{
    uint64_t now = now_ns();

    if (!storm_note(&upcall.storm, port, now))
        return;
    evtchn_mask(upcall.page, port);
    (void)xen_set_timer(now + STORM_WINDOW_NS);
}

bool upcall_start(void)
{
    struct shared_info *shared = xen_shared_info();
    int timer;

    if (!shared || !xen_has_feature(XENFEAT_hvm_callback_vector))
        return false;
    upcall.page = (struct evtchn_page *)shared->evtchn_pending;
    upcall.vcpu = (struct evtchn_vcpu *)&shared->vcpu_info[0];
    upcall.time = &shared->vcpu_info[0].time;
    evtchn_port_start(upcall.page);
    irq_register(XEN_UPCALL_VECTOR, take_upcall);
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

bool upcall_interrupt_at(uint64_t deadline_ns)
{
    uint64_t release_ns = storm_deadline(&upcall.storm);

    return upcall.page && xen_set_timer(deadline_ns < release_ns ? deadline_ns : release_ns) == 0;
}

bool upcall_sleep_until(uint64_t deadline_ns)
{
    if (!upcall_interrupt_at(deadline_ns))
        return false;
    cpu_halt();
    return true;
}
