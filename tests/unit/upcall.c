/* SPDX-License-Identifier: BSD-2-Clause */
/* links: xen/upcall.c xen/evtchn_port.c xen/evtchn_table.c xen/evtchn.c xen/storm.c xen/pvclock.c */
/* Events of eight virtual CPUs, with a Xen that keeps their flags, selectors and timers as the real one does (xen/common/event_2l.c):
   each is told of its own kicks and timer whoever looked at the ports before, and no event is lost. */
#include "xen/upcall.h"

#include <asm/prctl.h>
#include <linux/errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <xen/features.h>

#include "check.h"
#include "lies.h"
#include "x86/apic.h"
#include "x86/cpu.h"
#include "x86/cpus.h"
#include "x86/trap.h"
#include "xen/evtchn_port.h"
#include "xen/host.h"
#include "xen/hypercall.h"
#include "xen/storm.h"

enum { PORTS = 64, DEVICES = 3 };

struct cpu_area cpu_area[CPUS_MAX];
uint64_t irq_events;

/* The fake Xen. */
static struct shared_info shared;
static struct {
    bool is_open;
    uint32_t vcpu;
    uint32_t virq; /* 0xffffffff: none */
} port_of[PORTS];
static uint32_t open_ports;
static uint64_t timer_ns[CPUS_MAX];
static int refused = -1; /* that command of event channels is refused */
static bool no_vector, no_feature;
static void (*upcall_handler)(void);
static uint64_t vcpu_halted;
static uint32_t polls;

static void be_cpu(uint32_t cpu)
{
    cpu_area[cpu].self = &cpu_area[cpu];
    cpu_area[cpu].number = cpu;
    CHECK_EQ(syscall(SYS_arch_prctl, ARCH_SET_GS, &cpu_area[cpu]), 0);
}

static bool is_pending(uint32_t port)
{
    return shared.evtchn_pending[port / 64] >> (port % 64) & 1;
}

static void mark(uint32_t port)
{
    struct vcpu_info *vcpu = &shared.vcpu_info[port_of[port].vcpu];
    bool was_selected = vcpu->evtchn_pending_sel >> (port / 64) & 1;

    vcpu->evtchn_pending_sel |= 1ul << (port / 64);
    if (!was_selected)
        vcpu->evtchn_upcall_pending = 1;
}

static void raise(uint32_t port)
{
    if (is_pending(port))
        return;
    shared.evtchn_pending[port / 64] |= 1ul << (port % 64);
    if (!(shared.evtchn_mask[port / 64] >> (port % 64) & 1))
        mark(port);
}

static uint32_t open_port(uint32_t vcpu, uint32_t virq)
{
    uint32_t port = ++open_ports;

    port_of[port].is_open = true;
    port_of[port].vcpu = vcpu;
    port_of[port].virq = virq;
    return port;
}

int64_t hypercall2(uint32_t number, uint64_t a, uint64_t b)
{
    uint32_t port = *(uint32_t *)b;

    CHECK_EQ(number, __HYPERVISOR_event_channel_op);
    if ((int)a == refused)
        return -ENOSPC;
    if (a == EVTCHNOP_bind_virq) {
        struct evtchn_bind_virq *bind = (struct evtchn_bind_virq *)b;

        CHECK_EQ(bind->virq, VIRQ_TIMER);
        bind->port = open_port(bind->vcpu, bind->virq);
        return 0;
    }
    if (a == EVTCHNOP_bind_ipi) {
        struct evtchn_bind_ipi *bind = (struct evtchn_bind_ipi *)b;

        bind->port = open_port(bind->vcpu, ~0u);
        return 0;
    }
    if (!CHECK(port < PORTS && port_of[port].is_open))
        return -EINVAL;
    if (a == EVTCHNOP_send)
        raise(port);
    else if (CHECK_EQ(a, EVTCHNOP_unmask)) {
        shared.evtchn_mask[port / 64] &= ~(1ul << (port % 64));
        if (is_pending(port))
            mark(port);
    }
    return 0;
}

struct shared_info *xen_shared_info(void)
{
    return &shared;
}

bool xen_has_feature(uint32_t feature)
{
    return feature == XENFEAT_hvm_callback_vector && !no_feature;
}

int xen_set_callback_vector(uint8_t vector)
{
    CHECK_EQ(vector, XEN_UPCALL_VECTOR);
    return no_vector ? -EINVAL : 0;
}

/* Xen sets nobody else's timer (xen/common/domain.c). */
int xen_set_timer(uint32_t vcpu, uint64_t deadline_ns)
{
    if (!CHECK_EQ(vcpu, cpu_this()->number))
        return -EINVAL;
    timer_ns[vcpu] = deadline_ns;
    return 0;
}

