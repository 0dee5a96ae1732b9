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
    uint32_t state; /* CPU_IN_KERNEL ...: x86/layout.h */
    uint32_t number;
    uint64_t tlb_generation; /* of the page tables that its TLB may know; 0: none */
    uint64_t idle_stack;     /* where idling goes on, while a thread runs */
    uint32_t thread;         /* the slot of the thread that runs here: kernel/thread.h */
    uint32_t arrival;        /* of another CPU: x86/cpus.c */
    uint32_t ticket, sleeps; /* its number in the queue for the lock, while it sleeps there */
} __attribute__((aligned(64)));

extern struct cpu_area cpu_area[CPUS_MAX];

/* CPUs 0 to cpus_count - 1 run. */
extern uint32_t cpus_count;

#include "spec/cpus.acsl"

/* Their numbers, a bit each. */
/*@ requires some: 1 <= cpus_count <= CPUS_MAX;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == CpusAll; */
static inline uint32_t cpus_all(void)
{
    return 0xffffffffu >> (32 - cpus_count);
}

/* The area of the CPU that asks. Who gave up the CPU in between may be on another one: the answer is not to be kept. */
/*@ terminates \true; exits \false; assigns \result \from ghost_cpu;
    ensures area: ghost_cpu < CPUS_MAX && \result == &cpu_area[ghost_cpu]; */
static inline struct cpu_area *cpu_this(void)
{
    struct cpu_area *area;

    __asm__ volatile("movq %%gs:%c1, %0" : "=r"(area) : "i"(CPU_SELF));
    return area;
}

/* A CPU's stacks, but for number 0's. Behind what is used no page is mapped, nor is a guard. */
struct cpu_stacks {
    uint8_t guard_double_fault[GUARD_SIZE], double_fault[IST_SIZE];
    uint8_t guard_nmi[GUARD_SIZE], nmi[IST_SIZE];
    uint8_t guard_machine_check[GUARD_SIZE], machine_check[IST_SIZE];
    uint8_t guard_main[CPU_STACKS_SIZE - 3 * (GUARD_SIZE + IST_SIZE) - STACK_SIZE], main[STACK_SIZE];
};

static inline struct cpu_stacks *cpu_stacks(uint32_t number)
{
    return &((struct cpu_stacks *)CPUS_BASE)[number];
}

/* What differs between hosts. */
struct cpus_host {
    /* That CPU takes an interrupt, which needs nothing but to be ended: at once in ring 3 and when it is halted, else when it gets there.
       Never waits; more of them before it is taken may be one. */
    void (*kick)(uint32_t number);
    /* Of a CPU that waits for the lock, or with it for others to leave ring 3, and has spun for a while: it sleeps until wake is called
       for it, or shorter; not at all when the word has the value. Who calls wake has written that before. Interrupts are off, and are not
       to be taken. */
    void (*wait)(const uint32_t *word, uint32_t value);
    void (*wake)(uint32_t number);
};

/* Set before the first other CPU is started. begin: what it does then, with the lock; it does not come back. */
void cpus_set(const struct cpus_host *host, void (*begin)(void));

/* A wait that an NMI ends: what others send when they call wake. Where hlt without interrupts is no end of the CPU. */
void nmi_wait(const uint32_t *word, uint32_t value);

/* Where another CPU begins (boot/entry.S): 64-bit mode with CR0, CR3 and EFER as on CPU 0, interrupts off, its number in rdi; its stacks
   are there, everything else is set up from there. */
extern const char cpu_entry[];

/* The way there from real mode (boot/entry.S): these bytes, anywhere below 1 MiB, for the CPU of that number, with that root until then
   (physical; it has the first 2 MiB at their own addresses too). */
extern const char cpu_trampoline[], cpu_trampoline_end[];
extern uint32_t cpu_entry_number, cpu_entry_root;

/* Has it come so far that it waits for the lock only? */
bool cpus_is_up(uint32_t number);

/* It took too long, and stops when it comes; false when it is up by now. Its number is not given again. */
bool cpus_leave_out(uint32_t number);

/* Interrupts that CPU, if it is not the one that asks: at once in ring 3 and when it is halted, else when it gets there. */
void cpus_kick(uint32_t number);

/* No other CPU is in ring 3 when this comes back, nor gets there or touches the application's memory before the lock is given back and its
   TLB is empty. To be called before a mapping is taken away or loses rights; the TLB of the CPU that asks is the caller's care. */
void cpus_stop_others(void);

/* Takes interrupts until one has been taken; none is slept through. A CPU whose state was set to CPU_HALTED gives the lock back meanwhile; any
   other one keeps it, as a driver does that waits in the middle of a call. */
void cpu_halt(void);

/* After an interrupt in the kernel, before anything else: a halted CPU has the lock again. */
void cpu_wake(void);

/* Interrupts a CPU whose state is CPU_HALTED, to run a thread. */
void cpus_call(uint32_t number);

/* Entries from ring 3 begin on this stack from now on. */
void cpu_set_kernel_stack(uint64_t top);

#endif
