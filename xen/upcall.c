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
    struct shared_info *shared;
    struct evtchn_pass pass;      /* any CPU's: none leaves anything in it for the next */
    struct pvclock_sample sample; /* the last good one */
    struct storm storm;
    struct {
        uint32_t kick, wake; /* ports: for an interrupt; for one that polls, and masked for ever */
    } cpu[CPUS_MAX];
} upcall;

void upcall_wake(uint32_t arg)
{
    (void)arg;
    irq_events++;
}

static void ignore(uint32_t arg)
{
    (void)arg;
}

/* Xen's system time. A clock that does not settle stands still here, and then a masked port stays masked. */
static uint64_t now_ns(void)
{
    (void)pvclock_take(&upcall.shared->vcpu_info[cpu_this()->number].time, &upcall.sample);
    return pvclock_read(&upcall.sample, rdtsc());
}

/* A pass with a budget of all ports leaves none: it takes each port once at most. In the words that this CPU's events are in it
   takes other CPUs' too, which come all the same to find nothing. */
static void run_pass(void)
{
    struct vcpu_info *vcpu = &upcall.shared->vcpu_info[cpu_this()->number];

    (void)evtchn_dispatch(upcall.page, (struct evtchn_vcpu *)vcpu, &upcall.pass, EVTCHN_PORTS);
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
    (void)xen_set_timer(cpu_this()->number, now + STORM_WINDOW_NS);
}

bool upcall_add_cpu(uint32_t number)
{
    int timer = evtchn_port_bind_virq(VIRQ_TIMER, number, upcall_wake, 0);
    int kick = evtchn_port_bind_ipi(number, ignore, 0);
    int wake = evtchn_port_bind_ipi(number, ignore, 0);

    if (timer < 0 || kick < 0 || wake < 0)
        return false;
    upcall.cpu[number].kick = (uint32_t)kick;
    upcall.cpu[number].wake = (uint32_t)wake;
    return upcall_listen((uint32_t)timer) && upcall_listen((uint32_t)kick);
}

void upcall_kick(uint32_t number)
{
    (void)evtchn_port_send(upcall.cpu[number].kick);
}

/* The port stays pending until the wait is over: a wake before the wait ends it at once. */
void upcall_poll(void)
{
    uint32_t port = upcall.cpu[cpu_this()->number].wake;

    (void)xen_poll_port(port);
    (void)shm_clear_bit64(&upcall.page->pending[port / 64], port % 64);
}

void upcall_end_poll(uint32_t number)
{
    (void)evtchn_port_send(upcall.cpu[number].wake);
}

bool upcall_start(void)
{
    upcall.shared = xen_shared_info();
    if (!upcall.shared || !xen_has_feature(XENFEAT_hvm_callback_vector))
        return false;
    upcall.page = (struct evtchn_page *)upcall.shared->evtchn_pending;
    evtchn_port_start(upcall.page);
    irq_register(XEN_UPCALL_VECTOR, take_upcall);
    if (upcall_add_cpu(0) && xen_set_callback_vector(XEN_UPCALL_VECTOR) == 0)
        return true;
    upcall.page = 0;
    return false;
}

bool upcall_listen(uint32_t port)
{
    return upcall.page && evtchn_port_unmask(port) == 0;
}

bool upcall_interrupt_at(uint64_t deadline_ns)
{
    uint64_t release_ns = storm_deadline(&upcall.storm);

    return upcall.page && xen_set_timer(cpu_this()->number, deadline_ns < release_ns ? deadline_ns : release_ns) == 0;
}

bool upcall_sleep_until(uint64_t deadline_ns)
{
    if (!upcall_interrupt_at(deadline_ns))
        return false;
    cpu_halt();
    return true;
}
