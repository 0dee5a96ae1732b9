/* SPDX-License-Identifier: BSD-2-Clause */
/* The segments are read here, and numbers written: the segments stay as they were judged. */
#include "kernel/elf_extent.h"

/*@ requires valid: \valid(plan);
    terminates \true; exits \false; assigns plan->low, plan->high;
    ensures kept: ElfSegmentsSame{Pre, Here}(plan);
    ensures count: plan->count == \old(plan->count);
    ensures set: plan->low == low && plan->high == high; */
static void elf_set_range(struct elf_plan *plan, uint64_t low, uint64_t high)
{
    plan->low = low;
    plan->high = high;
}

/*@ requires valid: \valid(plan);
    terminates \true; exits \false; assigns plan->align, plan->phdr_vaddr;
    ensures kept: ElfSegmentsSame{Pre, Here}(plan);
    ensures count: plan->count == \old(plan->count);
    ensures set: plan->align == align && plan->phdr_vaddr == phdr_vaddr; */
static void elf_set_places(struct elf_plan *plan, uint64_t align, uint64_t phdr_vaddr)
{
    plan->align = align;
    plan->phdr_vaddr = phdr_vaddr;
}

/*@ requires valid: \valid(plan);
    terminates \true; exits \false; assigns plan->phdr_count, plan->entry_segment;
    ensures kept: ElfSegmentsSame{Pre, Here}(plan);
    ensures count: plan->count == \old(plan->count);
    ensures set: plan->phdr_count == phdr_count && plan->entry_segment == entry_segment; */
static void elf_set_indices(struct elf_plan *plan, uint32_t phdr_count, uint32_t entry_segment)
{
    plan->phdr_count = phdr_count;
    plan->entry_segment = entry_segment;
}

/* What a bias must be a multiple of: the largest alignment asked for that is kept. */
/*@ requires readable: \valid_read(bytes + (0 .. size - 1));
    requires inside: table + 56 * count <= size && count <= ELF_MAX_HEADERS;
    requires plan: \valid_read(plan) && plan->count <= ELF_MAX_SEGMENTS && ElfPlanFrom(plan, bytes, table, count);
    terminates \true; exits \false; assigns \nothing;
    ensures range: ELF_PAGE <= \result <= ELF_MAX_ALIGN; */
static uint64_t elf_find_align(const uint8_t *bytes, uint64_t size, uint64_t table, uint32_t count,
                               const struct elf_plan *plan)
{
    uint64_t align = ELF_PAGE, asked;
    uint32_t i;

    (void)count;
    /*@ loop invariant range: 0 <= i <= plan->count && ELF_PAGE <= align <= ELF_MAX_ALIGN;
        loop assigns i, align, asked; loop variant plan->count - i; */
    for (i = 0; i < plan->count; i++) {
        asked = read_le64(bytes, size, table + ELF_PH_SIZE * plan->segment[i].header + 48);
        if (asked > align && asked <= ELF_MAX_ALIGN && (asked & (asked - 1)) == 0)
            align = asked;
    }
    return align;
}

/* Where the bytes [table, end) of the file are in memory, by the last segment that has all of them; 0: nowhere. */
/*@ requires plan: \valid_read(plan) && ElfPlanGood(plan, size, lowest) && table <= end;
    terminates \true; exits \false; assigns \nothing;
    ensures where: ElfTableShown(plan, table, end, \result); */
static uint64_t elf_find_table(const struct elf_plan *plan, uint64_t size, uint64_t lowest, uint64_t table,
                               uint64_t end)
{
    const struct elf_segment *s;
    uint32_t i = plan->count;

    (void)size, (void)lowest;
    /*@ loop invariant range: 0 <= i <= plan->count;
        loop invariant none: \forall integer k; i <= k < plan->count ==>
          !ElfSegmentHas(&plan->segment[k], table, end);
        loop assigns i, s; loop variant i; */
    while (i > 0) {
        i--;
        s = &plan->segment[i];
        if (s->offset <= table && end <= s->offset + s->filesz)
            return s->vaddr + (table - s->offset);
    }
    return 0;
}

/* The end of the last segment's last page. */
/*@ requires plan: \valid_read(plan) && plan->count > 0 && ElfPlanGood(plan, size, lowest) && ElfPlanAscends(plan);
    terminates \true; exits \false; assigns \nothing;
    ensures range: 0 < \result <= ELF_USER_END && \result % ELF_PAGE == 0;
    ensures covers: ElfCovers(plan, plan->segment[0].vaddr / ELF_PAGE * ELF_PAGE, \result);
    ensures above: plan->segment[0].vaddr / ELF_PAGE * ELF_PAGE < \result; */
