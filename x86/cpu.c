/* SPDX-License-Identifier: BSD-2-Clause */
/* What is switched on at boot. Control registers are written here and in boot/entry.S only; MSRs there, in x86/desc.c
   (syscall, gs), here (TSC_AUX), kernel/thread.c (fs) and drivers/clock.c (KVM's clock). */
#include "x86/cpu.h"
#include "x86/desc.h"

enum { CR4_OSFXSR = 1 << 9, CR4_OSXMMEXCPT = 1 << 10, CR4_UMIP = 1 << 11, CR4_OSXSAVE = 1 << 18 };
enum { CR4_SMEP = 1 << 20, CR4_SMAP = 1 << 21, CR4_PAE = 1 << 5 };
enum { CPUID1_EDX_FXSR = 1 << 24, CPUID1_ECX_XSAVE = 1 << 26, CPUID1_ECX_RDRAND = 1 << 30 };
enum {
    CPUID7_EBX_AVX2 = 1 << 5,
    CPUID7_EBX_SMEP = 1 << 7,
    CPUID7_EBX_RDSEED = 1 << 18,
    CPUID7_EBX_SMAP = 1 << 20,
    CPUID7_ECX_UMIP = 1 << 2
};
enum { CPUID80000001_EDX_HUGE_PAGES = 1 << 26, CPUID80000001_EDX_RDTSCP = 1 << 27 };
enum { XCR0_X87 = 1, XCR0_SSE = 2, XCR0_AVX = 4, XCR0_AVX512 = 0xe0 };
enum { MSR_TSC_AUX = 0xc0000103 };
enum { PIC_MASTER_DATA = 0x21, PIC_SLAVE_DATA = 0xa1 };

struct cpu_features cpu;

/* boot/entry.S */
extern const char stack_main_top[], stack_double_fault_top[], stack_nmi_top[], stack_machine_check_top[];

/* The bits that stay on whatever happens. */
static uint64_t pinned_cr4;

/* Who jumps to the instruction itself with other bits finds the pinned ones set again. */
static void write_cr4(uint64_t value)
{
    do {
        value |= pinned_cr4;
        __asm__ volatile("movq %0, %%cr4" : "+r"(value)::"memory");
    } while ((value & pinned_cr4) != pinned_cr4);
}

static void load_xcr0(void)
{
    __asm__ volatile("xsetbv" ::"c"(0), "a"((uint32_t)cpu.xsave_mask), "d"(0));
}

/* x87, SSE and AVX (and AVX-512 when the CPU has it): what applications find by CPUID and XGETBV (SDM volume 1, 13.3). */
static void enable_xsave(void)
{
    struct cpuid leaf = cpuid(13, 0);

    cpu.xsave_mask = leaf.eax & (XCR0_X87 | XCR0_SSE | XCR0_AVX);
    if ((leaf.eax & XCR0_AVX512) == XCR0_AVX512 && (cpu.xsave_mask & XCR0_AVX))
        cpu.xsave_mask |= XCR0_AVX512;
    load_xcr0();
    cpu.xsave_size = cpuid(13, 0).ebx;
}

void cpu_start(void)
{
    struct desc_stacks stacks = { (uint64_t)stack_main_top, (uint64_t)stack_double_fault_top, (uint64_t)stack_nmi_top,
                                  (uint64_t)stack_machine_check_top };
    struct cpuid basic = cpuid(1, 0), extended = { 0 };
    uint64_t cr4 = CR4_PAE | CR4_OSFXSR | CR4_OSXMMEXCPT;

    if (cpuid(0, 0).eax >= 7)
        extended = cpuid(7, 0);
    cpu.hwcap = basic.edx;
    cpu.xsave = basic.ecx & CPUID1_ECX_XSAVE;
    cpu.rdrand = basic.ecx & CPUID1_ECX_RDRAND;
    cpu.rdseed = extended.ebx & CPUID7_EBX_RDSEED;
    cpu.smep = extended.ebx & CPUID7_EBX_SMEP;
    cpu.smap = extended.ebx & CPUID7_EBX_SMAP;
    cpu.umip = extended.ecx & CPUID7_ECX_UMIP;
    cpu.huge_pages = cpuid(0x80000001, 0).edx & CPUID80000001_EDX_HUGE_PAGES;
    cpu.rdtscp = cpuid(0x80000001, 0).edx & CPUID80000001_EDX_RDTSCP;
    cr4 |= (cpu.smep ? CR4_SMEP : 0) | (cpu.smap ? CR4_SMAP : 0) | (cpu.umip ? CR4_UMIP : 0) |
           (cpu.xsave ? CR4_OSXSAVE : 0);
    pinned_cr4 = cr4;
    write_cr4(cr4);
    if (cpu.xsave)
        enable_xsave();
    cpu.avx2 = (extended.ebx & CPUID7_EBX_AVX2) && (cpu.xsave_mask & XCR0_AVX);
    /* Firmware leaves the PIC at vectors that are exceptions here. */
    out8(PIC_MASTER_DATA, 0xff);
    out8(PIC_SLAVE_DATA, 0xff);
    desc_load(0, &stacks);
}

void cpu_start_other(uint32_t number)
{
    write_cr4(pinned_cr4);
    if (cpu.xsave)
        load_xcr0();
    if (cpu.rdtscp)
        wrmsr(MSR_TSC_AUX, number); /* CPU 0's is 0 */
}
