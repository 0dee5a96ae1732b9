/* SPDX-License-Identifier: BSD-2-Clause */
#include "drivers/madt.h"

#include "lib/bytes.h"

/* ACPI 6.5: 5.2.5.3 (RSDP), 5.2.6 (headers), 5.2.7 and 5.2.8 (RSDT, XSDT), 5.2.12 (MADT, and its entries for local APICs). */
enum { RSDP_SIZE = 36, RSDP_REVISION = 15, RSDP_RSDT = 16, RSDP_XSDT = 24, RSDP_SUM_SIZE = 20 };
enum { HEADER_SIZE = 36, HEADER_LENGTH = 4, MADT_FIRST = 44 };
enum { ENTRY_LAPIC = 0, LAPIC_SIZE = 8, LAPIC_ID = 3, LAPIC_FLAGS = 4, LAPIC_ENABLED = 1, LAPIC_BROADCAST = 255 };

/* No table that says more is believed: a real one has some hundred bytes. */
enum { TABLE_MAX = 65536, TABLES_MAX = 64 };

/* Names, as the numbers that their bytes are: "RSD PTR ", RSDT, XSDT, APIC. */
#define RSDP_NAME 0x2052545020445352u
#define RSDT_NAME 0x54445352u
#define XSDT_NAME 0x54445358u
#define MADT_NAME 0x43495041u
#define PHYS_END  0x400000000000u /* no read ends above: mm/kmap.h */

#include "spec/madt.acsl"

/* What is trusted here: that the tables do not change meanwhile, and what a madt_read_fn writes. */
/*@ requires dst: \valid(dst + (0 .. size - 1));
    terminates \true; exits \false; assigns dst[0 .. size - 1];
    ensures there: \result <==> PhysIs(phys, size);
    ensures inside: \result ==> phys + size <= PHYS_END;
    ensures bytes: \result ==> PhysCopied(dst, phys, size); */
static bool read_bytes(madt_read_fn *read, uint8_t *dst, uint64_t phys, uint64_t size)
{
    return read(dst, phys, size);
}

/* A table of that name at phys: its length, 0 when there is none. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures length: \result == MadtLength(phys, name);
    ensures inside: \result != 0 ==> 0 < phys < PHYS_END && HEADER_SIZE <= \result <= TABLE_MAX; */
static uint32_t read_header(madt_read_fn *read, uint64_t phys, uint32_t name)
{
    uint8_t header[8];
    uint32_t length;

    if (phys == 0 || !read_bytes(read, header, phys, sizeof header) || read_le32(header, sizeof header, 0) != name)
        return 0;
    length = read_le32(header, sizeof header, HEADER_LENGTH);
    return length >= HEADER_SIZE && length <= TABLE_MAX ? length : 0;
}

/* The table of tables, with 8 or with 4 bytes for each: where and how long. */
/*@ requires out: \valid(width) && \valid(length) && \separated(width, length);
    terminates \true; exits \false; assigns *width, *length;
    ensures root: \result != 0 ==> RsdpLeads(rsdp) && \result == RsdpRoot(rsdp) < PHYS_END;
    ensures none: \result == 0 ==> !RsdpLeads(rsdp);
    ensures size: \result != 0 ==> *width == RsdpWidth(rsdp) && *length == RsdpLength(rsdp) <= TABLE_MAX; */
static uint64_t find_root(uint64_t rsdp, madt_read_fn *read, uint32_t *width, uint32_t *length)
{
    uint8_t pointer[RSDP_SIZE];
    uint32_t sum = 0;
    uint64_t xsdt, root;

    if (rsdp == 0 || !read_bytes(read, pointer, rsdp, sizeof pointer) ||
        read_le64(pointer, sizeof pointer, 0) != RSDP_NAME)
        return 0;
    /*@ assert name: Le64(&pointer[0], 0) == Phys64(rsdp); */
    /*@ assert xsdt: Le64(&pointer[0], RSDP_XSDT) == Phys64(rsdp + RSDP_XSDT); */
    /*@ assert rsdt: Le32(&pointer[0], RSDP_RSDT) == Phys32(rsdp + RSDP_RSDT); */
    /*@ loop invariant sum: 0 <= i <= RSDP_SUM_SIZE && sum == RsdpSum(rsdp, i) <= 255 * i;
        loop assigns i, sum; loop variant RSDP_SUM_SIZE - i; */
    for (uint32_t i = 0; i < RSDP_SUM_SIZE; i++)
        sum += pointer[i];
    if (sum % 256 != 0)
        return 0;
    /*@ assert good: RsdpGood(rsdp); */
    xsdt = pointer[RSDP_REVISION] >= 2 ? read_le64(pointer, sizeof pointer, RSDP_XSDT) : 0;
    /*@ assert where: xsdt == RsdpXsdt(rsdp); */
    root = xsdt != 0 ? xsdt : read_le32(pointer, sizeof pointer, RSDP_RSDT);
    /*@ assert root: root == RsdpRoot(rsdp); */
    *width = xsdt != 0 ? 8 : 4;
    *length = read_header(read, root, xsdt != 0 ? XSDT_NAME : RSDT_NAME);
    return *length != 0 ? root : 0;
}

