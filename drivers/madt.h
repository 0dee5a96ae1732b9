/* SPDX-License-Identifier: BSD-2-Clause */
/* Which CPUs a machine has, by ACPI's tables (ACPI 6.5, 5.2: RSDP, XSDT or RSDT, MADT): copied piece by piece, nothing taken on trust. */
#ifndef DRIVERS_MADT_H
#define DRIVERS_MADT_H
#include <stdbool.h>
#include <stdint.h>

/* Copies size bytes of physical memory; false when there is no such place. mm/kmap.h has one. */
typedef bool madt_read_fn(void *dst, uint64_t phys, uint64_t size);

/* The ids of local APICs that are enabled, but own, each once, in the tables' order, at most max of them: how many. rsdp: where the tables
   begin (physical); 0, or bytes that are no tables: none. */
uint32_t madt_find_others(uint64_t rsdp, madt_read_fn *read, uint8_t own, uint8_t *ids, uint32_t max);

#endif
