/* SPDX-License-Identifier: BSD-2-Clause */
/* Descriptor tables, task state segment, and the registers that syscall uses. */
#ifndef X86_DESC_H
#define X86_DESC_H
#include <stdint.h>

/* Loads GDT, IDT, TSS with its three interrupt stacks, and the syscall MSRs. Called once, by cpu_start. */
void desc_load(void);

/* What is at gs in the kernel: x86/trap.S knows the offsets (x86/layout.h). */
struct cpu_area {
    uint64_t kernel_stack, user_stack, syscall;
};
extern struct cpu_area cpu_area;

#endif