/* An address of that many bytes. */
/*@ requires out: \valid(address) && (width == 4 || width == 8);
    terminates \true; exits \false; assigns *address;
    ensures there: \result <==> PhysIs(phys, width);
    ensures value: \result ==> *address == (width == 8 ? Phys64(phys) : Phys32(phys)); */
static bool read_address(madt_read_fn *read, uint64_t phys, uint32_t width, uint64_t *address)
{
    uint8_t bytes[8];

    if (!read_bytes(read, bytes, phys, width))
        return false;
    if (width == 8)
        *address = read_le64(bytes, sizeof bytes, 0);
    else
        *address = read_le32(bytes, sizeof bytes, 0);
    return true;
}

/*@ requires out: \valid(length);
    terminates \true; exits \false; assigns *length, ghost_tables;
    ensures found: \result != 0 ==> MadtIs(rsdp, ghost_tables, \result, *length);
    ensures inside: \result < PHYS_END && (\result != 0 ==> *length <= TABLE_MAX);
    ensures none: \result == 0 ==> MadtNone(rsdp, ghost_tables); */
static uint64_t find_madt(uint64_t rsdp, madt_read_fn *read, uint32_t *length)
{
    uint32_t width, root_length, at = HEADER_SIZE;
    uint64_t root = find_root(rsdp, read, &width, &root_length), table = 0;

    if (root == 0)
        return 0;
    /*@ ghost ghost_tables = 0; */
    /*@ loop invariant range: 0 <= i == ghost_tables <= TABLES_MAX && at == RootOffset(rsdp, i) <= HEADER_SIZE + 8 * i;
        loop invariant others: RootOthers(rsdp, i);
        loop assigns i, at, table, ghost_tables, *length; loop variant TABLES_MAX - i; */
    for (uint32_t i = 0; i < TABLES_MAX && at + width <= root_length; i++) {
        /*@ assert place: root + at == RootPlace(rsdp, i) && width == RsdpWidth(rsdp); */
        if (!read_address(read, root + at, width, &table))
            return 0;
        /*@ assert entry: table == RootEntry(rsdp, i); */
        *length = read_header(read, table, MADT_NAME);
        /*@ assert there: PhysIs(RootPlace(rsdp, i), RsdpWidth(rsdp)) && RootHas(rsdp, i); */
        /*@ assert length: *length == MadtLength(RootEntry(rsdp, i), MADT_NAME); */
        if (*length != 0)
            return table;
        at += width;
        /*@ ghost ghost_tables++; */
    }
    return 0;
}

struct madt_entry {
    uint8_t size; /* 0: it cannot be read */
    uint8_t id;   /* of an enabled CPU; LAPIC_BROADCAST: it names none */
};

/*@ terminates \true; exits \false; assigns \nothing;
    ensures unread: !PhysIs(phys, LAPIC_SIZE) ==> \result.size == 0;
    ensures size: PhysIs(phys, LAPIC_SIZE) ==> \result.size == PhysByte(phys + 1) && phys + LAPIC_SIZE <= PHYS_END;
    ensures id: PhysIs(phys, LAPIC_SIZE) ==> \result.id == MadtCpu(phys); */
static struct madt_entry read_entry(madt_read_fn *read, uint64_t phys)
{
    struct madt_entry entry = { .id = LAPIC_BROADCAST };
    uint8_t bytes[LAPIC_SIZE];

    if (!read_bytes(read, bytes, phys, sizeof bytes))
        return entry;
    entry.size = bytes[1];
    if (bytes[0] == ENTRY_LAPIC && bytes[1] == LAPIC_SIZE && (bytes[LAPIC_FLAGS] & LAPIC_ENABLED))
        entry.id = bytes[LAPIC_ID];
    return entry;
}

