/* SPDX-License-Identifier: BSD-2-Clause */
/* T7: what is planned lies inside the image and the user half, is page-disjoint and never W+X; a refusal names a true
   reason. */
#include "kernel/elf_extent.h"

/* The file header alone: accepted exactly when it is good. */
/*@ requires readable: \valid_read(bytes + (0 .. size - 1));
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == ELF_OK <==> ElfHeaderGood(bytes, size);
    behavior truncated: ensures \result == ELF_TRUNCATED ==> size < ELF_HEADER_SIZE;
    behavior not_elf: ensures \result == ELF_NOT_ELF ==> size < 4 || Le32(bytes, 0) != ELF_MAGIC
      || (EhClass(bytes) != ELFCLASS64 && EhClass(bytes) != ELFCLASS32)
      || (EhData(bytes) != ELFDATA2LSB && EhData(bytes) != ELFDATA2MSB);
    behavior bits: ensures \result == ELF_32_BIT ==> EhClass(bytes) == ELFCLASS32;
    behavior endian: ensures \result == ELF_BIG_ENDIAN ==> EhData(bytes) == ELFDATA2MSB;
    behavior machine: ensures \result == ELF_WRONG_MACHINE ==> EhMachine(bytes) != EM_X86_64;
    behavior kind: ensures \result == ELF_WRONG_TYPE ==> EhType(bytes) != ET_EXEC && EhType(bytes) != ET_DYN;
    behavior bad_table: ensures \result == ELF_BAD_TABLE ==> ElfTableBad(bytes, size);
    behavior many: ensures \result == ELF_MANY_HEADERS ==> EhCount(bytes) > ELF_MAX_HEADERS;
    behavior reasons: ensures ELF_OK <= \result <= ELF_MANY_HEADERS; */
static enum elf_status elf_check_header(const uint8_t *bytes, uint64_t size)
{
    uint64_t table;
    uint32_t type, count;

    if (size < 4 || read_le32(bytes, size, 0) != ELF_MAGIC)
        return ELF_NOT_ELF;
    if (size < ELF_HEADER_SIZE)
        return ELF_TRUNCATED;
    if (bytes[EI_CLASS] != ELFCLASS64)
        return bytes[EI_CLASS] == ELFCLASS32 ? ELF_32_BIT : ELF_NOT_ELF;
    if (bytes[EI_DATA] != ELFDATA2LSB)
        return bytes[EI_DATA] == ELFDATA2MSB ? ELF_BIG_ENDIAN : ELF_NOT_ELF;
    if (read_le16(bytes, size, 18) != EM_X86_64)
        return ELF_WRONG_MACHINE;
    type = read_le16(bytes, size, 16);
    if (type != ET_EXEC && type != ET_DYN)
        return ELF_WRONG_TYPE;
    count = read_le16(bytes, size, 56);
    if (count > ELF_MAX_HEADERS)
        return ELF_MANY_HEADERS;
    table = read_le64(bytes, size, 32);
    if (read_le16(bytes, size, 54) != ELF_PH_SIZE || count == 0)
        return ELF_BAD_TABLE;
    if (table > size || count * ELF_PH_SIZE > size - table)
        return ELF_BAD_TABLE;
    return ELF_OK;
}

/*@ requires readable: \valid_read(bytes + (0 .. size - 1));
    requires inside: table + 56 * (index + 1) <= size;
    requires apart: \valid(segment) && \separated(segment, bytes + (0 .. size - 1));
    terminates \true; exits \false; assigns *segment;
    ensures is: ElfSegmentIs(segment, bytes, table, index); */
static void elf_read_segment(const uint8_t *bytes, uint64_t size, uint64_t table, uint32_t index,
                             struct elf_segment *segment)
{
    uint64_t at = table + ELF_PH_SIZE * index;

    segment->header = index;
    segment->flags = read_le32(bytes, size, at + 4);
    segment->offset = read_le64(bytes, size, at + 8);
    segment->vaddr = read_le64(bytes, size, at + 16);
    segment->filesz = read_le64(bytes, size, at + 32);
    segment->memsz = read_le64(bytes, size, at + 40);
}

