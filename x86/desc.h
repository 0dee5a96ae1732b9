/* SPDX-License-Identifier: BSD-2-Clause */
/* Descriptor tables, task state segment, and the registers that syscall uses. */
#ifndef X86_DESC_H
#define X86_DESC_H
#include <stdint.h>

/* The tops of a CPU's stacks. */
struct desc_stacks {
    uint64_t main, double_fault, nmi, machine_check;
};

/* Loads GDT, IDT, TSS with its three interrupt stacks, gs and the syscall MSRs of the CPU that asks, which gets that number. Called
   once on each. */
void desc_load(uint32_t number, const struct desc_stacks *stacks);

/* For the report of a panic in ring 0: "" when gs is the kernel's, else whose it is. The application's: swapgs was done once too often
   or too little; nobody's: the host lost it. */
const char *desc_whose_gs(void);

#endif
