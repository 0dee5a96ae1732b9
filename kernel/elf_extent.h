/* SPDX-License-Identifier: BSD-2-Clause */
/* The part of an ELF plan that the segments decide. */
#ifndef KERNEL_ELF_EXTENT_H
#define KERNEL_ELF_EXTENT_H
#include "kernel/elf.h"

/* Completes the plan with what follows from its segments: extent, alignment, and where the program headers are (libc reads
   them there). size, lowest: what the plan was judged with. */
/*@ requires readable: \valid_read(bytes + (0 .. size - 1));
    requires header: ElfHeaderGood(bytes, size);
    requires apart: \valid(plan) && \separated(plan, bytes + (0 .. size - 1));
    requires good: plan->count > 0 && ElfPlanGood(plan, size, lowest) && ElfPlanAscends(plan);
    requires from: ElfPlanFrom(plan, bytes, EhTable(bytes), EhCount(bytes));
    terminates \true; exits \false;
    assigns plan->low, plan->high, plan->align, plan->phdr_vaddr, plan->phdr_count, plan->entry_segment;
    ensures kept: ElfSegmentsSame{Pre, Here}(plan);
    ensures good: ElfPlanGood(plan, size, lowest);
    ensures ascends: ElfPlanAscends(plan);
    ensures extent: ElfExtent(plan);
    ensures headers: ElfTableShown(plan, EhTable(bytes), EhTable(bytes) + EhCount(bytes) * ELF_PH_SIZE, plan->phdr_vaddr);
    ensures indices: plan->phdr_count == EhCount(bytes) && plan->entry_segment == entry_segment; */
void elf_plan_extent(const uint8_t *bytes, uint64_t size, uint64_t lowest, uint32_t entry_segment,
                     struct elf_plan *plan);

#endif