/* One segment by itself: accepted exactly when it is good. */
/*@ requires valid: \valid_read(segment) && (segment->memsz > 0 || segment->filesz > 0) && lowest <= ELF_PAGE;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == ELF_OK <==> ElfSegmentGood(segment, size, lowest);
    behavior file_range: ensures \result == ELF_FILE_RANGE ==> !InFile(size, segment->offset, segment->filesz);
    behavior file_exceeds: ensures \result == ELF_FILE_EXCEEDS_MEMORY ==> segment->filesz > segment->memsz;
    behavior memory_range: ensures \result == ELF_MEMORY_RANGE ==> !InUser(lowest, segment->vaddr, segment->memsz);
    behavior not_congruent: ensures \result == ELF_NOT_CONGRUENT ==> !Congruent(segment->vaddr, segment->offset);
    behavior write_exec: ensures \result == ELF_WRITE_EXEC ==> WriteExec(segment->flags);
    behavior reasons: ensures \result == ELF_OK || ELF_FILE_RANGE <= \result <= ELF_WRITE_EXEC; */
static enum elf_status elf_check_segment(const struct elf_segment *segment, uint64_t size, uint64_t lowest)
{
    if (segment->offset > size || segment->filesz > size - segment->offset)
        return ELF_FILE_RANGE;
    if (segment->filesz > segment->memsz)
        return ELF_FILE_EXCEEDS_MEMORY;
    if (segment->vaddr < lowest || segment->memsz > ELF_USER_END || segment->vaddr > ELF_USER_END - segment->memsz)
        return ELF_MEMORY_RANGE;
    if (segment->vaddr % ELF_PAGE != segment->offset % ELF_PAGE)
        return ELF_NOT_CONGRUENT;
    if (segment->flags % 2 == 1 && segment->flags / 2 % 2 == 1)
        return ELF_WRITE_EXEC;
    return ELF_OK;
}

/*@ requires valid: \valid_read(segment);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> ElfSegmentEnters(segment, entry); */
static bool elf_segment_enters(const struct elf_segment *segment, uint64_t entry)
{
    return segment->flags % 2 == 1 && entry >= segment->vaddr && entry - segment->vaddr < segment->memsz;
}

/*@ requires valid: \valid_read(plan) && \valid_read(segment);
    requires good: ElfPlanGood(plan, size, lowest) && ElfSegmentGood(segment, size, lowest);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> ElfIsAbove(plan, segment); */
static bool elf_is_above(const struct elf_plan *plan, const struct elf_segment *segment, uint64_t size, uint64_t lowest)
{
    const struct elf_segment *last;

    (void)size, (void)lowest;
    if (plan->count == 0)
        return true;
    last = &plan->segment[plan->count - 1];
    return (last->vaddr + last->memsz - 1) / ELF_PAGE < segment->vaddr / ELF_PAGE;
}

/*@ requires readable: \valid_read(bytes + (0 .. size - 1));
    requires inside: table + 56 * (i + 1) <= size;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> PhLoads(bytes, table, i); */
static bool elf_header_loads(const uint8_t *bytes, uint64_t size, uint64_t table, uint32_t i)
{
    uint64_t at = table + ELF_PH_SIZE * i;

    return read_le32(bytes, size, at) == PT_LOAD &&
           (read_le64(bytes, size, at + 40) > 0 || read_le64(bytes, size, at + 32) > 0);
}

/* Judges the loading header i, read into segment, against the plan of the ones before it. */
/*@ requires readable: \valid_read(bytes + (0 .. size - 1));
    requires inside: i < ELF_MAX_HEADERS && table + 56 * (i + 1) <= size;
    requires valid: \valid_read(plan) && \valid_read(segment);
    requires loads: PhLoads(bytes, table, i) && lowest == ElfLowest(bytes);
    requires is: ElfSegmentIs(segment, bytes, table, i);
    requires plan: ElfPlanGood(plan, size, lowest) && ElfPlanFrom(plan, bytes, table, i);
    requires complete: plan->count == LoadsBefore(bytes, table, i);
    terminates \true; exits \false; assigns \nothing;
    ensures accepted: \result == ELF_OK ==> plan->count < ELF_MAX_SEGMENTS && ElfIsAbove(plan, segment)
      && ElfSegmentGood(segment, size, lowest);
    ensures refused: \result != ELF_OK ==> ElfHeaderRefused(bytes, size, table, i, \result);
    ensures reasons: \result == ELF_OK || ELF_MANY_SEGMENTS <= \result <= ELF_OVERLAP; */
