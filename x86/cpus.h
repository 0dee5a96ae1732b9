/* SPDX-License-Identifier: BSD-2-Clause */
/* The CPUs that run: what belongs to each of them. Number 0 is the one that booted. spec/smp.md. */
#ifndef X86_CPUS_H
#define X86_CPUS_H
#include <stdbool.h>
#include <stdint.h>

#include "x86/layout.h"

/* What is at gs in the kernel: x86/trap.S knows the offsets (x86/layout.h). */
struct cpu_area {
    uint64_t kernel_stack, user_stack, syscall;
    struct cpu_area *self;
    uint32_t thread;     /* the slot of the thread that runs here: kernel/thread.h */
    uint32_t index;      /* this CPU's number */
    uint64_t idle_stack; /* where idling goes on, while a thread runs */
} __attribute__((aligned(64)));

extern struct cpu_area cpu_area[CPUS_MAX];

/* CPUs 0 to cpus_count - 1 run. */
extern uint32_t cpus_count;

/* The area of the CPU that asks. Who gave up the CPU in between may be on another one: the answer is not to be kept. */
static inline struct cpu_area *cpu_this(void)
{
    struct cpu_area *area;

    __asm__ volatile("movq %%gs:%c1, %0" : "=r"(area) : "i"(CPU_SELF));
    return area;
}

/* Where another CPU begins (boot/entry.S): 64-bit mode, the kernel's pages, interrupts off, its number in edi; everything else is
   set up from there. */
extern const char cpu_entry[];

/* Has it come so far that it waits for the kernel lock only? */
bool cpus_is_up(uint32_t number);

/* Entries from ring 3 begin on this stack from now on. */
void cpu_set_kernel_stack(uint64_t top);

#endif
