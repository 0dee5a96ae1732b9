/* SPDX-License-Identifier: BSD-2-Clause */
#include "x86/apic.h"

#include "lib/shm.h"
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
enum { ICR_PENDING = 0x1000, ID_FACTOR = 0x1000000, SEND_PATIENCE = 100000 };
enum { LAPIC_TIMER_INITIAL = 0x380, LAPIC_TIMER_CURRENT = 0x390, LAPIC_TIMER_DIVIDE = 0x3e0 };
enum { SPURIOUS_ENABLE = 0x100, LVT_MASKED = 0x10000, DIVIDE_BY_1 = 0xb };
enum { IOAPIC_SELECT = 0x00, IOAPIC_WINDOW = 0x10, IOAPIC_REDIRECTION = 0x10, IOAPIC_WORDS = 8, IOAPIC_INPUTS = 24 };
enum { LAPIC_SIZE = 0x400 };

static volatile uint32_t *lapic, *ioapic;

#include "spec/apic.acsl"

/*@ requires mapped: LapicMapped && reg < LAPIC_SIZE;
    terminates \true; exits \false; assigns ghost_now;
    ensures read: ghost_now == \old(ghost_now) + 1 && LapicRead(\old(ghost_now), reg);
    ensures value: \result == IoValue(\old(ghost_now)); */
static uint32_t lapic_read(uint32_t reg)
{
    return shm_read32(&lapic[reg / 4]);
}

/*@ requires mapped: LapicMapped && reg < LAPIC_SIZE;
    terminates \true; exits \false; assigns ghost_now, lapic[reg / 4];
    ensures wrote: ghost_now == \old(ghost_now) + 1 && LapicWrote(\old(ghost_now), reg, value); */
static void lapic_write(uint32_t reg, uint32_t value)
{
    shm_write32(&lapic[reg / 4], value);
}

/*@ requires mapped: IoapicMapped;
    terminates \true; exits \false; assigns ghost_now, ioapic[0 .. IOAPIC_WORDS - 1];
    ensures wrote: ghost_now == \old(ghost_now) + 2 && IoapicWrote(\old(ghost_now), reg, value); */
static void ioapic_write(uint32_t reg, uint32_t value)
{
    shm_write32(&ioapic[IOAPIC_SELECT / 4], reg);
    shm_write32(&ioapic[IOAPIC_WINDOW / 4], value);
}

/*@ requires mapped: \valid(lapic_registers + (0 .. LAPIC_SIZE / 4 - 1))
      && \separated(lapic_registers + (0 .. LAPIC_SIZE / 4 - 1), &ghost_now, &lapic, &ioapic);
    terminates \true; exits \false; assigns ghost_now, lapic_registers[0 .. LAPIC_SIZE / 4 - 1];
    assigns lapic \from lapic_registers; assigns ioapic \from ioapic_registers;
    ensures kept: lapic == lapic_registers && ioapic == ioapic_registers;
    ensures started: ghost_now == \old(ghost_now) + 4 && LapicStarted(\old(ghost_now)); */
void apic_start(volatile uint32_t *lapic_registers, volatile uint32_t *ioapic_registers)
{
    lapic = lapic_registers;
    ioapic = ioapic_registers;
    apic_start_other();
}

/*@ requires mapped: LapicMapped;
    terminates \true; exits \false; assigns ghost_now, lapic[0 .. LAPIC_SIZE / 4 - 1];
    ensures started: ghost_now == \old(ghost_now) + 4 && LapicStarted(\old(ghost_now)); */
void apic_start_other(void)
{
    lapic_write(LAPIC_LVT_LINT0, LVT_MASKED);
    lapic_write(LAPIC_TIMER_DIVIDE, DIVIDE_BY_1);
    lapic_write(LAPIC_LVT_TIMER, APIC_TIMER_VECTOR);
    lapic_write(LAPIC_SPURIOUS, SPURIOUS_ENABLE | TRAP_SPURIOUS);
}

/* The one before has left by then: SDM volume 3, 10.6.1. A local APIC sends within microseconds, so few readings are enough. */
/*@ requires mapped: LapicMapped && id < 256;
    terminates \true; exits \false; assigns ghost_now, lapic[0 .. LAPIC_SIZE / 4 - 1];
    ensures sent: LapicSent(\old(ghost_now), ghost_now, id, what); */