static enum elf_status elf_judge_segment(const uint8_t *bytes, uint64_t size, uint64_t table, uint32_t i,
                                         uint64_t lowest, const struct elf_plan *plan,
                                         const struct elf_segment *segment)
{
    enum elf_status status;

    (void)bytes, (void)table, (void)i;
    if (plan->count == ELF_MAX_SEGMENTS)
        return ELF_MANY_SEGMENTS;
    status = elf_check_segment(segment, size, lowest);
    if (status != ELF_OK)
        return status;
    if (!elf_is_above(plan, segment, size, lowest)) {
        /*@ ghost uint32_t h = plan->segment[plan->count - 1].header; */
        /*@ assert loads: h < i && PhLoads(bytes, table, h); */
        /*@ assert last: plan->segment[plan->count - 1].vaddr == PhVaddr(bytes, table, h)
              && plan->segment[plan->count - 1].memsz == PhMemsz(bytes, table, h); */
        /*@ assert below: PhNotAbove(bytes, table, h, i); */
        return ELF_OVERLAP;
    }
    return ELF_OK;
}

/*@ requires valid: \valid(plan) && \valid_read(segment) && \separated(plan, segment);
    requires room: plan->count < ELF_MAX_SEGMENTS;
    terminates \true; exits \false; assigns plan->count, plan->segment[plan->count];
    ensures count: plan->count == \old(plan->count) + 1;
    ensures added: ElfSegmentSame{Pre, Here}(segment, &plan->segment[\old(plan->count)]);
    ensures kept: \forall integer k; 0 <= k < \old(plan->count) ==>
      ElfSegmentSame{Pre, Here}(&plan->segment[k], &plan->segment[k]); */
static void elf_store_segment(struct elf_plan *plan, const struct elf_segment *segment)
{
    plan->segment[plan->count] = *segment;
    plan->count++;
}

/* Takes program header i, read into segment and judged, into the plan of the first i. */
/*@ requires readable: \valid_read(bytes + (0 .. size - 1)) && i < ELF_MAX_HEADERS;
    requires valid: \valid(plan) && \valid_read(segment) && \separated(plan, segment, bytes + (0 .. size - 1));
    requires good: ElfPlanGood(plan, size, lowest) && ElfSegmentGood(segment, size, lowest)
      && plan->count < ELF_MAX_SEGMENTS;
    requires above: ElfPlanAscends(plan) && ElfIsAbove(plan, segment);
    requires is: PhLoads(bytes, table, i) && PhType(bytes, table, i) != PT_INTERP
      && ElfSegmentIs(segment, bytes, table, i);
    requires from: ElfPlanFrom(plan, bytes, table, i);
    requires complete: ElfPlanComplete(plan, bytes, table, i);
    terminates \true; exits \false; assigns plan->count, plan->segment[plan->count];
    ensures good: ElfPlanGood(plan, size, lowest);
    ensures ascends: ElfPlanAscends(plan);
    ensures from: ElfPlanFrom(plan, bytes, table, i + 1);
    ensures complete: ElfPlanComplete(plan, bytes, table, i + 1); */
static void elf_append_segment(const uint8_t *bytes, uint64_t size, uint64_t table, uint32_t i, uint64_t lowest,
                               const struct elf_segment *segment, struct elf_plan *plan)
{
    (void)bytes, (void)size, (void)table, (void)i, (void)lowest;
    /*@ assert last: plan->count > 0 ==> LastPage(plan->segment[plan->count - 1].vaddr,
          plan->segment[plan->count - 1].memsz) < FirstPage(segment->vaddr); */
    /*@ assert top: plan->count > 0 ==> ElfSegmentGood(&plan->segment[plan->count - 1], size, lowest); */
    /*@ assert order: plan->count > 0 ==> FirstPage(plan->segment[plan->count - 1].vaddr)
          <= LastPage(plan->segment[plan->count - 1].vaddr, plan->segment[plan->count - 1].memsz); */
    /*@ assert chain: \forall integer k; 0 <= k < plan->count - 1 ==> ElfBelow(plan, k, plan->count - 1); */
    /*@ assert under: \forall integer k; 0 <= k < plan->count - 1 && ElfBelow(plan, k, plan->count - 1) ==>
          LastPage(plan->segment[k].vaddr, plan->segment[k].memsz) < FirstPage(segment->vaddr); */
    /*@ assert below: \forall integer k; 0 <= k < plan->count ==>
          LastPage(plan->segment[k].vaddr, plan->segment[k].memsz) < FirstPage(segment->vaddr); */
    /*@ assert source: \forall integer k; 0 <= k < plan->count ==>
          ElfSegmentIs(&plan->segment[k], bytes, table, plan->segment[k].header); */
    elf_store_segment(plan, segment);
    /*@ assert kept: \forall integer k; 0 <= k < plan->count - 1 ==>
          ElfSegmentSame{Pre, Here}(&plan->segment[k], &plan->segment[k]); */
    /*@ assert is: ElfSegmentIs(&plan->segment[plan->count - 1], bytes, table, i); */
    /*@ assert added: ElfSegmentGood(&plan->segment[plan->count - 1], size, lowest); */
    /*@ assert before: \forall integer k; 0 <= k < plan->count - 1 ==>
          ElfSegmentIs(&plan->segment[k], bytes, table, plan->segment[k].header); */
    /*@ assert old: \forall integer j, k; 0 <= j < k < plan->count - 1 ==> ElfBelow(plan, j, k); */
    /*@ assert new: \forall integer j; 0 <= j < plan->count - 1 ==> ElfBelow(plan, j, plan->count - 1); */
    /*@ assert loads: plan->count == LoadsBefore(bytes, table, i + 1); */
    /*@ assert mine: ElfHas(plan, bytes, table, i); */
    /*@ assert has: \forall integer h; 0 <= h < i && PhLoads(bytes, table, h) ==> ElfHas(plan, bytes, table, h); */
}

