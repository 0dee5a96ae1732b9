/* SPDX-License-Identifier: BSD-2-Clause */
#include "drivers/clock.h"

#include "drivers/pit.h"
#include "drivers/rtc.h"
#include "drivers/tsc.h"
#include "lib/log.h"
#include "lib/shm.h"
#include "x86/apic.h"
#include "x86/cpu.h"
#include "x86/cpus.h"
#include "x86/layout.h"
#include "x86/trap.h"
#include "xen/host.h"
#include "xen/hypercall.h"
#include "xen/pvclock.h"
#include "xen/upcall.h"

#define NS_PER_SECOND 1000000000u
#define NS_PER_MS     1000000u

/* linux/Documentation/virt/kvm: cpuid.rst and msr.rst; the timing leaf is VMware's, and QEMU's for KVM too. */
enum { KVM_LEAF_FEATURES = 0x40000001, KVM_FEATURE_CLOCK2 = 1 << 3, KVM_MSR_SYSTEM_TIME = 0x4b564d01, KVM_ENABLE = 1 };
enum { HYPERVISOR_LEAF = 0x40000000, HYPERVISOR_LEAF_TSC_KHZ = 0x40000010 };

/* PIT readings before it is given up, and starts of it (a host may lose us for a whole 55 ms). */
enum { PIT_PATIENCE = 100000, PIT_STARTS = 3 };

/* Under QEMU and KVM the APIC timer counts nanoseconds; elsewhere the first sleep measures it, and so is short. */
enum { APIC_KHZ_QEMU = 1000000, FIRST_SLEEP_NS = 1000000 };

/* CPUID 0x80000007 edx (SDM volume 2): the TSC runs at one rate on all CPUs, in all states. */
enum { EXTENDED_LEAF = 0x80000000, POWER_LEAF = 0x80000007, POWER_EDX_INVARIANT_TSC = 1 << 8 };

/* A copy of the host's parameters is good for so long: they change by parts per million. */
enum { SAMPLE_MS = 10 };

/* Without events an idle kernel on Xen asks its devices so often. */
enum { XEN_POLL_NS = 10 * NS_PER_MS };

static struct {
    enum clock_host host;
    const struct vcpu_time_info *pvclock; /* null: tsc */
    const struct shared_info *xen_shared;
    struct pvclock_sample sample; /* the last good one */
    uint64_t base_ns;             /* pvclock at clock_start */
    struct tsc_clock tsc;
    bool trusts_tsc;          /* between two looks at its source */
    uint64_t next_tsc;        /* from here on the source is asked again */
    struct clock_face face;   /* what is told */
    struct clock_face *shown; /* the application's copy, or null */
    uint64_t wall_base;
    bool wall_known;
    uint64_t apic_khz;            /* 0: not measured */
    uint64_t wanted_ns[CPUS_MAX]; /* of clock_interrupt_at, by each CPU; 0: none */
} clock;

static struct vcpu_time_info kvm_time __attribute__((aligned(64)));

static void find_pvclock(void)
{
    if (clock.host == CLOCK_HOST_XEN) {
        clock.xen_shared = xen_shared_info();
        if (clock.xen_shared)
            clock.pvclock = &clock.xen_shared->vcpu_info[0].time;
    } else if (clock.host == CLOCK_HOST_KVM && (cpuid(KVM_LEAF_FEATURES, 0).eax & KVM_FEATURE_CLOCK2)) {
        wrmsr(KVM_MSR_SYSTEM_TIME, ((uint64_t)&kvm_time - KERNEL_BASE) | KVM_ENABLE);
        clock.pvclock = &kvm_time;
    }
    if (clock.pvclock && !pvclock_take(clock.pvclock, &clock.sample)) {
        log_warn("clock: the host's clock does not settle; using the TSC");
        clock.pvclock = NULL;
    }
}

/* TCG makes the TSC from the host's clock. Xen emulates it, unless the host's is good. */
static bool tsc_is_good(void)
{
    if (clock.pvclock && (shm_read8(&clock.pvclock->flags) & XEN_PVCLOCK_TSC_STABLE_BIT))
        return true;
    if (clock.host == CLOCK_HOST_TCG || (clock.host == CLOCK_HOST_XEN && xen_tsc_is_good()))
        return true;
    return cpuid(EXTENDED_LEAF, 0).eax >= POWER_LEAF && (cpuid(POWER_LEAF, 0).edx & POWER_EDX_INVARIANT_TSC);
}

