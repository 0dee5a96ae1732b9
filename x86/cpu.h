/* SPDX-License-Identifier: BSD-2-Clause */
/* Single instructions, and what this CPU can do. Names are the instructions' own (Intel SDM volume 2). */
#ifndef X86_CPU_H
#define X86_CPU_H
#include <stdbool.h>
#include <stdint.h>

#include "lib/shm.h"

struct cpuid {
    uint32_t eax, ebx, ecx, edx;
};

#include "spec/cpu.acsl"

/*@ terminates \true; exits \false; assigns \nothing;
    ensures low: \result.eax == CpuidWord(leaf, subleaf, 0) && \result.ebx == CpuidWord(leaf, subleaf, 1);
    ensures high: \result.ecx == CpuidWord(leaf, subleaf, 2) && \result.edx == CpuidWord(leaf, subleaf, 3); */
static inline struct cpuid cpuid(uint32_t leaf, uint32_t subleaf)
{
    struct cpuid r;

    __asm__ volatile("cpuid" : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx) : "a"(leaf), "c"(subleaf));
    return r;
}

static inline uint64_t rdmsr(uint32_t msr)
{
    uint32_t low, high;

    __asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
    return (uint64_t)high << 32 | low;
}

static inline void wrmsr(uint32_t msr, uint64_t value)
{
    __asm__ volatile("wrmsr" ::"c"(msr), "a"((uint32_t)value), "d"((uint32_t)(value >> 32)) : "memory");
}

/*@ terminates \true; exits \false; assigns ghost_now;
    ensures in: ghost_now == \old(ghost_now) + 1 && PortIn8(\old(ghost_now), port);
    ensures value: \result == IoValue(\old(ghost_now)); */
static inline uint8_t in8(uint16_t port)
{
    uint8_t value;

    __asm__ volatile("inb %w1, %b0" : "=a"(value) : "Nd"(port));
    return value;
}

/*@ terminates \true; exits \false; assigns ghost_now;
    ensures out: ghost_now == \old(ghost_now) + 1 && PortOut8(\old(ghost_now), port, value); */
static inline void out8(uint16_t port, uint8_t value)
{
    __asm__ volatile("outb %b0, %w1" ::"a"(value), "Nd"(port));
}

/*@ terminates \true; exits \false; assigns ghost_now;
    ensures out: ghost_now == \old(ghost_now) + 1 && PortOut16(\old(ghost_now), port, value); */
static inline void out16(uint16_t port, uint16_t value)
{
    __asm__ volatile("outw %w0, %w1" ::"a"(value), "Nd"(port));
}

static inline void out32(uint16_t port, uint32_t value)
{
    __asm__ volatile("outl %0, %w1" ::"a"(value), "Nd"(port));
}

/*@ terminates \true; exits \false; assigns ghost_now;
    ensures read: ghost_now == \old(ghost_now) + 1 && TscRead(\old(ghost_now));
    ensures value: \result == IoValue(\old(ghost_now)); */
static inline uint64_t rdtsc(void)
{
    uint32_t low, high;

    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return (uint64_t)high << 32 | low;
}

/* Read after all that stands before it and before all that follows (SDM volume 2, RDTSC and LFENCE). */
static inline uint64_t rdtsc_ordered(void)
{
    uint64_t low, high; /* whose upper halves RDTSC clears */

    __asm__ volatile("lfence; rdtsc; lfence" : "=a"(low), "=d"(high)::"memory");
    return high << 32 | low;
}

/* TSC_AUX: this CPU's number. Where cpu.rdtscp. */
static inline uint32_t rdtscp_aux(void)
{
    uint32_t low, high, aux;

    __asm__ volatile("rdtscp" : "=a"(low), "=d"(high), "=c"(aux));
    return aux;
}

/*@ terminates \true; exits \false; assigns \nothing; */
static inline void cpu_pause(void)
{
    __asm__ volatile("pause");
}

/* Takes interrupts until one has been taken; none is slept through. In x86/trap.S, for cpu_halt (x86/cpus.h). */
void irq_enable_and_halt(void);

/* Nothing runs on this CPU any more. */
static inline _Noreturn void cpu_stop(void)
{
    for (;;)
        __asm__ volatile("cli; hlt" ::: "memory");
}

static inline void invlpg(uint64_t address)
{
    __asm__ volatile("invlpg (%0)" ::"r"(address) : "memory");
}

static inline uint64_t read_cr2(void)
{
    uint64_t value;

    __asm__ volatile("movq %%cr2, %0" : "=r"(value));
    return value;
}

/* Drops every TLB entry that is not global; none is. */
static inline void tlb_flush(void)
{
    uint64_t cr3;

    __asm__ volatile("movq %%cr3, %0; movq %0, %%cr3" : "=r"(cr3)::"memory");
}

/* One try of the random number instructions; false when the CPU had none ready. Only where has_rdrand or has_rdseed. */
static inline bool rdrand64(uint64_t *value)
{
    bool ok;

    __asm__ volatile("rdrand %0" : "=r"(*value), "=@ccc"(ok));
    return ok;
}

static inline bool rdseed64(uint64_t *value)
{
    bool ok;

    __asm__ volatile("rdseed %0" : "=r"(*value), "=@ccc"(ok));
    return ok;
}

/* What CPUID said at boot, and what was switched on because of it. */
struct cpu_features {
    bool smep, smap, umip, xsave, avx2, rdrand, rdseed, rdtscp, huge_pages; /* huge_pages: 1 GiB pages */
    uint32_t hwcap;                                                         /* CPUID 1 edx, as AT_HWCAP has it */
    uint32_t xsave_size;
    uint64_t xsave_mask; /* XCR0 */
};
extern struct cpu_features cpu;

/* Reads CPUID, switches on what protects (SMEP, SMAP, UMIP, and XSAVE for the application), pins it, and loads the
   descriptor tables, TSS and syscall registers. Interrupts stay off; the old PIC is masked. */
void cpu_start(void);

/* The same on each other CPU: what CPU 0 has found is switched on here too. Descriptor tables are the caller's. */
void cpu_start_other(uint32_t number);

/* Opens the application's pages to the kernel, and closes them again. Only mm/user.c calls these. */
static inline void stac(void)
{
    if (cpu.smap)
        __asm__ volatile("stac" ::: "memory");
}

static inline void clac(void)
{
    if (cpu.smap)
        __asm__ volatile("clac" ::: "memory");
}

#endif
