/* SPDX-License-Identifier: BSD-2-Clause */
#include "x86/trap.h"
#include "lib/log.h"
#include "x86/cpu.h"
#include "x86/cpus.h"
#include "x86/desc.h"
#include "x86/layout.h"

struct fixup {
    uint64_t at, to;
};
extern const struct fixup extable_start[], extable_end[];
extern const char image_start[], image_rodata[], stack_main_guard[], trap_return[], irq_halt[], nmi_wait_end[];

static bool (*resolve_page_fault)(uint64_t address, uint64_t error);
static void (*report_user_fault)(const struct trap_frame *frame, uint64_t address);
static void (*after_user_interrupt)(void);
static void (*irq_handler[TRAP_SPURIOUS - TRAP_IRQ_FIRST])(void);

uint64_t irq_events;

void trap_dispatch(struct trap_frame *frame);

void trap_set_syscall(void (*answer)(struct trap_frame *frame))
{
    cpu_this()->syscall = (uint64_t)answer;
}

/*@ terminates \true; exits \false; assigns resolve_page_fault \from resolve; ensures kept: resolve_page_fault == resolve; */
void trap_set_page_fault(bool (*resolve)(uint64_t address, uint64_t error))
{
    resolve_page_fault = resolve;
}

/*@ terminates \true; exits \false; assigns report_user_fault \from report; ensures kept: report_user_fault == report; */
void trap_set_user_fault(void (*report)(const struct trap_frame *frame, uint64_t address))
{
    report_user_fault = report;
}

/*@ terminates \true; exits \false; assigns after_user_interrupt \from ask; ensures kept: after_user_interrupt == ask; */
void trap_set_user_interrupt(void (*ask)(void))
{
    after_user_interrupt = ask;
}

/*@ requires vector: TRAP_IRQ_FIRST <= vector < TRAP_SPURIOUS;
    terminates \true; exits \false; assigns irq_handler[vector - TRAP_IRQ_FIRST] \from handler;
    ensures kept: irq_handler[vector - TRAP_IRQ_FIRST] == handler; */
void irq_register(uint32_t vector, void (*handler)(void))
{
    irq_handler[vector - TRAP_IRQ_FIRST] = handler;
}

void trap_frame_start(struct trap_frame *frame, uint64_t rip, uint64_t rsp)
{
    enum { FLAGS_AT_START = 0x202 }; /* interrupts on; bit 1 is always set */

    *frame = (struct trap_frame){
        .rip = rip, .cs = SEL_USER_CODE, .rflags = FLAGS_AT_START, .rsp = rsp, .ss = SEL_USER_DATA
    };
}

uint64_t stack_prepare(uint64_t stack_top, void (*begin)(void))
{
    enum { KEPT_REGISTERS = 6 };
    uint64_t *stack = (uint64_t *)trap_user_frame(stack_top);

    *--stack = (uint64_t)trap_return;
    *--stack = (uint64_t)begin;
    for (uint32_t i = 0; i < KEPT_REGISTERS; i++)
        *--stack = 0;
    return (uint64_t)stack;
}

/* Is that page kept unmapped below a kernel stack? */
static bool is_guard(uint64_t address)
{
    uint64_t main_guard = (uint64_t)stack_main_guard;

    if (address >= THREADS_BASE && address < THREADS_BASE + THREADS_SIZE)
        return (address - THREADS_BASE) % THREAD_AREA_SIZE < GUARD_SIZE;
    /* Of the other pages there each is mapped, if the CPU runs at all. */
    if (address >= CPUS_BASE && address < CPUS_BASE + CPUS_MAX * CPU_STACKS_SIZE)
        return true;
    return address >= main_guard && address < main_guard + GUARD_SIZE;
}

/* Where to go on after a fault at rip, or 0: only the instructions of x86/memory.S that touch the application's pages are
   listed. */
static uint64_t find_fixup(uint64_t rip)
{
    for (const struct fixup *f = extable_start; f < extable_end; f++)
        if (f->at == rip)
            return f->to;
    return 0;
}

/* The kernel faulted where it may not. Addresses of the kernel are told relative to the image: they are not for the reader
   of a console. */
static _Noreturn void kernel_fault(const struct trap_frame *frame, uint64_t address)
{
    uint64_t base = (uint64_t)image_start;
    const char *what = frame->vector == TRAP_DOUBLE_FAULT    ? "double fault"
                       : frame->vector == TRAP_MACHINE_CHECK ? "machine check"
                       : frame->vector == TRAP_PAGE_FAULT    ? "page fault"
                                                             : "exception";

    if (frame->vector == TRAP_DOUBLE_FAULT && is_guard(address))
        panic("kernel stack overflow at text+0x%lx", frame->rip - base);
    if (frame->rip < base || frame->rip >= (uint64_t)image_rodata)
        panic("%s %lu (error 0x%lx): jump out of the kernel's text", what, frame->vector, frame->error);
    panic("%s %lu (error 0x%lx) at text+0x%lx%s", what, frame->vector, frame->error, frame->rip - base,
          desc_whose_gs());
}

static void page_fault(struct trap_frame *frame)
{
    uint64_t address = read_cr2(), fixup = 0;

    if (!trap_is_from_user(frame)) {
        fixup = find_fixup(frame->rip);
        if (fixup == 0)
            kernel_fault(frame, address);
    }
    /* What ring 3 makes the CPU touch in the kernel's name (descriptors; on QEMU also what a far return pops) gets no page:
       the application's pages stay closed to such an access, so it would be tried for ever. */
    if (trap_is_from_user(frame) && !(frame->error & PAGE_FAULT_USER)) {
        report_user_fault(frame, address);
        return;
    }
    if (resolve_page_fault && resolve_page_fault(address, frame->error))
        return;
    if (fixup != 0)
        frame->rip = fixup;
    else
        report_user_fault(frame, address);
}

static void interrupt(struct trap_frame *frame)
{
    void (*handler)(void) = frame->vector < TRAP_SPURIOUS ? irq_handler[frame->vector - TRAP_IRQ_FIRST] : 0;

    /* This was what the CPU was to wait for: hlt, a single byte, would wait for the next one. */
    if (frame->rip == (uint64_t)irq_halt)
        frame->rip++;
    if (!trap_is_from_user(frame))
        cpu_wake();
    if (handler)
        handler();
    if (trap_is_from_user(frame) && after_user_interrupt)
        after_user_interrupt();
}

void trap_dispatch(struct trap_frame *frame)
{
    /* The application's pages are open after a fault inside a user copy, or when the application itself has set AC. */
    clac();
    if (frame->vector >= TRAP_IRQ_FIRST) {
        interrupt(frame);
    } else if (frame->vector == TRAP_PAGE_FAULT) {
        page_fault(frame);
    } else if (frame->vector == TRAP_NMI) {
        /* Another CPU has given the lock back to one that sleeps for it; a host's watchdog means nothing here. */
        if (frame->rip >= (uint64_t)nmi_wait && frame->rip < (uint64_t)nmi_wait_end)
            frame->rip = (uint64_t)nmi_wait_end;
    } else if (trap_is_from_user(frame) && frame->vector != TRAP_MACHINE_CHECK && frame->vector != TRAP_DOUBLE_FAULT) {
        report_user_fault(frame, 0);
    } else {
        kernel_fault(frame, read_cr2());
    }
}