/* The segment that the entry lies in, or count. */
/*@ requires valid: \valid_read(plan) && plan->count <= ELF_MAX_SEGMENTS;
    terminates \true; exits \false; assigns \nothing;
    ensures range: \result <= plan->count;
    ensures found: \result < plan->count ==> ElfSegmentEnters(&plan->segment[\result], plan->entry);
    ensures none: \result == plan->count ==> \forall integer k; 0 <= k < plan->count ==>
      !ElfSegmentEnters(&plan->segment[k], plan->entry); */
static uint32_t elf_find_entry(const struct elf_plan *plan)
{
    uint32_t i;

    /*@ loop invariant range: 0 <= i <= plan->count;
        loop invariant none: \forall integer k; 0 <= k < i ==> !ElfSegmentEnters(&plan->segment[k], plan->entry);
        loop assigns i; loop variant plan->count - i; */
    for (i = 0; i < plan->count; i++)
        if (elf_segment_enters(&plan->segment[i], plan->entry))
            return i;
    return plan->count;
}

/* Takes program header i into the plan of the first i. The ELF specification orders PT_LOAD by address: so does the
   plan. */
/*@ requires readable: \valid_read(bytes + (0 .. size - 1));
    requires inside: i < ELF_MAX_HEADERS && table + 56 * (i + 1) <= size && lowest == ElfLowest(bytes);
    requires apart: \valid(plan) && \separated(plan, bytes + (0 .. size - 1));
    requires good: ElfPlanGood(plan, size, lowest) && ElfPlanAscends(plan);
    requires from: ElfPlanFrom(plan, bytes, table, i) && ElfPlanComplete(plan, bytes, table, i);
    terminates \true; exits \false; assigns plan->count, plan->segment[0 .. ELF_MAX_SEGMENTS - 1];
    behavior planned:
      ensures good: \result == ELF_OK ==> ElfPlanGood(plan, size, lowest) && ElfPlanAscends(plan);
      ensures from: \result == ELF_OK ==> ElfPlanFrom(plan, bytes, table, i + 1);
      ensures complete: \result == ELF_OK ==> ElfPlanComplete(plan, bytes, table, i + 1);
    behavior refused: ensures \result != ELF_OK ==> ElfHeaderRefused(bytes, size, table, i, \result); */
static enum elf_status elf_plan_header(const uint8_t *bytes, uint64_t size, uint64_t table, uint32_t i, uint64_t lowest,
                                       struct elf_plan *plan)
{
    struct elf_segment segment;
    enum elf_status status;

