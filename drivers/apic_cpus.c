/* SPDX-License-Identifier: BSD-2-Clause */
#include "drivers/apic_cpus.h"

#include "drivers/cpu_up.h"
#include "drivers/madt.h"
#include "lib/string.h"
#include "mm/frame.h"
#include "mm/kmap.h"
#include "x86/apic.h"
#include "x86/cpu.h"
#include "x86/cpus.h"
#include "x86/trap.h"

/* A host may be busy; a CPU that is not up by then is left out. STARTUP is sent a second time, as SDM volume 3, 9.4.4 wants it, to one
   that has not listened to the first. */
#define UP_NS     10000000000ULL
#define REPEAT_NS 10000000ULL

/* The first page is the CPU's own (interrupt table) in real mode. */
static uint32_t start_page;
static uint8_t apic_ids[CPUS_MAX];

uint32_t apic_cpus_count(uint64_t rsdp)
{
    enum { CPUID1_EBX_ID_SHIFT = 24 };

    apic_ids[0] = (uint8_t)(cpuid(1, 0).ebx >> CPUID1_EBX_ID_SHIFT);
    return 1 + madt_find_others(rsdp, kmap_read, apic_ids[0], apic_ids + 1, CPUS_MAX - 1);
}

void apic_cpus_set_page(uint32_t page)
{
    start_page = page;
}

bool apic_cpus_start(uint32_t number)
{
    if (cpu_entry_root == 0)
        cpu_entry_root = kmap_low_root();
    if (start_page == 0 || cpu_entry_root == 0 || !kmap_ram(start_page, start_page + 1))
        return false;
    memcpy(frame_memory(start_page), cpu_trampoline, (size_t)(cpu_trampoline_end - cpu_trampoline));
    cpu_entry_number = number;
    apic_send_init(apic_ids[number]);
    apic_send_startup(apic_ids[number], start_page);
    if (cpu_up_wait(number, REPEAT_NS))
        return true;
    apic_send_startup(apic_ids[number], start_page);
    /* A host that has given it no time by then may do so later: it finds all that it needs to stop. */
    return cpu_up_wait(number, UP_NS) || !cpus_leave_out(number);
}

void apic_cpus_kick(uint32_t number)
{
    apic_send(apic_ids[number], APIC_KICK_VECTOR);
}

void apic_cpus_wake(uint32_t number)
{
    apic_send_nmi(apic_ids[number]);
}
