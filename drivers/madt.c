/* SPDX-License-Identifier: BSD-2-Clause */
#include "drivers/madt.h"

#include "lib/bytes.h"
#include "lib/string.h"

/* ACPI 6.5: 5.2.5.3 (RSDP), 5.2.6 (headers), 5.2.7 and 5.2.8 (RSDT, XSDT), 5.2.12 (MADT, and its entries for local APICs). */
enum { RSDP_SIZE = 36, RSDP_REVISION = 15, RSDP_RSDT = 16, RSDP_XSDT = 24, RSDP_SUM_SIZE = 20 };
enum { HEADER_SIZE = 36, HEADER_LENGTH = 4, MADT_FIRST = 44 };
enum { ENTRY_LAPIC = 0, LAPIC_SIZE = 8, LAPIC_ID = 3, LAPIC_FLAGS = 4, LAPIC_ENABLED = 1, LAPIC_BROADCAST = 255 };

/* No table that says more is believed: a real one has some hundred bytes. */
enum { TABLE_MAX = 65536, TABLES_MAX = 64 };

/* A table of that name at phys: its length, 0 when there is none. */
static uint32_t read_header(madt_read_fn *read, uint64_t phys, const char *name)
{
    uint8_t header[8];
    uint32_t length;

    if (phys == 0 || !read(header, phys, sizeof header) || memcmp(header, name, 4) != 0)
        return 0;
    length = read_le32(header, sizeof header, HEADER_LENGTH);
    return length >= HEADER_SIZE && length <= TABLE_MAX ? length : 0;
}

/* The table of tables, with 8 or with 4 bytes for each: where and how long. */
static uint64_t find_root(uint64_t rsdp, madt_read_fn *read, uint32_t *width, uint32_t *length)
{
    uint8_t pointer[RSDP_SIZE], sum = 0;
    uint64_t root = 0;

    if (rsdp == 0 || !read(pointer, rsdp, sizeof pointer) || memcmp(pointer, "RSD PTR ", 8) != 0)
        return 0;
    for (uint32_t i = 0; i < RSDP_SUM_SIZE; i++)
        sum = (uint8_t)(sum + pointer[i]);
    if (sum != 0)
        return 0;
    if (pointer[RSDP_REVISION] >= 2)
        root = read_le64(pointer, sizeof pointer, RSDP_XSDT);
    *width = root != 0 ? 8 : 4;
    if (root == 0)
        root = read_le32(pointer, sizeof pointer, RSDP_RSDT);
    *length = read_header(read, root, *width == 8 ? "XSDT" : "RSDT");
    return *length != 0 ? root : 0;
}

static uint64_t find_madt(uint64_t rsdp, madt_read_fn *read, uint32_t *length)
{
    uint32_t width, root_length;
    uint64_t root = find_root(rsdp, read, &width, &root_length);

    if (root == 0)
        return 0;
    for (uint32_t i = 0; i < TABLES_MAX && HEADER_SIZE + (i + 1) * width <= root_length; i++) {
        uint8_t bytes[8] = { 0 };
        uint64_t table;

        if (!read(bytes, root + HEADER_SIZE + (uint64_t)i * width, width))
            return 0;
        table = read_le64(bytes, sizeof bytes, 0);
        *length = read_header(read, table, "APIC");
        if (*length != 0)
            return table;
    }
    return 0;
}

static bool is_known(uint8_t id, uint8_t own, const uint8_t *ids, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (ids[i] == id)
            return true;
    return id == own || id == LAPIC_BROADCAST;
}

uint32_t madt_find_others(uint64_t rsdp, madt_read_fn *read, uint8_t own, uint8_t *ids, uint32_t max)
{
    uint32_t length = 0, count = 0;
    uint64_t madt = find_madt(rsdp, read, &length);
    uint8_t entry[LAPIC_SIZE];

    if (madt == 0)
        return 0;
    /* An entry says how long it is; none is so short that the search would not go on. */
    for (uint32_t at = MADT_FIRST; at + LAPIC_SIZE <= length && count < max; at += entry[1]) {
        if (!read(entry, madt + at, sizeof entry) || entry[1] < 2)
            return count;
        if (entry[0] == ENTRY_LAPIC && entry[1] == LAPIC_SIZE && (entry[LAPIC_FLAGS] & LAPIC_ENABLED) &&
            !is_known(entry[LAPIC_ID], own, ids, count))
            ids[count++] = entry[LAPIC_ID];
    }
    return count;
}