    if (read_le32(bytes, size, table + ELF_PH_SIZE * i) == PT_INTERP)
        return ELF_HAS_INTERP;
    if (!elf_header_loads(bytes, size, table, i))
        return ELF_OK;
    elf_read_segment(bytes, size, table, i, &segment);
    /*@ assert offset: ElfOffsetsSame{Pre, Here}(plan); */
    /*@ assert vaddr: ElfVaddrsSame{Pre, Here}(plan); */
    /*@ assert sizes: ElfSizesSame{Pre, Here}(plan); */
    /*@ assert rest: ElfRestSame{Pre, Here}(plan); */
    /*@ assert kept: ElfSegmentsSame{Pre, Here}(plan); */
    /*@ assert good: ElfPlanGood(plan, size, lowest); */
    /*@ assert ascends: ElfPlanAscends(plan); */
    /*@ assert from: ElfPlanFrom(plan, bytes, table, i); */
    /*@ assert complete: ElfPlanComplete(plan, bytes, table, i); */
    status = elf_judge_segment(bytes, size, table, i, lowest, plan, &segment);
    if (status != ELF_OK)
        return status;
    elf_append_segment(bytes, size, table, i, lowest, &segment, plan);
    return ELF_OK;
}

/* All program headers into an empty plan. */
/*@ requires readable: \valid_read(bytes + (0 .. size - 1));
    requires header: ElfHeaderGood(bytes, size) && lowest == ElfLowest(bytes);
    requires apart: \valid(plan) && \separated(plan, bytes + (0 .. size - 1)) && plan->count == 0;
    terminates \true; exits \false;
    assigns plan->count, plan->culprit, plan->segment[0 .. ELF_MAX_SEGMENTS - 1];
    ensures good: \result == ELF_OK ==> ElfPlanGood(plan, size, lowest) && ElfPlanAscends(plan);
    ensures from: \result == ELF_OK ==> ElfPlanFrom(plan, bytes, EhTable(bytes), EhCount(bytes));
    ensures complete: \result == ELF_OK ==> ElfPlanComplete(plan, bytes, EhTable(bytes), EhCount(bytes));
    ensures refused: \result != ELF_OK ==> plan->count == 0 && plan->culprit < EhCount(bytes)
      && ElfHeaderRefused(bytes, size, EhTable(bytes), plan->culprit, \result); */
static enum elf_status elf_plan_headers(const uint8_t *bytes, uint64_t size, uint64_t lowest, struct elf_plan *plan)
{
    uint64_t table = read_le64(bytes, size, 32);
    uint32_t i, count = read_le16(bytes, size, 56);
    enum elf_status status;

    /*@ loop invariant range: 0 <= i <= count;
        loop invariant good: ElfPlanGood(plan, size, lowest) && ElfPlanAscends(plan);
        loop invariant from: ElfPlanFrom(plan, bytes, table, i);
        loop invariant complete: ElfPlanComplete(plan, bytes, table, i);
        loop assigns i, status, plan->count, plan->segment[0 .. ELF_MAX_SEGMENTS - 1];
        loop variant count - i; */
    for (i = 0; i < count; i++) {
        status = elf_plan_header(bytes, size, table, i, lowest, plan);
        if (status != ELF_OK) {
            plan->count = 0;
            plan->culprit = i;
            return status;
        }
    }
    return ELF_OK;
}

enum elf_status elf_plan_image(const uint8_t *bytes, uint64_t size, struct elf_plan *plan)
{
    enum elf_status status = elf_check_header(bytes, size);
    uint64_t lowest;
    uint32_t entry_segment;

    plan->count = 0;
    plan->culprit = 0;
    if (status != ELF_OK)
        return status;
    plan->entry = read_le64(bytes, size, 24);
    plan->is_pie = read_le16(bytes, size, 16) == ET_DYN;
    lowest = plan->is_pie ? 0 : ELF_PAGE;
    status = elf_plan_headers(bytes, size, lowest, plan);
    if (status != ELF_OK)
        return status;
    entry_segment = elf_find_entry(plan);
    /*@ assert enters: \forall integer i; 0 <= i < EhCount(bytes) && PhEnters(bytes, EhTable(bytes), i, plan->entry) ==>
          ElfSegmentEnters(&plan->segment[LoadsBefore(bytes, EhTable(bytes), i)], plan->entry); */
    if (entry_segment == plan->count) {
        plan->count = 0;
        return ELF_NO_ENTRY;
    }
    elf_plan_extent(bytes, size, lowest, entry_segment, plan);
    /*@ assert enters: ElfSegmentEnters(&plan->segment[entry_segment], plan->entry); */
    /*@ assert disjoint: ElfPlanDisjoint(plan); */
    return ELF_OK;
}

bool elf_status_has_culprit(enum elf_status status)
{
    return status >= ELF_MANY_SEGMENTS && status <= ELF_OVERLAP;
}
