/* SPDX-License-Identifier: BSD-2-Clause */
/* links: x86/desc.c tests/unit/fake/cpu.c */
/* A CPU that takes the descriptor tables and registers which the kernel loads: where each vector goes, and what ring 3 gets. */
#define _GNU_SOURCE /* REG_RIP */
#include "x86/desc.h"

#include <asm/prctl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"
#include "fake/cpu.h"
#include "x86/cpus.h"
#include "x86/trap.h"

enum { GS_BASE = 0xc0000101, KERNEL_GS_BASE = 0xc0000102, STAR = 0xc0000081, LSTAR = 0xc0000082, SFMASK = 0xc0000084 };
enum { STUB_SIZE = 16, TSS_SIZE = 104 };

struct cpu_area cpu_area[CPUS_MAX];
const char trap_stubs[STUB_SIZE * TRAP_COUNT], syscall_entry[1];

struct table {
    uint16_t limit;
    uint64_t base;
} __attribute__((packed));

static struct {
    struct table gdt, idt;
    uint16_t task;
    uint64_t gs, kernel_gs, star, lstar, sfmask;
} machine;

static uint64_t *register_of(uint32_t msr)
{
    static uint64_t other;

    CHECK(msr == GS_BASE || msr == KERNEL_GS_BASE || msr == STAR || msr == LSTAR || msr == SFMASK);
    return msr == GS_BASE          ? &machine.gs
           : msr == KERNEL_GS_BASE ? &machine.kernel_gs
           : msr == STAR           ? &machine.star
           : msr == LSTAR          ? &machine.lstar
           : msr == SFMASK         ? &machine.sfmask
                                   : &other;
}

static void write_msr(uint32_t msr, uint64_t value)
{
    *register_of(msr) = value;
    if (msr == GS_BASE)
        syscall(SYS_arch_prctl, ARCH_SET_GS, value);
}

static const int number_of[] = { REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                                 REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15 };

/* An operand in memory at a base register and a distance. Gives the instruction's length, the part before it included. */
static size_t take_table(const uint8_t *code, size_t before, bool is_extended, const greg_t *regs, struct table *out)
{
    unsigned mode = code[0] >> 6, base = code[0] & 7, has_index = base == 4;
    const uint8_t *distance = code + 1 + has_index;
    int32_t wide = 0;

    CHECK(mode < 3 && !(mode == 0 && base == 5));
    if (has_index && CHECK_EQ(code[1] >> 3 & 7, 4))
        base = code[1] & 7;
    if (mode == 2)
        memcpy(&wide, distance, sizeof wide);
    else if (mode == 1)
        wide = (int8_t)distance[0];
    memcpy(out, (const char *)regs[number_of[base + 8 * is_extended]] + wide, sizeof *out);
    return before + 1 + has_index + (mode == 2 ? 4 : mode == 1);
}

size_t cpu_execute(const uint8_t *insn, greg_t *regs)
{
    bool has_prefix = insn[0] == 0x41;
    const uint8_t *code = insn + has_prefix;

    if (insn[0] == 0x48 && insn[1] == 0xcb) { /* lretq: ring 0 would have this code segment */
        const uint64_t *stack = (const uint64_t *)regs[REG_RSP];

        CHECK_EQ(stack[1], SEL_KERNEL_CODE);
        regs[REG_RSP] += 16;
        regs[REG_RIP] = (greg_t)stack[0] - 2;
        return 2;
    }
    if (code[0] != 0x0f)
        return 0;
    if (code[1] == 0x30) {
        write_msr((uint32_t)regs[REG_RCX], (uint64_t)regs[REG_RDX] << 32 | (uint32_t)regs[REG_RAX]);
        return 2;
    }
    if (code[1] == 0x32) {
        uint64_t value = *register_of((uint32_t)regs[REG_RCX]);

        regs[REG_RAX] = (uint32_t)value;
        regs[REG_RDX] = (greg_t)(value >> 32);
        return 2;
    }
    if (code[1] == 0x00 && (code[2] & 0xf8) == 0xd8) { /* ltr of a register */
        machine.task = (uint16_t)regs[number_of[(code[2] & 7) + 8 * has_prefix]];
        return 3u + has_prefix;
    }
    if (code[1] == 0x01 && ((code[2] >> 3 & 7) == 2 || (code[2] >> 3 & 7) == 3))
        return take_table(code + 2, 2u + has_prefix, has_prefix, regs,
                          (code[2] >> 3 & 7) == 2 ? &machine.gdt : &machine.idt);
    return 0;
}

