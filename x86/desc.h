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
    uint64_t idle_stack; /* where idling goes on, while a thread runs */
    uint32_t thread;     /* the slot of the thread that runs here: kernel/thread.h */
};

extern struct cpu_area cpu_area;

/* The area of the CPU that asks. */
static inline struct cpu_area *cpu_this(void)
{
    return &cpu_area;
}

/* Entries from ring 3 begin on this stack from now on. */
void cpu_set_kernel_stack(uint64_t top);

#endif
