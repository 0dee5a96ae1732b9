/* SPDX-License-Identifier: BSD-2-Clause */
/* How the CPU comes into the kernel (exceptions, interrupts, syscall) and goes back to ring 3. */
#ifndef X86_TRAP_H
#define X86_TRAP_H
#include <stdbool.h>
#include <stdint.h>

/* What x86/trap.S pushes, lowest address first. arg: rdi rsi rdx r10 r8 r9, in Linux's order of arguments. */
struct trap_frame {
    uint64_t arg[6];
    uint64_t r15, r14, r13, r12, rbp, rbx, rax, rcx, r11;
    uint64_t vector, error;
    uint64_t rip, cs, rflags, rsp, ss;
};

/* Vectors (SDM volume 3, 6.15). */
enum {
    TRAP_DIVIDE = 0,
    TRAP_DEBUG = 1,
    TRAP_NMI = 2,
    TRAP_BREAKPOINT = 3,
    TRAP_OVERFLOW = 4,
    TRAP_INVALID_OPCODE = 6,
    TRAP_DOUBLE_FAULT = 8,
    TRAP_STACK = 12,
    TRAP_PROTECTION = 13,
    TRAP_PAGE_FAULT = 14,
    TRAP_X87 = 16,
    TRAP_ALIGNMENT = 17,
    TRAP_MACHINE_CHECK = 18,
    TRAP_SIMD = 19,
    TRAP_IRQ_FIRST = 32,
    TRAP_SPURIOUS = 47,
    TRAP_COUNT = 48
};
/* What is in the vector's place for a system call (then its number is in the error code's); and in a frame that has to go back with
   all its registers, by trap_resume. */
#define TRAP_SYSCALL 0xffffffffffffffffULL
#define TRAP_NONE    0xfffffffffffffffeULL
enum { PAGE_FAULT_PRESENT = 1, PAGE_FAULT_WRITE = 2, PAGE_FAULT_USER = 4, PAGE_FAULT_FETCH = 16 };

static inline bool trap_is_from_user(const struct trap_frame *frame)
{
    return (frame->cs & 3) == 3;
}

/* Who answers: system calls, page faults at user addresses (true: mapped now, try again), and what nobody else took
   from ring 3 (does not come back unless the application may go on). Set before the first of each can happen. */
void trap_set_syscall(void (*answer)(struct trap_frame *frame));
void trap_set_page_fault(bool (*resolve)(uint64_t address, uint64_t error));
void trap_set_user_fault(void (*report)(const struct trap_frame *frame, uint64_t address));

/* Asked after each interrupt that came from ring 3, before going back there. */
void trap_set_user_interrupt(void (*ask)(void));

/* Interrupt vector TRAP_IRQ_FIRST <= vector < TRAP_SPURIOUS: its handler runs with interrupts off and ends the interrupt. */
void irq_register(uint32_t vector, void (*handler)(void));

/* How many interrupts there were that somebody may have waited for. Handlers count them, but for those of mere kicks; and so does who waits
   for something without an interrupt. */
extern uint64_t irq_events;

/* What the way from ring 3 left at the top of this CPU's or a waiting thread's kernel stack. */
static inline struct trap_frame *trap_user_frame(uint64_t stack_top)
{
    return (struct trap_frame *)stack_top - 1;
}

/* Leaves for ring 3 as the frame at the top of this stack says, with all its registers, as sysret does not. */
_Noreturn void trap_resume(struct trap_frame *frame);

/* The frame with which a program starts: all registers but these two are zero. */
void trap_frame_start(struct trap_frame *frame, uint64_t rip, uint64_t rsp);

/* Makes a stack that stack_switch can go to: it calls begin, and leaves for ring 3 as the frame at its top says. The value for `to`. */
uint64_t stack_prepare(uint64_t stack_top, void (*begin)(void));

/* Goes on where the stack `to` was left; comes back when someone switches to what *from is now. Interrupts are off. */
void stack_switch(uint64_t *from, uint64_t to);

#endif
