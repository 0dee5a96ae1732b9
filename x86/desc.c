/* SPDX-License-Identifier: BSD-2-Clause */
#include <stddef.h>

#include "x86/cpu.h"
#include "x86/cpus.h"
#include "x86/desc.h"
#include "x86/layout.h"
#include "x86/trap.h"

enum { MSR_STAR = 0xc0000081, MSR_LSTAR = 0xc0000082, MSR_SFMASK = 0xc0000084 };
enum { MSR_GS_BASE = 0xc0000101, MSR_KERNEL_GS_BASE = 0xc0000102 };
/* What syscall clears: trap, interrupt, direction, I/O privilege, nested task, alignment check (which is also stac's). */
enum { FLAGS_AT_SYSCALL = 0x47700 };
enum { GATE_INTERRUPT = 0x8e00, GATE_USER = 0xee00 };
enum { IST_DOUBLE_FAULT = 1, IST_NMI = 2, IST_MACHINE_CHECK = 3 };

struct gate {
    uint16_t offset_low, selector, flags, offset_middle;
    uint32_t offset_high, zero;
};

/* SDM volume 3, 8.7: 64-bit TSS */
struct tss {
    uint32_t reserved0;
    uint64_t rsp[3], reserved1, ist[7], reserved2;
    uint16_t reserved3, io_map;
} __attribute__((packed));

struct descriptor_pointer {
    uint16_t limit;
    uint64_t base;
} __attribute__((packed));

extern const char trap_stubs[], syscall_entry[];

/* boot/entry.S loads the same table before paging is on. From SEL_TSS on each CPU has two entries. */
uint64_t gdt[SEL_TSS / 8 + 2 * CPUS_MAX] = {
    0,
    0x00209b0000000000, /* kernel code, 64-bit, ring 0 */
    0x0000930000000000, /* kernel data */
    0,                  /* 32-bit user code, which sysret would want; there is none */
    0x0000f30000000000, /* user data, ring 3 */
    0x0020fb0000000000, /* user code, 64-bit, ring 3 */
};
static struct gate idt[TRAP_COUNT] __attribute__((aligned(16)));
static struct tss tss[CPUS_MAX];

_Static_assert(offsetof(struct cpu_area, kernel_stack) == CPU_KERNEL_STACK, "x86/layout.h");
_Static_assert(offsetof(struct cpu_area, user_stack) == CPU_USER_STACK, "x86/layout.h");
_Static_assert(offsetof(struct cpu_area, syscall) == CPU_SYSCALL, "x86/layout.h");
_Static_assert(offsetof(struct cpu_area, self) == CPU_SELF, "x86/layout.h");
_Static_assert(offsetof(struct cpu_area, state) == CPU_STATE, "x86/layout.h");
_Static_assert(offsetof(struct cpu_area, tlb_generation) == CPU_TLB, "x86/layout.h");
_Static_assert(sizeof(struct tss) == 104, "SDM volume 3, 8.7");

/*@ terminates \true; exits \false; assigns \nothing;
    ensures stack: \result % 8 == (vector == TRAP_NMI ? IST_NMI : vector == TRAP_DOUBLE_FAULT ? IST_DOUBLE_FAULT
      : vector == TRAP_MACHINE_CHECK ? IST_MACHINE_CHECK : 0);
    ensures ring: \result - \result % 8 == (vector == TRAP_BREAKPOINT ? GATE_USER : GATE_INTERRUPT); */
static uint16_t gate_flags(unsigned vector)
{
    switch (vector) {
    case TRAP_NMI:
        return GATE_INTERRUPT | IST_NMI;
    case TRAP_DOUBLE_FAULT:
        return GATE_INTERRUPT | IST_DOUBLE_FAULT;
    case TRAP_MACHINE_CHECK:
        return GATE_INTERRUPT | IST_MACHINE_CHECK;
    case TRAP_BREAKPOINT:
        return GATE_USER;
    default:
        return GATE_INTERRUPT;
    }
}

/* The same table for every CPU; the first one fills it. */
static void load_idt(void)
{
    struct descriptor_pointer pointer = { sizeof idt - 1, (uint64_t)idt };
    uint64_t stub = (uint64_t)trap_stubs;

    for (unsigned i = 0; i < TRAP_COUNT; i++, stub += 16)
        idt[i] = (struct gate){ (uint16_t)stub,         SEL_KERNEL_CODE,        gate_flags(i),
                                (uint16_t)(stub >> 16), (uint32_t)(stub >> 32), 0 };
    __asm__ volatile("lidt %0" ::"m"(pointer));
}

void cpu_set_kernel_stack(uint64_t top)
{
    struct cpu_area *area = cpu_this();

    area->kernel_stack = top;
    tss[area->number].rsp[0] = top;
}

static void load_tss(uint32_t number, const struct desc_stacks *stacks)
{
    struct tss *own = &tss[number];
    uint64_t base = (uint64_t)own;
    uint32_t selector = SEL_TSS + 16 * number;

    own->ist[IST_DOUBLE_FAULT - 1] = stacks->double_fault;
    own->ist[IST_NMI - 1] = stacks->nmi;
    own->ist[IST_MACHINE_CHECK - 1] = stacks->machine_check;
    own->io_map = sizeof *own; /* no port belongs to ring 3 */
    gdt[selector / 8] = (sizeof *own - 1) | (base & 0xffffff) << 16 | 0x89ULL << 40 | (base >> 24 & 0xff) << 56;
    gdt[selector / 8 + 1] = base >> 32;
    __asm__ volatile("ltr %w0" ::"r"(selector));
}

void desc_load(uint32_t number, const struct desc_stacks *stacks)
{
    struct descriptor_pointer pointer = { sizeof gdt - 1, (uint64_t)gdt };
    struct cpu_area *area = &cpu_area[number];

    __asm__ volatile("lgdt %0" ::"m"(pointer));
    /* A hypervisor may start a CPU with another selector for the same code. */
    __asm__ volatile("pushq %0; leaq 1f(%%rip), %%rax; pushq %%rax; lretq; 1:" ::"i"(SEL_KERNEL_CODE)
                     : "rax", "memory");
    load_idt();
    load_tss(number, stacks);
    /* What ring 3 finds in them; the kernel uses neither. */
    __asm__ volatile("movw %w0, %%ds; movw %w0, %%es" ::"r"(0));
    area->self = area;
    area->number = number;
    area->syscall = cpu_area[0].syscall;
    wrmsr(MSR_GS_BASE, (uint64_t)area);
    wrmsr(MSR_KERNEL_GS_BASE, 0);
    cpu_set_kernel_stack(stacks->main);
    wrmsr(MSR_STAR, (uint64_t)(SEL_USER_DATA - 8) << 48 | (uint64_t)SEL_KERNEL_CODE << 32);
    wrmsr(MSR_LSTAR, (uint64_t)syscall_entry);
    wrmsr(MSR_SFMASK, FLAGS_AT_SYSCALL);
}

static bool is_area(uint64_t base)
{
    return base - (uint64_t)cpu_area < sizeof cpu_area;
}

const char *desc_whose_gs(void)
{
    if (is_area(rdmsr(MSR_GS_BASE)))
        return "";
    return is_area(rdmsr(MSR_KERNEL_GS_BASE)) ? ", gs is the application's" : ", gs is nobody's";
}