/*@ requires ids: \valid_read(ids + (0 .. count - 1));
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> MadtKnows(ids, count, own, id); */
static bool is_known(uint8_t id, uint8_t own, const uint8_t *ids, uint32_t count)
{
    /*@ loop invariant others: 0 <= i <= count && \forall integer k; 0 <= k < i ==> ids[k] != id;
        loop assigns i; loop variant count - i; */
    for (uint32_t i = 0; i < count; i++)
        if (ids[i] == id)
            return true;
    return id == own || id == LAPIC_BROADCAST;
}

/* Adds an id that is not known: how many there are now. */
/*@ requires ids: \valid(ids + (0 .. count)) && count < 0xffffffff;
    terminates \true; exits \false; assigns ids[count];
    ensures known: MadtKnows{Pre}(ids, count, own, id) ==> \result == count;
    ensures new: !MadtKnows{Pre}(ids, count, own, id) ==> \result == count + 1 && ids[count] == id;
    ensures kept: \forall integer i; MadtKnows{Pre}(ids, count, own, i) ==> MadtKnows(ids, \result, own, i);
    ensures knows: MadtKnows(ids, \result, own, id); */
static uint32_t add_id(uint8_t id, uint8_t own, uint8_t *ids, uint32_t count)
{
    if (is_known(id, own, ids, count))
        return count;
    ids[count] = id;
    return count + 1;
}

/*@ requires ids: \valid(ids + (0 .. max - 1));
    terminates \true; exits \false;
    assigns ids[0 .. max - 1], ghost_tables, ghost_entries, ghost_madt, ghost_madt_length;
    ensures room: \result <= max;
    ensures none: ghost_madt == 0 ==> \result == 0 && MadtNone(rsdp, ghost_tables);
    ensures where: ghost_madt != 0 ==> MadtIs(rsdp, ghost_tables, ghost_madt, ghost_madt_length);
    ensures walked: ghost_madt != 0 ==> MadtWalked(ghost_madt, ghost_madt_length, ghost_entries);
    ensures only: ghost_madt != 0 ==> MadtOnly(ids, \result, ghost_madt, ghost_entries, own);
    ensures all: ghost_madt != 0 ==> MadtAll(ids, \result, ghost_madt, ghost_entries, own);
    ensures once: MadtOnce(ids, \result);
    ensures end: ghost_madt != 0 ==> \result == max
      || !MadtReadable(ghost_madt, ghost_madt_length, MadtPlace(ghost_madt, ghost_entries)); */
uint32_t madt_find_others(uint64_t rsdp, madt_read_fn *read, uint8_t own, uint8_t *ids, uint32_t max)
{
    uint32_t length = 0, count = 0, at = MADT_FIRST;
    uint64_t madt = find_madt(rsdp, read, &length);

    /*@ ghost ghost_madt = madt; */
    /*@ ghost ghost_madt_length = length; */
    /*@ ghost ghost_entries = 0; */
    if (madt == 0)
        return 0;
    /* An entry says how long it is; none is so short that the search would not go on. */
    /*@ loop invariant range: count <= max && at == MadtPlace(madt, ghost_entries) && ghost_entries <= at;
        loop invariant bounds: MADT_FIRST <= at <= TABLE_MAX + 255;
        loop invariant walked: MadtWalked(madt, length, ghost_entries);
        loop invariant only: MadtOnly(ids, count, madt, ghost_entries, own);
        loop invariant all: MadtAll(ids, count, madt, ghost_entries, own);
        loop invariant once: MadtOnce(ids, count);
        loop assigns at, count, ghost_entries, ids[0 .. max - 1]; loop variant length - at; */
    while (at + LAPIC_SIZE <= length && count < max) {
        struct madt_entry entry = read_entry(read, madt + at);

        if (entry.size < 2)
            break;
        /*@ assert readable: MadtPassed(madt, length, ghost_entries); */
        /*@ assert walked: MadtWalked(madt, length, ghost_entries + 1); */
        /*@ assert entry: entry.id == MadtEntry(madt, ghost_entries); */
        /*@ assert names: \forall integer id; MadtNames(madt, ghost_entries, own, id) ==>
              MadtNames(madt, ghost_entries + 1, own, id); */
        /*@ assert new: !MadtKnows(ids, count, own, entry.id) ==> MadtNames(madt, ghost_entries + 1, own, entry.id); */
        count = add_id(entry.id, own, ids, count);
        at += entry.size;
        /*@ ghost ghost_entries++; */
    }
    return count;
}
