/* SPDX-License-Identifier: BSD-2-Clause */
/* Static ELF64 executables (T7): judge the bytes, and plan what to map where. Nothing is mapped here. */
#ifndef KERNEL_ELF_H
#define KERNEL_ELF_H
#include <linux/elf.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/bytes.h"

#define ELF_PAGE         4096ULL
#define ELF_USER_END     0x00007ffffffff000ULL /* as Linux's TASK_SIZE_MAX */
#define ELF_HEADER_SIZE  64ULL
#define ELF_PH_SIZE      56ULL
#define ELF_MAX_HEADERS  64u
#define ELF_MAX_SEGMENTS 16u
#define ELF_MAX_ALIGN    0x40000000ULL /* 1 GiB: a larger alignment is not kept */
#define ELF_MAGIC        0x464c457fu   /* ELFMAG as a little-endian word */

enum elf_status {
    ELF_OK,
    /* the file */
    ELF_TRUNCATED,
    ELF_NOT_ELF,
    ELF_32_BIT,
    ELF_BIG_ENDIAN,
    ELF_WRONG_MACHINE,
    ELF_WRONG_TYPE,
    ELF_BAD_TABLE,
    ELF_MANY_HEADERS,
    /* the program header plan->culprit */
    ELF_HAS_INTERP,
    ELF_MANY_SEGMENTS,
    ELF_FILE_RANGE,
    ELF_FILE_EXCEEDS_MEMORY,
    ELF_MEMORY_RANGE,
    ELF_NOT_CONGRUENT,
    ELF_WRITE_EXEC,
    ELF_OVERLAP,
    /* the whole */
    ELF_NO_ENTRY
};

/* flags: PF_R, PF_W, PF_X; header: the program header it comes from. */
struct elf_segment {
    uint64_t offset, vaddr, filesz, memsz;
    uint32_t flags, header;
};

/* Addresses are without load bias. [low, high) is the page-aligned extent; align what a bias must be a multiple of;
   phdr_vaddr where the program headers are in memory, 0 when no segment has them; entry_segment the executable segment
   that contains entry; culprit the program header that a refusal is about. */
struct elf_plan {
    uint64_t entry, low, high, align, phdr_vaddr;
    uint32_t phdr_count, count, entry_segment, culprit;
    bool is_pie;
    struct elf_segment segment[ELF_MAX_SEGMENTS];
};

#include "spec/elf.acsl"

/* The whole judgement. On refusal the plan has no segments. That they are what the program headers ask for, all of it, is
   the contract of elf_plan_headers; what comes after it writes no segment. */
/*@ requires readable: \valid_read(bytes + (0 .. size - 1));
    requires apart: \valid(plan) && \separated(plan, bytes + (0 .. size - 1));
    terminates \true; exits \false; assigns *plan;
    behavior accepted:
      ensures header: \result == ELF_OK ==> ElfHeaderGood(bytes, size) && plan->entry == EhEntry(bytes);
      ensures kind: \result == ELF_OK ==> (plan->is_pie <==> EhType(bytes) == ET_DYN);
      ensures good: \result == ELF_OK ==> ElfPlanGood(plan, size, ElfLowest(bytes));
      ensures disjoint: \result == ELF_OK ==> ElfPlanDisjoint(plan);
      ensures entry: \result == ELF_OK ==> plan->entry_segment < plan->count
        && ElfSegmentEnters(&plan->segment[plan->entry_segment], plan->entry);
      ensures extent: \result == ELF_OK ==> ElfExtent(plan);
      ensures headers: \result == ELF_OK ==> plan->phdr_count == EhCount(bytes) && ElfTableShown(plan, EhTable(bytes),
        EhTable(bytes) + EhCount(bytes) * ELF_PH_SIZE, plan->phdr_vaddr);
    behavior refused_header: ensures ELF_TRUNCATED <= \result <= ELF_MANY_HEADERS <==> !ElfHeaderGood(bytes, size);
    behavior refused_segment: ensures ELF_HAS_INTERP <= \result <= ELF_OVERLAP ==> plan->culprit < EhCount(bytes)
      && ElfHeaderRefused(bytes, size, EhTable(bytes), plan->culprit, \result);
    behavior no_entry: ensures \result == ELF_NO_ENTRY ==> \forall integer i; 0 <= i < EhCount(bytes) ==>
      !PhEnters(bytes, EhTable(bytes), i, EhEntry(bytes));
    behavior refused: ensures \result != ELF_OK ==> plan->count == 0;
    behavior reasons: ensures ELF_OK <= \result <= ELF_NO_ENTRY; */
enum elf_status elf_plan_image(const uint8_t *bytes, uint64_t size, struct elf_plan *plan);

/* May every address of the plan be moved up by bias, and stay in the user half off page zero? */
/*@ requires valid: \valid_read(plan);
    requires extent: plan->low <= plan->high <= ELF_USER_END && plan->align > 0;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> ElfBiasGood(plan, bias); */
bool elf_bias_fits(const struct elf_plan *plan, uint64_t bias);

/* How many pages the segments cover. */
/*@ requires valid: \valid_read(plan) && plan->count <= ELF_MAX_SEGMENTS;
    requires bounded: \forall integer k; 0 <= k < plan->count ==> plan->segment[k].memsz > 0
      && plan->segment[k].vaddr + plan->segment[k].memsz <= ELF_USER_END;
    terminates \true; exits \false; assigns \nothing;
    ensures value: \result == ElfPages(plan, plan->count); */
uint64_t elf_count_pages(const struct elf_plan *plan);

/* Is this refusal about one program header (plan->culprit)? Its text then continues `segment N `. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> ELF_MANY_SEGMENTS <= status <= ELF_OVERLAP; */
bool elf_status_has_culprit(enum elf_status status);

/* What is wrong, without newline: "not an ELF file"; with a culprit "is writable and executable". */
const char *elf_status_text(enum elf_status status);

#endif
