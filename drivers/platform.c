/* SPDX-License-Identifier: BSD-2-Clause */
#include "drivers/platform.h"

#include "drivers/apic_cpus.h"
#include "drivers/blkfront.h"
#include "drivers/clock.h"
#include "drivers/control.h"
#include "drivers/power.h"
#include "drivers/pv_console.h"
#include "drivers/uart.h"
#include "drivers/xen_cpus.h"
#include "drivers/xenstore.h"
#include "lib/format.h"
#include "lib/limits.h"
#include "lib/string.h"
#include "mm/frame.h"
#include "mm/kmap.h"
#include "x86/apic.h"
#include "x86/cpu.h"
#include "x86/trap.h"
#include "xen/evtchn_port.h"
#include "xen/host.h"
#include "xen/hypercall.h"
#include "xen/param_ring.h"
#include "xen/upcall.h"
#include "xen/vcpus.h"

/* A driver that sleeps on another CPU than the first keeps that one, which devices interrupt, out of the kernel: it looks so often. */
#define DEVICE_STEP_NS 1000000

enum { CPUID1_ECX_HYPERVISOR = 1u << 31, HYPERVISOR_LEAF = 0x40000000 };

struct platform platform;
static enum clock_host host;
static bool has_events; /* Xen's: then neither APIC is needed */

static void answer_xen(void)
{
    static char name[24] = "Xen";
    uint32_t version = xen_version();

    if (version)
        format_string(name, sizeof(name), "Xen %u.%u", version >> 16, version & 0xffff);
    platform.name = name;
    platform.is_xen = true;
    platform.console_write = pv_console_write;
    platform.console_offer = pv_console_offer;
    platform.console_read = pv_console_read;
    platform.console_patience_ns = PV_CONSOLE_PATIENCE_NS;
    host = CLOCK_HOST_XEN;
    pv_console_start();
}

static bool asked_by_nobody(void)
{
    return false;
}

static bool asked_by_xen(void)
{
    enum control_request request = control_poll();

    blkfront_serve();
    if (request == CONTROL_REBOOT)
        power_want_reboot();
    return request != CONTROL_NONE;
}

static bool is_signature(const struct cpuid *leaf, const char *signature)
{
    uint32_t words[3] = { leaf->ebx, leaf->ecx, leaf->edx };

    return memcmp(words, signature, sizeof(words)) == 0;
}

static void answer_machine(void)
{
    struct cpuid leaf = { 0 };

    if (cpuid(1, 0).ecx & CPUID1_ECX_HYPERVISOR)
        leaf = cpuid(HYPERVISOR_LEAF, 0);
    platform.name = "PC";
    host = CLOCK_HOST_OTHER;
    if (is_signature(&leaf, "KVMKVMKVM\0\0")) {
        platform.name = "KVM";
        host = CLOCK_HOST_KVM;
    } else if (is_signature(&leaf, "TCGTCGTCGTCG")) {
        platform.name = "QEMU TCG";
        host = CLOCK_HOST_TCG;
    }
    platform.console_write = uart_write;
    platform.console_offer = uart_offer;
    platform.console_read = uart_read;
    platform.console_patience_ns = UART_PATIENCE_NS;
    uart_init();
}

void platform_console_is_framed(void)
{
    if (platform.console_read == uart_read)
        uart_use_fifos();
}

static void take_timer(void)
{
    irq_events++;
    apic_eoi();
}

/* The first sleep is the first time that an interrupt is wanted, unless someone types or there is a second thread: a program that
   never waits pays for none of this. */
void platform_start_interrupts(void)
{
    static bool started;

    if (started || has_events)
        return;
    started = true;
    apic_start(kmap_device(LAPIC_PHYS, FRAME_SIZE), kmap_device(IOAPIC_PHYS, FRAME_SIZE));
    irq_register(APIC_TIMER_VECTOR, take_timer);
    irq_register(APIC_KICK_VECTOR, apic_eoi);
    if (!platform.is_xen)
        uart_irq_start();
}

static void idle_until(uint64_t deadline_ns)
{
    struct cpu_area *self = cpu_this();

    platform_start_interrupts();
    if (self->number != 0 && self->state != CPU_HALTED)
        deadline_ns = least(deadline_ns, clock_read_monotonic() + DEVICE_STEP_NS);
    clock_idle_until(deadline_ns);
}

void platform_probe(void)
{
    platform.clock_monotonic = clock_read_monotonic;
    platform.clock_wall_base = clock_read_wall_base;
    platform.idle_until = idle_until;
    platform.power_end = power_end;
    platform.is_asked_to_end = asked_by_nobody;
    platform.interrupt_at = clock_interrupt_at;
    if (hypercall_init())
        answer_xen();
    else
        answer_machine();
}

/* All was done for it before it began. */
static void do_nothing(void)
{
}

void platform_count_cpus(uint64_t rsdp)
{
    if (platform.is_xen) {
        platform.cpu_count = vcpus_count(CPUS_MAX);
        platform.cpu_start = xen_cpus_start;
        platform.cpu_begin = do_nothing;
        platform.cpus = (struct cpus_host){ upcall_kick, xen_cpus_wait, upcall_end_poll };
        return;
    }
    platform.cpu_count = apic_cpus_count(rsdp);
    platform.wants_start_page = platform.cpu_count > 1;
    platform.cpu_start = apic_cpus_start;
    platform.cpu_begin = apic_start_other;
    platform.cpus = (struct cpus_host){ apic_cpus_kick, nmi_wait, apic_cpus_wake };
}

void platform_set_start_page(uint32_t page)
{
    apic_cpus_set_page(page);
}

static uint32_t xenstore_port;

static void notify_xenstore(void)
{
    (void)evtchn_port_send(xenstore_port);
}

/* Without a page and port for it, as in dom0, there is no xenstore. */
static void start_xenstore(void)
{
    struct xenstore_host store = { param_ring_open(PARAM_XENSTORE, &xenstore_port), notify_xenstore,
                                   clock_read_monotonic, idle_until };

    if (!store.page)
        return;
    (void)upcall_listen(xenstore_port);
    xenstore_start(&store);
    control_start();
    platform.is_asked_to_end = asked_by_xen;
}

void platform_start(void)
{
    clock_start(host);
    if (platform.is_xen)
        has_events = upcall_start();
    if (!has_events)
        return;
    pv_console_listen();
    start_xenstore();
}

uint32_t platform_memory_map(struct boot_entry *map, uint32_t max)
{
    static struct xen_memory_range range[START_INFO_MAX_ENTRIES];
    int64_t count = 0;

    if (platform.is_xen)
        count = xen_memory_map(range, max < START_INFO_MAX_ENTRIES ? max : START_INFO_MAX_ENTRIES);
    for (int64_t i = 0; i < count; i++)
        map[i] = (struct boot_entry){ range[i].addr, range[i].size, range[i].type, 0 };
    return count > 0 ? (uint32_t)count : 0;
}
