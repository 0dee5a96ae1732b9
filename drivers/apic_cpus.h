/* SPDX-License-Identifier: BSD-2-Clause */
/* The CPUs of a machine without Xen: found in ACPI's tables, started and interrupted through local APICs. spec/smp.md. */
#ifndef DRIVERS_APIC_CPUS_H
#define DRIVERS_APIC_CPUS_H
#include <stdbool.h>
#include <stdint.h>

/* How many there are, at most CPUS_MAX, this one included. rsdp: as in platform_count_cpus. */
uint32_t apic_cpus_count(uint64_t rsdp);

/* That page of RAM below 1 MiB (1 to 255), which nobody uses, is what others begin in; kept for good. */
void apic_cpus_set_page(uint32_t page);

/* platform.cpu_start; of platform.cpus kick, and wake for nmi_wait. */
bool apic_cpus_start(uint32_t number);
void apic_cpus_kick(uint32_t number);
void apic_cpus_wake(uint32_t number);

#endif
