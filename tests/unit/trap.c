/* SPDX-License-Identifier: BSD-2-Clause */
/* links: x86/trap.c tests/unit/fake/cpu.c */
/* Each kind of trap, from ring 3 and from ring 0: who is asked, where the CPU goes on, and what is the kernel's end. */
#define _GNU_SOURCE /* REG_RAX */
#include "x86/trap.h"

#include <asm/prctl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"
#include "fake/cpu.h"
#include "lib/log.h"
#include "x86/cpu.h"
#include "x86/cpus.h"
#include "x86/desc.h"

/* What the linker and x86/trap.S have: two instructions that may fault and where to go on then, the kernel's text, and the places in it
   that interrupts and NMIs find the CPU waiting at. */
__asm__(".data\n.globl extable_start, extable_end\n"
        "extable_start: .quad image_start + 0x100, image_start + 0x180, image_start + 0x200, image_start + 0x280\n"
        "extable_end:\n"
        ".balign 4096\n.globl image_start, image_rodata, irq_halt, nmi_wait, nmi_wait_end, stack_main_guard\n"
        "image_start: .skip 0x300\nnmi_wait: .skip 8\nnmi_wait_end: .skip 8\nirq_halt: .skip 0xcf0\n"
        "image_rodata: .skip 4096\n"
        "stack_main_guard: .skip 4096\n.text\n");
extern const char image_start[], image_rodata[], irq_halt[], nmi_wait_end[], stack_main_guard[];
const char trap_return[1];
void trap_dispatch(struct trap_frame *frame);

struct cpu_features cpu;
struct cpu_area cpu_area[CPUS_MAX];
static uint64_t fault_address;

/* Who was asked, in order: a letter each. */
static char story[16], panic_text[200];
static uint64_t told_address, told_error;
static bool resolves;
static jmp_buf ended;

static void note(char who)
{
    size_t length = strlen(story);

    if (CHECK(length + 1 < sizeof story))
        story[length] = who;
}

size_t cpu_execute(const uint8_t *insn, greg_t *regs)
{
    static const int number[] = { REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                                  REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15 };
    unsigned high = insn[0] == 0x41;

    if (insn[high] != 0x0f || insn[high + 1] != 0x20 || (insn[high + 2] & 0xf8) != 0xd0)
        return 0;
    regs[number[(insn[high + 2] & 7) + 8 * high]] = (greg_t)fault_address; /* movq %cr2 */
    return 3 + high;
}

void panic(const char *fmt, ...)
{
    va_list arguments;

    note('P');
    va_start(arguments, fmt);
    vsnprintf(panic_text, sizeof panic_text, fmt, arguments);
    va_end(arguments);
    longjmp(ended, 1);
}

const char *desc_whose_gs(void)
{
    return ", gs is nobody's";
}

void cpu_wake(void)
{
    note('w');
}

static bool resolve(uint64_t address, uint64_t error)
{
    note('r');
    told_address = address;
    told_error = error;
    return resolves;
}

static void report(const struct trap_frame *frame, uint64_t address)
{
    note('f');
    CHECK(trap_is_from_user(frame));
    told_address = address;
}

static void report_anyone(const struct trap_frame *frame, uint64_t address)
{
    (void)frame;
    (void)address;
    note('?');
}

static bool resolve_none(uint64_t address, uint64_t error)
{
    (void)address;
    (void)error;
    note('?');
    return true;
}

static void after_user(void)
{
    note('a');
}

static void handle_first(void)
{
    note('1');
}

static void handle_last(void)
{
    note('9');
}

#define TEXT(offset) (0x10000u + (offset)) /* an address of the kernel's text, in the table */
enum { OUTSIDE = 0x4000, AT_NMI = TEXT(0x304), AT_HALT = TEXT(0x310), BEHIND_NMI = TEXT(0x308) };
enum { USER = SEL_USER_CODE, RING0 = SEL_KERNEL_CODE, READ = PAGE_FAULT_USER, FIX = TEXT(0x100), FIXED = TEXT(0x180) };