static void send(uint32_t id, uint32_t what)
{
    /*@ loop invariant range: 0 <= i <= SEND_PATIENCE && ghost_now == \at(ghost_now, Pre) + i;
        loop invariant busy: LapicBusy(\at(ghost_now, Pre), ghost_now);
        loop assigns i, ghost_now; loop variant SEND_PATIENCE - i; */
    for (uint32_t i = 0; i < SEND_PATIENCE && (lapic_read(LAPIC_ICR_LOW) & ICR_PENDING); i++)
        ;
    lapic_write(LAPIC_ICR_HIGH, id * ID_FACTOR);
    lapic_write(LAPIC_ICR_LOW, what);
}

/*@ requires mapped: LapicMapped && id < 256;
    terminates \true; exits \false; assigns ghost_now, lapic[0 .. LAPIC_SIZE / 4 - 1];
    ensures sent: LapicSent(\old(ghost_now), ghost_now, id, ICR_FIXED | vector); */
void apic_send(uint32_t id, uint32_t vector)
{
    send(id, ICR_FIXED | vector);
}

/*@ requires mapped: LapicMapped && id < 256;
    terminates \true; exits \false; assigns ghost_now, lapic[0 .. LAPIC_SIZE / 4 - 1];
    ensures sent: LapicSent(\old(ghost_now), ghost_now, id, ICR_NMI); */
void apic_send_nmi(uint32_t id)
{
    send(id, ICR_NMI);
}

/*@ requires mapped: LapicMapped && id < 256;
    terminates \true; exits \false; assigns ghost_now, lapic[0 .. LAPIC_SIZE / 4 - 1];
    ensures sent: LapicSent(\old(ghost_now), ghost_now, id, ICR_INIT); */
void apic_send_init(uint32_t id)
{
    send(id, ICR_INIT);
}

/*@ requires mapped: LapicMapped && id < 256;
    terminates \true; exits \false; assigns ghost_now, lapic[0 .. LAPIC_SIZE / 4 - 1];
    ensures sent: LapicSent(\old(ghost_now), ghost_now, id, ICR_STARTUP | page); */
void apic_send_startup(uint32_t id, uint32_t page)
{
    send(id, ICR_STARTUP | page);
}

/*@ requires mapped: LapicMapped;
    terminates \true; exits \false; assigns ghost_now, lapic[LAPIC_TIMER_INITIAL / 4];
    ensures armed: ghost_now == \old(ghost_now) + 1 && LapicWrote(\old(ghost_now), LAPIC_TIMER_INITIAL, ticks); */
void apic_timer_arm(uint32_t ticks)
{
    lapic_write(LAPIC_TIMER_INITIAL, ticks);
}

/*@ requires mapped: LapicMapped;
    terminates \true; exits \false; assigns ghost_now;
    ensures read: ghost_now == \old(ghost_now) + 1 && LapicRead(\old(ghost_now), LAPIC_TIMER_CURRENT);
    ensures value: \result == IoValue(\old(ghost_now)); */
uint32_t apic_timer_count(void)
{
    return lapic_read(LAPIC_TIMER_CURRENT);
}

/*@ requires mapped: LapicMapped;
    terminates \true; exits \false; assigns ghost_now, lapic[LAPIC_EOI / 4];
    ensures ended: ghost_now == \old(ghost_now) + 1 && LapicWrote(\old(ghost_now), LAPIC_EOI, 0); */
void apic_eoi(void)
{
    lapic_write(LAPIC_EOI, 0);
}

/* Where to first: the input is open as soon as the other half says which vector. */
/*@ requires mapped: LapicMapped && IoapicMapped && gsi < IOAPIC_INPUTS;
    terminates \true; exits \false; assigns ghost_now, ioapic[0 .. IOAPIC_WORDS - 1];
    ensures asked: ghost_now == \old(ghost_now) + 5 && LapicRead(\old(ghost_now), LAPIC_ID);
    ensures target: IoapicWrote(\old(ghost_now) + 1, IOAPIC_REDIRECTION + 2 * gsi + 1, IoValue(\old(ghost_now)));
    ensures open: IoapicWrote(\old(ghost_now) + 3, IOAPIC_REDIRECTION + 2 * gsi, vector); */
void ioapic_route(uint32_t gsi, uint32_t vector)
{
    ioapic_write(IOAPIC_REDIRECTION + 2 * gsi + 1, lapic_read(LAPIC_ID));
    ioapic_write(IOAPIC_REDIRECTION + 2 * gsi, vector);
}