/* Who polls a port that is not pending would hang. */
int xen_poll_port(uint32_t port)
{
    polls++;
    CHECK(port_of[port].vcpu == cpu_this()->number && is_pending(port));
    return 0;
}

void irq_register(uint32_t vector, void (*handler)(void))
{
    CHECK_EQ(vector, XEN_UPCALL_VECTOR);
    upcall_handler = handler;
}

void cpu_halt(void)
{
    vcpu_halted |= 1ul << cpu_this()->number;
}

/* That CPU takes its interrupt, if there is one. */
static bool interrupt(uint32_t cpu)
{
    if (!shared.vcpu_info[cpu].evtchn_upcall_pending)
        return false;
    be_cpu(cpu);
    upcall_handler();
    CHECK_EQ(shared.vcpu_info[cpu].evtchn_upcall_pending, 0);
    return true;
}

static bool is_told(uint32_t cpu)
{
    return shared.vcpu_info[cpu].evtchn_upcall_pending;
}

static uint32_t calls[DEVICES], device_port[DEVICES];
static bool is_in_vain;

static void device(uint32_t arg)
{
    calls[arg]++;
    if (is_in_vain)
        upcall_in_vain(device_port[arg]);
}

/* The refusals leave no events: nothing can be listened to or slept on. */
static void check_refused(void)
{
    be_cpu(0);
    no_feature = true;
    CHECK(!upcall_start() && !upcall_listen(1) && !upcall_sleep_until(1) && !upcall_interrupt_at(1));
    no_feature = false;
    no_vector = true;
    CHECK(!upcall_start() && !upcall_listen(1) && !upcall_sleep_until(1) && !upcall_interrupt_at(1));
    no_vector = false;
}

static void check_start(void)
{
    uint32_t before;

    CHECK(upcall_start());
    refused = EVTCHNOP_bind_ipi;
    CHECK(!upcall_add_cpu(1));
    refused = EVTCHNOP_bind_virq;
    CHECK(!upcall_add_cpu(1));
    refused = EVTCHNOP_unmask;
    CHECK(!upcall_add_cpu(1));
    refused = -1;
    for (uint32_t cpu = 1; cpu < CPUS_MAX; cpu++) {
        before = open_ports;
        CHECK(upcall_add_cpu(cpu));
        CHECK(open_ports == before + 3 && port_of[before + 1].vcpu == cpu && port_of[before + 2].vcpu == cpu);
    }
    for (uint32_t k = 0; k < DEVICES; k++) {
        device_port[k] = open_port(0, ~0u);
        CHECK_EQ(evtchn_port_adopt(device_port[k], device, k), device_port[k]);
        CHECK(upcall_listen(device_port[k]));
    }
    CHECK(!upcall_listen(PORTS - 1) && !upcall_listen(~0u));
}

/* A kick tells one CPU, and again after each interrupt. */
static void check_kick(void)
{
    for (uint32_t from = 0; from < CPUS_MAX; from++)
        for (uint32_t to = 0; to < CPUS_MAX; to++) {
            be_cpu(from);
            upcall_kick(to);
            upcall_kick(to);
            for (uint32_t cpu = 0; cpu < CPUS_MAX; cpu++)
                CHECK_EQ(is_told(cpu), cpu == to);
            CHECK(interrupt(to) && !interrupt(to));
        }
    CHECK_EQ(irq_events, 0); /* nobody waited for that */
}

/* Another CPU's pass takes all ports of the word; who was to be told is told all the same. */
static void check_taken_by_others(void)
{
    be_cpu(2);
    upcall_kick(1);
    upcall_kick(3);
    raise(device_port[0]);
    CHECK(interrupt(3) && calls[0] == 1);
    CHECK(is_told(0) && is_told(1) && !is_told(3));
    upcall_kick(1);
    CHECK(interrupt(1) && interrupt(0) && calls[0] == 1);
    raise(device_port[0]);
    CHECK(is_told(0) && interrupt(0) && calls[0] == 2);
}

/* What was pending when it is listened to comes as an interrupt, and takes none away. */
static void check_listen(void)
{
    uint32_t before = calls[1];

    be_cpu(4);
    evtchn_mask((struct evtchn_page *)shared.evtchn_pending, device_port[1]);
    raise(device_port[1]);
    upcall_kick(4);
    CHECK(!is_told(0));
    CHECK(upcall_listen(device_port[1]));
    CHECK(is_told(0) && is_told(4) && calls[1] == before);
    CHECK(interrupt(0) && calls[1] == before + 1 && interrupt(4));
}