static const struct {
    uint64_t vector, error;
    uint32_t cs, rip;
    bool resolves;
    const char *story;
    uint32_t goes_on;
    const char *panic;
} rows[] = {
    /* Page faults: of ring 3; in its name, but by the kernel's rights; by an instruction that may fault; by any other. */
    { TRAP_PAGE_FAULT, READ, USER, OUTSIDE, true, "r", OUTSIDE, "" },
    { TRAP_PAGE_FAULT, READ, USER, OUTSIDE, false, "rf", OUTSIDE, "" },
    { TRAP_PAGE_FAULT, 0, USER, OUTSIDE, true, "f", OUTSIDE, "" },
    { TRAP_PAGE_FAULT, PAGE_FAULT_WRITE, RING0, FIX, true, "r", FIX, "" },
    { TRAP_PAGE_FAULT, PAGE_FAULT_WRITE, RING0, FIX, false, "r", FIXED, "" },
    { TRAP_PAGE_FAULT, 0, RING0, TEXT(0x200), false, "r", TEXT(0x280), "" },
    { TRAP_PAGE_FAULT, 3, RING0, TEXT(0x201), true, "P", 0, "page fault 14 (error 0x3) at text+0x201, gs is nobody's" },
    { TRAP_PAGE_FAULT, READ, USER, FIX, false, "rf", FIX, "" },
    /* Exceptions */
    { TRAP_INVALID_OPCODE, 0, USER, OUTSIDE, true, "f", OUTSIDE, "" },
    { TRAP_PROTECTION, 8, USER, OUTSIDE, true, "f", OUTSIDE, "" },
    { TRAP_PROTECTION, 8, RING0, TEXT(0), true, "P", 0, "exception 13 (error 0x8) at text+0x0, gs is nobody's" },
    { TRAP_DIVIDE, 0, RING0, OUTSIDE, true, "P", 0, "exception 0 (error 0x0): jump out of the kernel's text" },
    { TRAP_DIVIDE, 0, RING0, TEXT(0x1000), true, "P", 0, "exception 0 (error 0x0): jump out of the kernel's text" },
    { TRAP_MACHINE_CHECK, 0, USER, OUTSIDE, true, "P", 0,
      "machine check 18 (error 0x0): jump out of the kernel's text" },
    { TRAP_DOUBLE_FAULT, 0, USER, OUTSIDE, true, "P", 0, "double fault 8 (error 0x0): jump out of the kernel's text" },
    { TRAP_DOUBLE_FAULT, 0, RING0, TEXT(5), true, "P", 0, "double fault 8 (error 0x0) at text+0x5, gs is nobody's" },
    /* NMIs mean nothing but to who waits for one. */
    { TRAP_NMI, 0, USER, OUTSIDE, true, "", OUTSIDE, "" },
    { TRAP_NMI, 0, RING0, TEXT(0x2ff), true, "", TEXT(0x2ff), "" },
    { TRAP_NMI, 0, RING0, AT_NMI, true, "", BEHIND_NMI, "" },
    { TRAP_NMI, 0, RING0, BEHIND_NMI, true, "", BEHIND_NMI, "" },
    /* Interrupts: the handler; before it a halted CPU is told, and behind it who asks on the way to ring 3. */
    { TRAP_IRQ_FIRST, 0, USER, OUTSIDE, true, "1a", OUTSIDE, "" },
    { TRAP_IRQ_FIRST, 0, RING0, TEXT(0x400), true, "w1", TEXT(0x400), "" },
    { TRAP_IRQ_FIRST, 0, RING0, AT_HALT, true, "w1", AT_HALT + 1, "" },
    { TRAP_SPURIOUS - 1, 0, RING0, TEXT(0x400), true, "w9", TEXT(0x400), "" },
    { TRAP_IRQ_FIRST + 1, 0, USER, OUTSIDE, true, "a", OUTSIDE, "" }, /* nobody's */
    { TRAP_SPURIOUS, 0, USER, OUTSIDE, true, "a", OUTSIDE, "" },
    { TRAP_SPURIOUS, 0, RING0, TEXT(0x400), true, "w", TEXT(0x400), "" },
};

static uint64_t place(uint32_t offset)
{
    return offset < TEXT(0) ? offset : (uint64_t)image_start + offset - TEXT(0);
}

static void check_rows(void)
{
    for (volatile unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct trap_frame frame = {
            .vector = rows[i].vector, .error = rows[i].error, .cs = rows[i].cs, .rip = place(rows[i].rip)
        };

        memset(story, 0, sizeof story);
        panic_text[0] = '\0';
        resolves = rows[i].resolves;
        fault_address = told_address = 0x5000 + i;
        told_error = rows[i].error;
        if (setjmp(ended) == 0) {
            trap_dispatch(&frame);
            CHECK_EQ(frame.rip, place(rows[i].goes_on));
        }
        if (!CHECK(strcmp(story, rows[i].story) == 0) || !CHECK(strcmp(panic_text, rows[i].panic) == 0) ||
            !CHECK_EQ(told_error, rows[i].error) ||
            !CHECK_EQ(told_address, rows[i].vector != TRAP_PAGE_FAULT && strcmp(story, "f") == 0 ? 0 : fault_address))
            printf("    row %u: \"%s\", \"%s\"\n", i, story, panic_text);
    }
}