static void start_tsc(void)
{
    struct pit_mark anchor = pit_start();
    uint32_t khz = 0;

    tsc_clock_start(&clock.tsc, &anchor);
    if (clock.host == CLOCK_HOST_KVM && cpuid(HYPERVISOR_LEAF, 0).eax >= HYPERVISOR_LEAF_TSC_KHZ)
        khz = cpuid(HYPERVISOR_LEAF_TSC_KHZ, 0).eax;
    if (khz)
        tsc_clock_set_rate(&clock.tsc, khz, NS_PER_MS);
}

void clock_start(enum clock_host host)
{
    clock.host = host;
    clock.apic_khz = host == CLOCK_HOST_TCG || host == CLOCK_HOST_KVM ? APIC_KHZ_QEMU : 0;
    find_pvclock();
    clock.trusts_tsc = tsc_is_good();
    if (clock.pvclock)
        clock.base_ns = pvclock_read(&clock.sample, rdtsc());
    else
        start_tsc();
}

/* A mark at least TSC_FIRST_TICKS and less than a wrap behind the anchor, waiting for it if need be. */
static bool take_first_mark(struct pit_mark *mark)
{
    for (uint32_t starts = 0; starts < PIT_STARTS; starts++) {
        for (uint32_t i = 0; i < PIT_PATIENCE; i++) {
            *mark = pit_read();
            if (mark->wrapped)
                break;
            if (mark->ticks >= TSC_FIRST_TICKS)
                return true;
        }
        struct pit_mark anchor = pit_start();
        tsc_clock_move_anchor(&clock.tsc, &anchor);
    }
    return false;
}

static void learn_first(void)
{
    struct pit_mark mark;

    if (take_first_mark(&mark) && tsc_clock_learn_first(&clock.tsc, &mark))
        return;
    log_warn("clock: no usable timer to measure the TSC with; taking it for 1 GHz");
    tsc_clock_set_rate(&clock.tsc, 1, 1);
}

/* The slow way of a reading: a PIT mark is worth its port reads. */
static void learn(void)
{
    struct pit_mark mark;

    if (clock.tsc.rate.tsc_to_ns_mul == 0) {
        learn_first();
        return;
    }
    mark = pit_read();
    if (!tsc_clock_learn(&clock.tsc, &mark)) {
        mark = pit_start();
        tsc_clock_move_anchor(&clock.tsc, &mark);
    }
}

/* The host's words for the CPU that asks. KVM's are for the first one, whose TSC is taken for that of all. */
static const struct vcpu_time_info *own_pvclock(void)
{
    return clock.xen_shared ? &clock.xen_shared->vcpu_info[cpu_this()->number].time : clock.pvclock;
}

/* A version that never settles leaves the last good sample, which only ages. Of a TSC that is not trusted each reading wants a
   sample. */
static void ask_host(void)
{
    if (pvclock_take(own_pvclock(), &clock.sample) && clock.trusts_tsc)
        clock.next_tsc = rdtsc() + SAMPLE_MS * clock_face_khz(&clock.sample);
}

/* Asks the source of time and goes by what it says. A source that was set back finds the clock standing still. */
static void turn_face(void)
{
    if (clock.shown)
        clock_face_hide(clock.shown);
    if (clock.pvclock) {
        ask_host();
        clock_face_turn(&clock.face, &clock.sample, clock.base_ns, rdtsc_ordered());
    } else {
        learn();
        clock.next_tsc = clock.tsc.next_tsc;
        clock_face_turn(&clock.face, &clock.tsc.rate, 0, rdtsc_ordered());
    }
    clock.face.next_tsc = clock.trusts_tsc ? clock.next_tsc : 0;
    if (clock.shown)
        clock_face_show(clock.shown, &clock.face);
}

uint64_t clock_read_monotonic(void)
{
    uint64_t tsc = rdtsc_ordered();

    if (tsc >= clock.next_tsc) {
        turn_face();
        tsc = rdtsc_ordered();
    }
    clock.face.floor_ns = clock_face_read(&clock.face, tsc);
    return (uint64_t)clock.face.floor_ns;
}