/* A poll ends once for all wakes before it, on the CPU that they were for; nobody is interrupted, nor does a pass take a wake away. */
static void check_poll(void)
{
    for (uint32_t cpu = 0; cpu < CPUS_MAX; cpu++) {
        be_cpu(cpu);
        upcall_end_poll((cpu + 1) % CPUS_MAX);
        upcall_end_poll((cpu + 1) % CPUS_MAX);
        upcall_kick(cpu);
        CHECK(interrupt(cpu));
        for (uint32_t other = 0; other < CPUS_MAX; other++)
            CHECK(!is_told(other));
        be_cpu((cpu + 1) % CPUS_MAX);
        upcall_poll();
        CHECK_EQ(shared.evtchn_pending[0], 0);
    }
    CHECK_EQ(polls, CPUS_MAX);
}

static uint32_t virq_port(uint32_t cpu)
{
    for (uint32_t port = open_ports; port > 0; port--)
        if (port_of[port].virq == VIRQ_TIMER && port_of[port].vcpu == cpu)
            return port;
    return 0;
}

static void check_timers(void)
{
    for (uint32_t cpu = 0; cpu < CPUS_MAX; cpu++) {
        be_cpu(cpu);
        CHECK(upcall_interrupt_at(1000 + cpu));
        CHECK(upcall_sleep_until(2000 + cpu));
        CHECK(timer_ns[cpu] == 2000 + cpu && vcpu_halted >> cpu & 1);
    }
    for (uint32_t cpu = 0; cpu < CPUS_MAX; cpu++) {
        uint64_t before = irq_events;

        CHECK_EQ(timer_ns[cpu], 2000 + cpu);
        raise(virq_port(cpu));
        for (uint32_t other = 0; other < CPUS_MAX; other++)
            CHECK_EQ(is_told(other), other == cpu);
        CHECK(interrupt(cpu) && irq_events == before + 1);
    }
}

/* Kicks, devices and interrupts in any order: who is kicked is told until it has been interrupted, and a device's handler runs after
   its last event. */
static void check_random(void)
{
    bool is_kicked[CPUS_MAX] = { 0 }, is_due[DEVICES] = { 0 };

    for (uint64_t i = lies_count(300000); i > 0; i--) {
        uint32_t cpu = (uint32_t)lies_next() % CPUS_MAX, k = (uint32_t)lies_next() % DEVICES, before = calls[k];

        be_cpu((uint32_t)lies_next() % CPUS_MAX);
        switch (lies_next() % 3) {
        case 0:
            upcall_kick(cpu);
            is_kicked[cpu] = true;
            break;
        case 1:
            raise(device_port[k]);
            is_due[k] = true;
            break;
        default:
            if (interrupt(cpu)) {
                is_kicked[cpu] = false;
                CHECK_EQ(calls[k] - before, is_due[k]);
                memset(is_due, 0, sizeof(is_due));
            }
        }
        CHECK(is_told(0) || !(is_due[0] || is_due[1] || is_due[2]));
        for (cpu = 0; cpu < CPUS_MAX; cpu++)
            if (!CHECK(is_told(cpu) || !is_kicked[cpu]))
                return;
    }
    for (uint32_t cpu = 0; cpu < CPUS_MAX; cpu++)
        (void)interrupt(cpu);
    CHECK_EQ(shared.evtchn_pending[0], 0);
}

/* A port that rings in vain is masked whichever CPU hears it, that CPU's timer is set, and another may be the one that unmasks it. */
static void check_storm(void)
{
    uint32_t before = calls[2], rings = 0;

    memset(timer_ns, 0xff, sizeof(timer_ns));
    is_in_vain = true;
    for (; rings < 1000 && timer_ns[5] == UINT64_MAX; rings++) {
        raise(device_port[2]);
        CHECK(is_told(0));
        upcall_kick(5);
        (void)interrupt(5);
        (void)interrupt(0);
    }
    CHECK(rings == STORM_EVENTS && calls[2] == before + rings);
    CHECK_EQ(timer_ns[5], shared.vcpu_info[5].time.system_time + STORM_WINDOW_NS);
    raise(device_port[2]);
    CHECK(!is_told(0));
    be_cpu(6);
    CHECK(upcall_interrupt_at(UINT64_MAX) && timer_ns[6] == timer_ns[5]);
    shared.vcpu_info[6].time.system_time = timer_ns[5];
    upcall_kick(6);
    is_in_vain = false;
    CHECK(interrupt(6) && calls[2] == before + rings + 1);
    CHECK(upcall_interrupt_at(UINT64_MAX) && timer_ns[6] == UINT64_MAX);
}

int main(void)
{
    for (uint32_t cpu = 0; cpu < CPUS_MAX; cpu++)
        shared.vcpu_info[cpu].time = (struct vcpu_time_info){ .tsc_timestamp = INT64_MAX, /* it stands still */
                                                              .system_time = 5000000000 + cpu,
                                                              .tsc_to_system_mul = 0x80000000 };
    check_refused();
    check_start();
    check_kick();
    check_taken_by_others();
    check_listen();
    check_poll();
    check_timers();
    check_random();
    check_storm();
    return check_done();
}
