/* SPDX-License-Identifier: BSD-2-Clause */
/* links: drivers/madt.c */
/* ACPI's tables as machines have them, and as nobody should: what is found is each enabled CPU once, and nothing outside is read. */
#include "drivers/madt.h"

#include <string.h>

#include "check.h"

enum { MEMORY = 8192, RSDP = 64, ROOT = 512, OTHER = 1024, MADT = 2048 };

static uint8_t memory[MEMORY];
static uint64_t reads;

static bool read_memory(void *dst, uint64_t phys, uint64_t size)
{
    reads++;
    if (size > MEMORY || phys > MEMORY - size)
        return false;
    memcpy(dst, memory + phys, size);
    return true;
}

static void put(uint64_t at, uint64_t value, uint32_t width)
{
    for (uint32_t i = 0; i < width; i++)
        memory[at + i] = (uint8_t)(value >> 8 * i);
}

static void put_header(uint64_t at, const char *name, uint32_t length)
{
    memcpy(memory + at, name, 4);
    put(at + 4, length, 4);
}

static void put_sum(void)
{
    uint8_t sum = 0;

    memory[RSDP + 8] = 0;
    for (uint32_t i = 0; i < 20; i++)
        sum = (uint8_t)(sum + memory[RSDP + i]);
    memory[RSDP + 8] = (uint8_t)-sum;
}

static uint64_t end;

static void add_cpu(uint8_t id, uint32_t flags)
{
    memory[end] = 0;
    memory[end + 1] = 8;
    memory[end + 3] = id;
    put(end + 4, flags, 4);
    end += 8;
    put(MADT + 4, end - MADT, 4);
}

static void add_other(uint8_t type, uint8_t length)
{
    memory[end] = type;
    memory[end + 1] = length;
    end += length;
    put(MADT + 4, end - MADT, 4);
}

/* A machine with an XSDT (microvm) or an RSDT (q35), one other table, and a MADT without entries yet. */
static void make_tables(bool is_new)
{
    uint32_t width = is_new ? 8 : 4;

    memset(memory, 0, sizeof memory);
    memcpy(memory + RSDP, "RSD PTR ", 8);
    memory[RSDP + 15] = is_new ? 2 : 0;
    put(RSDP + (is_new ? 24 : 16), ROOT, width);
    put_sum();
    put_header(ROOT, is_new ? "XSDT" : "RSDT", 36 + 2 * width);
    put(ROOT + 36, OTHER, width);
    put(ROOT + 36 + width, MADT, width);
    put_header(OTHER, "FACP", 244);
    put_header(MADT, "APIC", 44);
    end = MADT + 44;
}

static uint8_t ids[8];

static uint32_t find(uint32_t max)
{
    memset(ids, 0xee, sizeof ids);
    return madt_find_others(RSDP, read_memory, 0, ids, max);
}

static void check_machine(bool is_new)
{
    make_tables(is_new);
    CHECK_EQ(find(7), 0);
    add_cpu(0, 1);
    CHECK_EQ(find(7), 0);
    add_other(1, 12); /* an I/O APIC */
    add_cpu(1, 1);
    add_cpu(5, 0); /* not enabled */
    add_cpu(6, 2); /* could be, but is not */
    add_other(4, 6);
    add_cpu(2, 1);
    add_cpu(1, 1); /* named twice: it would be reset while it runs */
    add_cpu(0, 1);
    add_cpu(255, 1); /* all of them */
    add_cpu(254, 3);
    CHECK_EQ(find(7), 3);
    CHECK(ids[0] == 1 && ids[1] == 2 && ids[2] == 254 && ids[3] == 0xee);
    CHECK_EQ(find(2), 2);
    CHECK(ids[0] == 1 && ids[1] == 2 && ids[2] == 0xee);
    CHECK_EQ(find(0), 0);
}

static void check_refused(void)
{
    make_tables(true);
    add_cpu(1, 1);
    CHECK_EQ(find(7), 1);
    CHECK_EQ(madt_find_others(0, read_memory, 0, ids, 7), 0);
    CHECK_EQ(madt_find_others(RSDP + 1, read_memory, 0, ids, 7), 0);
    CHECK_EQ(madt_find_others(~0ull, read_memory, 0, ids, 7), 0);
    memory[RSDP + 9]++; /* the sum is wrong */
    CHECK_EQ(find(7), 0);
    put_sum();
    CHECK_EQ(find(7), 1);
    put(RSDP + 24, ~0ull, 8);
    CHECK_EQ(find(7), 0);
    put(RSDP + 24, OTHER, 8); /* a table, but not of tables */
    CHECK_EQ(find(7), 0);
    put(RSDP + 24, ROOT, 8);
    put(ROOT + 36, ~0ull, 8); /* a table nowhere is passed over */
    CHECK_EQ(find(7), 1);
    put(ROOT + 4, 35, 4);
    CHECK_EQ(find(7), 0);
    put(ROOT + 4, 0xffffffff, 4);
    CHECK_EQ(find(7), 0);
}

/* Lengths that do not fit: the search ends at the table's end, at an entry that would not let it go on, or where nothing can be read. */
static void check_lengths(void)
{
    make_tables(true);
    add_cpu(1, 1);
    add_cpu(2, 1);
    put(MADT + 4, end - MADT - 1, 4);
    CHECK_EQ(find(7), 1);
    put(MADT + 4, 43, 4);
    CHECK_EQ(find(7), 0);
    put(MADT + 4, 65536, 4); /* zeroes behind the entries */
    CHECK_EQ(find(7), 2);
    memory[end + 1] = 1;
    CHECK_EQ(find(7), 2);
    for (uint64_t at = end; at < MEMORY; at += 2)
        put(at, 0x0207, 2);
    reads = 0;
    CHECK_EQ(find(7), 2);
    CHECK(reads < MEMORY);
    make_tables(true);
    put(ROOT + 4, 65536, 4);
    put_header(MADT, "NONE", 44);
    for (uint64_t at = ROOT + 36; at < MEMORY - 8; at += 8)
        put(at, OTHER, 8);
    reads = 0;
    CHECK_EQ(find(7), 0);
    CHECK(reads < 200);
}

/* Any bytes: an answer that holds to what the header says. */
static void check_noise(void)
{
    uint64_t seed = 88172645463325252ull;

    for (uint32_t round = 0; round < 20000; round++) {
        uint32_t count;

        make_tables(round % 2);
        for (uint8_t i = 0; i < 6; i++)
            add_cpu(i, 1);
        for (uint32_t i = 0; i < 1 + round % 8; i++) {
            seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
            memory[seed % 3 == 0   ? RSDP + seed / 3 % 36
                   : seed % 3 == 1 ? ROOT + seed / 3 % 64
                                   : MADT + seed / 3 % 100] = (uint8_t)(seed >> 40);
        }
        put_sum();
        count = find(7);
        CHECK(count <= 7);
        for (uint32_t i = 0; i < count; i++)
            CHECK(ids[i] != 0 && ids[i] != 255 && memchr(ids, ids[i], i) == NULL);
    }
}

int main(void)
{
    check_machine(true);
    check_machine(false);
    check_refused();
    check_lengths();
    check_noise();
    return check_done();
}
