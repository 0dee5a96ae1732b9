/* SPDX-License-Identifier: BSD-2-Clause */
#include "x86/apic.h"
#include "x86/trap.h"

enum { LAPIC_ID = 0x20, LAPIC_EOI = 0xb0, LAPIC_SPURIOUS = 0xf0, LAPIC_LVT_TIMER = 0x320, LAPIC_LVT_LINT0 = 0x350 };
enum {
    LAPIC_ICR_LOW = 0x300,
    LAPIC_ICR_HIGH = 0x310,
    ICR_FIXED = 0x4000,
    ICR_NMI = 0x4400,
    ICR_INIT = 0x4500,
    ICR_STARTUP = 0x4600
};
enum { ICR_PENDING = 0x1000, ID_SHIFT = 24 };
enum { LAPIC_TIMER_INITIAL = 0x380, LAPIC_TIMER_CURRENT = 0x390, LAPIC_TIMER_DIVIDE = 0x3e0 };
enum { SPURIOUS_ENABLE = 0x100, LVT_MASKED = 0x10000, DIVIDE_BY_1 = 0xb };
enum { IOAPIC_SELECT = 0x00, IOAPIC_WINDOW = 0x10, IOAPIC_REDIRECTION = 0x10 };

static volatile uint32_t *lapic, *ioapic;

static uint32_t lapic_read(uint32_t reg)
{
    return lapic[reg / 4];
}

static void lapic_write(uint32_t reg, uint32_t value)
{
    lapic[reg / 4] = value;
}

static void ioapic_write(uint32_t reg, uint32_t value)
{
    ioapic[IOAPIC_SELECT / 4] = reg;
    ioapic[IOAPIC_WINDOW / 4] = value;
}

void apic_start(volatile void *lapic_registers, volatile void *ioapic_registers)
{
    lapic = lapic_registers;
    ioapic = ioapic_registers;
    apic_start_other();
}

void apic_start_other(void)
{
    lapic_write(LAPIC_LVT_LINT0, LVT_MASKED);
    lapic_write(LAPIC_TIMER_DIVIDE, DIVIDE_BY_1);
    lapic_write(LAPIC_LVT_TIMER, APIC_TIMER_VECTOR);
    lapic_write(LAPIC_SPURIOUS, SPURIOUS_ENABLE | TRAP_SPURIOUS);
}

/* The one before has left by then: SDM volume 3, 10.6.1. A local APIC sends within microseconds, so few readings are enough. */
static void send(uint32_t id, uint32_t what)
{
    enum { PATIENCE = 100000 };

    for (uint32_t i = 0; i < PATIENCE && (lapic_read(LAPIC_ICR_LOW) & ICR_PENDING); i++)
        ;
    lapic_write(LAPIC_ICR_HIGH, id << ID_SHIFT);
    lapic_write(LAPIC_ICR_LOW, what);
}

void apic_send(uint32_t id, uint32_t vector)
{
    send(id, ICR_FIXED | vector);
}

void apic_send_nmi(uint32_t id)
{
    send(id, ICR_NMI);
}

void apic_send_init(uint32_t id)
{
    send(id, ICR_INIT);
}

void apic_send_startup(uint32_t id, uint32_t page)
{
    send(id, ICR_STARTUP | page);
}

void apic_timer_arm(uint32_t ticks)
{
    lapic_write(LAPIC_TIMER_INITIAL, ticks);
}

uint32_t apic_timer_count(void)
{
    return lapic_read(LAPIC_TIMER_CURRENT);
}

void apic_eoi(void)
{
    lapic_write(LAPIC_EOI, 0);
}

void ioapic_route(uint32_t gsi, uint32_t vector)
{
    ioapic_write(IOAPIC_REDIRECTION + 2 * gsi + 1, lapic_read(LAPIC_ID));
    ioapic_write(IOAPIC_REDIRECTION + 2 * gsi, vector);
}