static uint64_t elf_find_end(const struct elf_plan *plan, uint64_t size, uint64_t lowest)
{
    const struct elf_segment *s = &plan->segment[plan->count - 1];

    (void)size, (void)lowest;
    /*@ assert pages: \forall integer k; 0 <= k < plan->count ==>
          FirstPage(plan->segment[k].vaddr) <= LastPage(plan->segment[k].vaddr, plan->segment[k].memsz); */
    /*@ assert first: \forall integer k; 0 <= k < plan->count ==>
          FirstPage(plan->segment[0].vaddr) <= FirstPage(plan->segment[k].vaddr); */
    /*@ assert last: \forall integer k; 0 <= k < plan->count ==>
          LastPage(plan->segment[k].vaddr, plan->segment[k].memsz) <= LastPage(s->vaddr, s->memsz); */
    return ((s->vaddr + s->memsz - 1) / ELF_PAGE + 1) * ELF_PAGE;
}

/* Writes numbers only: the segments stay. */
/*@ requires valid: \valid(plan);
    terminates \true; exits \false;
    assigns plan->low, plan->high, plan->align, plan->phdr_vaddr, plan->phdr_count, plan->entry_segment;
    ensures kept: ElfSegmentsSame{Pre, Here}(plan);
    ensures count: plan->count == \old(plan->count);
    ensures set: plan->low == low && plan->high == high && plan->align == align && plan->phdr_vaddr == phdr_vaddr
      && plan->phdr_count == phdr_count && plan->entry_segment == entry_segment; */
static void elf_set_numbers(struct elf_plan *plan, uint64_t low, uint64_t high, uint64_t align, uint64_t phdr_vaddr,
                            uint32_t phdr_count, uint32_t entry_segment)
{
    elf_set_range(plan, low, high);
    elf_set_places(plan, align, phdr_vaddr);
    elf_set_indices(plan, phdr_count, entry_segment);
}

void elf_plan_extent(const uint8_t *bytes, uint64_t size, uint64_t lowest, uint32_t entry_segment,
                     struct elf_plan *plan)
{
    uint64_t low = plan->segment[0].vaddr / ELF_PAGE * ELF_PAGE, high = elf_find_end(plan, size, lowest);
    uint64_t table = read_le64(bytes, size, 32), align, phdr_vaddr;
    uint32_t count = read_le16(bytes, size, 56);

    /*@ ghost uint64_t end = table + ELF_PH_SIZE * count; */
    /*@ assert low: low % ELF_PAGE == 0 && low < high; */
    align = elf_find_align(bytes, size, table, count, plan);
    phdr_vaddr = elf_find_table(plan, size, lowest, table, table + ELF_PH_SIZE * count);
    elf_set_numbers(plan, low, high, align, phdr_vaddr, count, entry_segment);
    /*@ assert covers: ElfCovers(plan, plan->low, plan->high); */
    /*@ assert numbers: plan->low % ELF_PAGE == 0 && plan->high % ELF_PAGE == 0
          && plan->low < plan->high <= ELF_USER_END && plan->align > 0; */
    /*@ assert shown: ElfTableShown(plan, table, end, phdr_vaddr); */
    /*@ assert good: ElfPlanGood(plan, size, lowest); */
    /*@ assert ascends: ElfPlanAscends(plan); */
}

bool elf_bias_fits(const struct elf_plan *plan, uint64_t bias)
{
    if (!plan->is_pie && bias != 0)
        return false;
    return bias % plan->align == 0 && bias <= ELF_USER_END - plan->high && plan->low + bias >= ELF_PAGE;
}

uint64_t elf_count_pages(const struct elf_plan *plan)
{
    const struct elf_segment *s;
    uint64_t pages = 0;
    uint32_t i;

    /*@ loop invariant range: 0 <= i <= plan->count;
        loop invariant value: pages == ElfPages(plan, i) && pages <= i * (ELF_USER_END / ELF_PAGE + 1);
        loop assigns i, s, pages; loop variant plan->count - i; */
    for (i = 0; i < plan->count; i++) {
        s = &plan->segment[i];
        pages += (s->vaddr + s->memsz - 1) / ELF_PAGE - s->vaddr / ELF_PAGE + 1;
    }
    return pages;
}
