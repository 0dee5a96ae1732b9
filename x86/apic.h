/* SPDX-License-Identifier: BSD-2-Clause */
/* Local APIC and I/O APIC (SDM volume 3, 10; 82093AA): a one-shot timer and device interrupts to wake an idle CPU. */
#ifndef X86_APIC_H
#define X86_APIC_H
#include <stdint.h>

#define LAPIC_PHYS  0xfee00000ULL
#define IOAPIC_PHYS 0xfec00000ULL

/* Switches this CPU's local APIC on; both are uncached mappings of 4 KiB. The timer ticks with the bus clock. */
void apic_start(volatile uint32_t *lapic_registers, volatile uint32_t *ioapic_registers);

/* The same on another CPU, which finds its own at the same address. */
void apic_start_other(void);

/* To the CPU with that id (0 to 254): the vector as an interrupt; an NMI; a reset into waiting; and the way out of that, in real mode, at the
   beginning of a page below 1 MiB. After apic_start. */
void apic_send(uint32_t id, uint32_t vector);
void apic_send_nmi(uint32_t id);
void apic_send_init(uint32_t id);
void apic_send_startup(uint32_t id, uint32_t page);

/* One timer interrupt after that many ticks (1 to 2^32-1); its handler is registered for APIC_TIMER_VECTOR. */
void apic_timer_arm(uint32_t ticks);

/* Ticks left until then, 0 when it has been. */
uint32_t apic_timer_count(void);

/* The interrupt being handled has been. */
void apic_eoi(void);

/* Sends interrupts of that global number to vector on this CPU: edge, high active, as ISA devices are. */
void ioapic_route(uint32_t gsi, uint32_t vector);

enum { APIC_TIMER_VECTOR = 32, APIC_UART_VECTOR = 33, XEN_UPCALL_VECTOR = 34, APIC_KICK_VECTOR = 35 };

#endif