void clock_show(struct clock_face *page)
{
    clock.shown = page;
    clock_face_hide(page);
    clock_face_show(page, &clock.face);
}

/* Wall time at the monotonic zero; 0 when nobody says. */
static uint64_t ask_wall_base(void)
{
    uint64_t answer, now;

    if (clock.xen_shared && pvclock_take_wall(clock.xen_shared, &answer))
        return answer + clock.base_ns;
    if (clock.host != CLOCK_HOST_XEN && rtc_read(&answer)) {
        now = clock_read_monotonic();
        if (answer * NS_PER_SECOND > now)
            return answer * NS_PER_SECOND - now;
    }
    log_warn("clock: no clock tells the date; it is 1970");
    return 0;
}

uint64_t clock_read_wall_base(void)
{
    if (!clock.wall_known) {
        clock.wall_base = ask_wall_base();
        clock.wall_known = true;
        clock.face.wall_base_ns = clock.wall_base;
        if (clock.shown)
            clock_show(clock.shown);
    }
    return clock.wall_base;
}

bool clock_pause(uint64_t ns)
{
    if (clock.host != CLOCK_HOST_XEN || !clock.pvclock)
        return false;
    return xen_poll_until(clock_read_monotonic() + clock.base_ns + ns) == 0;
}

/* The timer's ticks in that time, at least one. */
static uint32_t apic_ticks(uint64_t ns)
{
    uint64_t ticks = ns * (clock.apic_khz ? clock.apic_khz : APIC_KHZ_QEMU) / NS_PER_MS + 1;

    return ticks < UINT32_MAX ? (uint32_t)ticks : UINT32_MAX;
}

static void set_timer(uint64_t wanted_ns)
{
    uint64_t now = clock_read_monotonic(), ns = wanted_ns > now ? wanted_ns - now : 0;

    if (clock.host == CLOCK_HOST_XEN && clock.pvclock && upcall_interrupt_at(clock.base_ns + now + ns))
        return;
    apic_timer_arm(apic_ticks(ns < NS_PER_SECOND ? ns : NS_PER_SECOND));
}

void clock_interrupt_at(uint64_t deadline_ns)
{
    uint64_t wanted_ns = deadline_ns == UINT64_MAX ? 0 : deadline_ns;

    clock.wanted_ns[cpu_this()->number] = wanted_ns;
    if (wanted_ns != 0)
        set_timer(wanted_ns);
}

static void sleep_on_apic(uint64_t start_ns, uint64_t sleep_ns)
{
    uint64_t ticks, passed;

    if (!clock.apic_khz && sleep_ns > FIRST_SLEEP_NS)
        sleep_ns = FIRST_SLEEP_NS;
    ticks = apic_ticks(sleep_ns);
    apic_timer_arm((uint32_t)ticks);
    cpu_halt();
    if (clock.apic_khz)
        return;
    passed = clock_read_monotonic() - start_ns;
    ticks -= apic_timer_count();
    if (passed >= FIRST_SLEEP_NS / 4 && ticks * NS_PER_MS / passed > 0)
        clock.apic_khz = ticks * NS_PER_MS / passed;
}

static void sleep_from(uint64_t now, uint64_t sleep_ns)
{
    if (clock.host == CLOCK_HOST_XEN && clock.pvclock) {
        if (upcall_sleep_until(now + clock.base_ns + sleep_ns))
            return;
        if (sleep_ns > XEN_POLL_NS)
            sleep_ns = XEN_POLL_NS;
        irq_events++;
        if (xen_poll_until(now + clock.base_ns + sleep_ns) == 0)
            return;
    }
    sleep_on_apic(now, sleep_ns);
}

void clock_idle_until(uint64_t deadline_ns)
{
    uint64_t now = clock_read_monotonic(), wanted_ns;

    if (deadline_ns <= now) {
        irq_events++;
        return;
    }
    sleep_from(now, deadline_ns - now < NS_PER_SECOND ? deadline_ns - now : NS_PER_SECOND);
    /* The sleep had the timer. */
    wanted_ns = clock.wanted_ns[cpu_this()->number];
    if (wanted_ns != 0)
        set_timer(wanted_ns);
}
