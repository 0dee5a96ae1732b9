/* SPDX-License-Identifier: BSD-2-Clause */
/* links: drivers/apic_cpus.c drivers/cpu_up.c */
/* Other CPUs that come up at once, at the second call, late or never: the wait ends, and who is left out is told so. */
#include "drivers/apic_cpus.h"

#include <string.h>

#include "check.h"
#include "drivers/clock.h"
#include "drivers/madt.h"
#include "mm/frame.h"
#include "mm/kmap.h"
#include "x86/apic.h"
#include "x86/cpus.h"

enum { PAGE = 7 };

/* Both in one section, in this order: what lies between is copied. */
__asm__(".section .rodata\n.globl cpu_trampoline, cpu_trampoline_end\ncpu_trampoline: .ascii \"the way up there\"\n"
        "cpu_trampoline_end: .byte 0\n.previous");
uint32_t cpu_entry_number, cpu_entry_root;
static struct table memory[PAGE + 1];
struct table *direct_map = memory;

static uint64_t now_ns, up_ns;
static uint32_t inits, startups, wants_startups, nmis, kicks, last_id;
static bool has_no_root, has_no_table, is_left_out, comes_last;

uint64_t clock_read_monotonic(void)
{
    return now_ns += 100000;
}

bool clock_pause(uint64_t ns)
{
    (void)ns;
    return false;
}

uint32_t madt_find_others(uint64_t rsdp, madt_read_fn *read, uint8_t own, uint8_t *ids, uint32_t max)
{
    CHECK(rsdp == 99 && read == kmap_read && max == CPUS_MAX - 1);
    (void)own;
    for (uint32_t i = 0; i < max; i++)
        ids[i] = (uint8_t)(40 + i);
    return max;
}

bool kmap_read(void *dst, uint64_t phys, uint64_t size)
{
    (void)dst;
    (void)phys;
    (void)size;
    return false;
}

bool kmap_ram(uint64_t first, uint64_t end)
{
    CHECK(first == PAGE && end == PAGE + 1);
    return !has_no_table;
}

uint32_t kmap_low_root(void)
{
    return has_no_root ? 0 : 12345;
}

bool cpus_leave_out(uint32_t number)
{
    CHECK_EQ(number, cpu_entry_number);
    is_left_out = !comes_last;
    return is_left_out;
}

bool cpus_is_up(uint32_t number)
{
    CHECK_EQ(number, cpu_entry_number);
    return inits > 0 && startups >= wants_startups && now_ns >= up_ns;
}

void apic_send_init(uint32_t id)
{
    inits++;
    last_id = id;
}

void apic_send_startup(uint32_t id, uint32_t page)
{
    CHECK(cpu_entry_root == 12345 && inits == 1 && id == last_id && page == PAGE);
    startups++;
}

void apic_send(uint32_t id, uint32_t vector)
{
    CHECK_EQ(vector, APIC_KICK_VECTOR);
    last_id = id;
    kicks++;
}

void apic_send_nmi(uint32_t id)
{
    last_id = id;
    nmis++;
}

static bool start(uint32_t number, uint32_t wanted, uint64_t after_ns)
{
    now_ns = 1000;
    inits = startups = 0;
    is_left_out = false;
    wants_startups = wanted;
    up_ns = now_ns + after_ns;
    return apic_cpus_start(number);
}

int main(void)
{
    CHECK_EQ(apic_cpus_count(99), CPUS_MAX);
    CHECK(!start(1, 1, 0) && inits == 0); /* no page to begin in */
    apic_cpus_set_page(PAGE);
    cpu_entry_root = 0;
    has_no_root = true;
    CHECK(!start(1, 1, 0) && inits == 0);
    has_no_root = false;
    CHECK(memory[PAGE].e[0] == 0);
    CHECK(start(1, 1, 0) && inits == 1 && startups == 1 && last_id == 40 && !is_left_out);
    CHECK_EQ(memcmp(&memory[PAGE], "the way up there", 17), 0);
    CHECK(start(7, 2, 0) && inits == 1 && startups == 2 && last_id == 46 && !is_left_out);
    CHECK(start(2, 1, 9900000000) && inits == 1 && !is_left_out);
    CHECK(!start(3, 1, 50000000000) && inits == 1 && last_id == 42 && is_left_out && now_ns < 11000000000);
    CHECK(!start(3, 3, 0) && inits == 1 && startups == 2 && is_left_out);
    comes_last = true;
    CHECK(start(3, 1, 50000000000));
    has_no_table = true;
    CHECK(!start(1, 1, 0) && inits == 0);
    apic_cpus_kick(5);
    CHECK(kicks == 1 && last_id == 44);
    apic_cpus_wake(6);
    CHECK(nmis == 1 && last_id == 45);
    return check_done();
}