/* A double fault at a page below a stack is an overflow of that stack. */
static void check_overflow(void)
{
    static const struct {
        uint64_t address;
        bool is_guard;
    } places[] = {
        { THREADS_BASE, true },
        { THREADS_BASE + GUARD_SIZE - 1, true },
        { THREADS_BASE + GUARD_SIZE, false },
        { THREADS_BASE + 3 * THREAD_AREA_SIZE, true },
        { THREADS_BASE + THREADS_SIZE - THREAD_AREA_SIZE, true },
        { THREADS_BASE - 1, false },
        { CPUS_BASE, true },
        { CPUS_BASE + CPUS_MAX * CPU_STACKS_SIZE - 1, true },
        { CPUS_BASE + CPUS_MAX * CPU_STACKS_SIZE, false },
        { (uint64_t)stack_main_guard - 1, false },
        { (uint64_t)stack_main_guard, true },
        { (uint64_t)stack_main_guard + GUARD_SIZE - 1, true },
        { (uint64_t)stack_main_guard + GUARD_SIZE, false },
        { 0, false },
    };

    for (volatile unsigned i = 0; i < sizeof places / sizeof places[0]; i++) {
        struct trap_frame frame = { .vector = TRAP_DOUBLE_FAULT, .cs = RING0, .rip = place(TEXT(0x55)) };

        fault_address = places[i].address;
        memset(story, 0, sizeof story);
        if (setjmp(ended) == 0)
            trap_dispatch(&frame);
        if (!CHECK_EQ(strcmp(panic_text, "kernel stack overflow at text+0x55") == 0, places[i].is_guard))
            printf("    place %u: %s\n", i, panic_text);
    }
}

/* Before anybody is named, the application cannot have a page, and nobody is asked after an interrupt. */
static void check_early(void)
{
    struct trap_frame frame = { .vector = TRAP_PAGE_FAULT, .error = PAGE_FAULT_USER, .cs = USER };

    trap_set_user_fault(report);
    trap_dispatch(&frame);
    CHECK(strcmp(story, "f") == 0);
    frame.vector = TRAP_IRQ_FIRST;
    trap_dispatch(&frame);
    CHECK(strcmp(story, "f") == 0);
}

static void begin(void)
{
}

/* The last one named is the one; and what a new thread and a new program start with. */
static void check_starts(void)
{
    uint64_t stack[64], *left;
    struct trap_frame frame;

    memset(&frame, 0xff, sizeof frame);
    trap_frame_start(&frame, 0x401000, 0x7fff0000);
    CHECK(frame.rip == 0x401000 && frame.rsp == 0x7fff0000 && frame.cs == SEL_USER_CODE && frame.ss == SEL_USER_DATA);
    CHECK_EQ(frame.rflags, 0x202);
    for (unsigned i = 0; i < 6; i++)
        CHECK_EQ(frame.arg[i], 0);
    CHECK(frame.rax == 0 && frame.rbx == 0 && frame.rcx == 0 && frame.rbp == 0 && frame.r11 == 0 && frame.r15 == 0);
    memset(stack, 0xff, sizeof stack);
    left = (uint64_t *)stack_prepare((uint64_t)(stack + 64), begin);
    CHECK_EQ(left, (uint64_t *)((struct trap_frame *)(stack + 64) - 1) - 8);
    for (unsigned i = 0; i < 6; i++)
        CHECK_EQ(left[i], 0);
    CHECK_EQ(left[6], begin);
    CHECK_EQ(left[7], trap_return);
    syscall(SYS_arch_prctl, ARCH_SET_GS, &cpu_area[2]);
    cpu_area[2].self = &cpu_area[2];
    trap_set_syscall((void (*)(struct trap_frame *))begin);
    CHECK_EQ(cpu_area[2].syscall, begin);
}

int main(void)
{
    fake_cpu_start();
    check_early();
    trap_set_page_fault(resolve_none);
    trap_set_page_fault(resolve);
    trap_set_user_fault(report_anyone);
    trap_set_user_fault(report);
    trap_set_user_interrupt(begin);
    trap_set_user_interrupt(after_user);
    irq_register(TRAP_IRQ_FIRST, handle_last);
    irq_register(TRAP_IRQ_FIRST, handle_first);
    irq_register(TRAP_SPURIOUS - 1, handle_last);
    check_rows();
    check_overflow();
    check_starts();
    return check_done();
}