/* A gate as SDM volume 3, 6.14.1 has it. Only a breakpoint is for ring 3 to ask for; what may come anywhere has a stack of its own. */
static void check_gates(void)
{
    const uint32_t *gate = (const uint32_t *)machine.idt.base;

    CHECK_EQ(machine.idt.limit, 16 * TRAP_COUNT - 1);
    for (unsigned vector = 0; vector < TRAP_COUNT; vector++, gate += 4) {
        uint64_t offset = (gate[0] & 0xffff) | (gate[1] & 0xffff0000) | (uint64_t)gate[2] << 32;
        unsigned stack = vector == TRAP_DOUBLE_FAULT    ? 1
                         : vector == TRAP_NMI           ? 2
                         : vector == TRAP_MACHINE_CHECK ? 3
                                                        : 0;

        CHECK_EQ(offset, (uint64_t)trap_stubs + STUB_SIZE * vector);
        CHECK_EQ(gate[0] >> 16, SEL_KERNEL_CODE);
        CHECK_EQ(gate[1] & 7, stack);
        CHECK_EQ(gate[1] >> 8 & 0xff,
                 vector == TRAP_BREAKPOINT ? 0xee : 0x8e); /* an interrupt gate: interrupts go off */
        CHECK_EQ(gate[3], 0);
    }
}

/* The task state segment of CPU number, by its descriptor. */
static void check_task(uint32_t number, const struct desc_stacks *stacks)
{
    const uint64_t *entry = (const uint64_t *)machine.gdt.base + machine.task / 8;
    uint64_t base = (entry[0] >> 16 & 0xffffff) | (entry[0] >> 56) << 24 | entry[1] << 32, value;
    static const unsigned places[] = { 4, 36, 44, 52 };
    const uint64_t wants[] = { stacks->main, stacks->double_fault, stacks->nmi, stacks->machine_check };
    uint16_t io_map;

    CHECK_EQ(machine.task, SEL_TSS + 16 * number);
    CHECK(machine.task + 15 <= machine.gdt.limit);
    CHECK_EQ(entry[0] & 0xffff, TSS_SIZE - 1);
    CHECK_EQ(entry[0] >> 40 & 0xff, 0x89);
    for (unsigned i = 0; i < 4; i++) {
        memcpy(&value, (const char *)base + places[i], sizeof value);
        CHECK_EQ(value, wants[i]);
    }
    memcpy(&io_map, (const char *)base + 102, sizeof io_map);
    CHECK_EQ(io_map, TSS_SIZE); /* behind the segment: no port is ring 3's */
}

static void check_cpu(uint32_t number)
{
    struct desc_stacks stacks = { 0x1000 + number, 0x2000 + number, 0x3000 + number, 0x4000 + number };

    memset(&machine, 0, sizeof machine);
    machine.kernel_gs = 1;
    desc_load(number, &stacks);
    check_gates();
    check_task(number, &stacks);
    CHECK_EQ(machine.gs, &cpu_area[number]);
    CHECK_EQ(machine.kernel_gs, 0);
    CHECK_EQ(cpu_area[number].self, &cpu_area[number]);
    CHECK_EQ(cpu_area[number].number, number);
    CHECK_EQ(cpu_area[number].syscall, 4711);
    CHECK_EQ(cpu_area[number].kernel_stack, stacks.main);
    /* sysret takes its selectors 16 and 8 behind, for ring 3; syscall its own two (SDM volume 2, SYSRET). */
    CHECK_EQ(((machine.star >> 48) + 16) | 3, SEL_USER_CODE);
    CHECK_EQ(((machine.star >> 48) + 8) | 3, SEL_USER_DATA);
    CHECK_EQ(machine.star >> 32 & 0xffff, SEL_KERNEL_CODE);
    CHECK_EQ(machine.lstar, syscall_entry);
    CHECK_EQ(machine.sfmask, 0x47700);
    stacks.main = 0x9000;
    cpu_set_kernel_stack(0x9000);
    check_task(number, &stacks);
    CHECK_EQ(cpu_area[number].kernel_stack, 0x9000);
}

static void check_whose_gs(void)
{
    static const struct {
        uint64_t gs, kernel_gs;
        const char *text;
    } rows[] = {
        { (uint64_t)cpu_area, 0, "" },
        { (uint64_t)&cpu_area[CPUS_MAX - 1], 0, "" },
        { 0x1234, (uint64_t)&cpu_area[1], ", gs is the application's" },
        { (uint64_t)&cpu_area[CPUS_MAX], 0x1234, ", gs is nobody's" },
    };

    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        machine.gs = rows[i].gs;
        machine.kernel_gs = rows[i].kernel_gs;
        if (!CHECK(strcmp(desc_whose_gs(), rows[i].text) == 0))
            printf("    row %u\n", i);
    }
}

int main(void)
{
    fake_cpu_start();
    cpu_area[0].syscall = 4711;
    for (uint32_t number = 0; number < CPUS_MAX; number++)
        check_cpu(number);
    check_whose_gs();
    return check_done();
}
