/* SPDX-License-Identifier: BSD-2-Clause */
/* links: kernel/fault.c kernel/signal.c kernel/signal_deliver.c kernel/signal_frame.c kernel/signal_judge.c kernel/signal_stack.c
   kernel/signal_queue.c kernel/thread.c tests/unit/fake/thread.c tests/unit/fake/cpu.c tests/unit/fake/mm.c tests/unit/fake/kernel.c */
/* Which signal a fault is, and how the way into a handler and back looks from ring 3: the frame on its stack, interrupted calls that are
   repeated, and programs that end because nothing catches it. */
#include "kernel/fault.h"

#include <linux/errno.h>
#include <linux/signal.h>

#include "fake/syscall.h"
#include "fake/thread.h"
#include "kernel/signal.h"
#include "mm/space.h"

#define HANDLER  0x401000ULL
#define RESTORER 0x402000ULL
#define RIP      0x403000ULL
#define ADDRESS  0x12345ULL
#define STACK    0x8000u /* in the fake user memory: what is below belongs to nobody */

static enum space_fault why;

enum space_fault space_last_fault(void)
{
    return why;
}

static void check_kinds(void)
{
    static const struct {
        uint64_t vector, error, rflags;
        enum space_fault why;
        uint32_t float_exceptions;
        int signal, code;
        uint64_t address;
    } row[] = {
        { TRAP_DIVIDE, 0, 0, 0, 0, SIGFPE, FPE_INTDIV, RIP },
        { TRAP_DEBUG, 0, 0x100, 0, 0, SIGTRAP, TRAP_TRACE, RIP },
        { TRAP_DEBUG, 0, 0, 0, 0, SIGTRAP, TRAP_BRKPT, RIP },
        { TRAP_BREAKPOINT, 0, 0, 0, 0, SIGTRAP, SI_KERNEL, 0 },
        { TRAP_INVALID_OPCODE, 0, 0, 0, 0, SIGILL, ILL_ILLOPN, RIP },
        { TRAP_STACK, 0, 0, 0, 0, SIGBUS, SI_KERNEL, 0 },
        { TRAP_PROTECTION, 0, 0, 0, 0, SIGSEGV, SI_KERNEL, 0 },
        { TRAP_ALIGNMENT, 0, 0, 0, 0, SIGBUS, BUS_ADRALN, 0 },
        { TRAP_OVERFLOW, 0, 0, 0, 0, SIGSEGV, SI_KERNEL, 0 },
        { TRAP_X87, 0, 0, 0, 1 | 4, SIGFPE, FPE_FLTINV, RIP },
        { TRAP_X87, 0, 0, 0, 4 | 8, SIGFPE, FPE_FLTDIV, RIP },
        { TRAP_SIMD, 0, 0, 0, 8 | 16, SIGFPE, FPE_FLTOVF, RIP },
        { TRAP_SIMD, 0, 0, 0, 16 | 32, SIGFPE, FPE_FLTUND, RIP },
        { TRAP_SIMD, 0, 0, 0, 2, SIGFPE, FPE_FLTUND, RIP },
        { TRAP_SIMD, 0, 0, 0, 32, SIGFPE, FPE_FLTRES, RIP },
        { TRAP_SIMD, 0, 0, 0, 0, SIGFPE, FPE_FLTUNK, RIP },
        { TRAP_PAGE_FAULT, PAGE_FAULT_USER, 0, FAULT_UNMAPPED, 0, SIGSEGV, SEGV_MAPERR, ADDRESS },
        { TRAP_PAGE_FAULT, PAGE_FAULT_USER | PAGE_FAULT_WRITE, 0, FAULT_RIGHTS, 0, SIGSEGV, SEGV_ACCERR, ADDRESS },
        { TRAP_PAGE_FAULT, PAGE_FAULT_USER | PAGE_FAULT_FETCH, 0, FAULT_RIGHTS, 0, SIGSEGV, SEGV_ACCERR, ADDRESS },
        { TRAP_PAGE_FAULT, PAGE_FAULT_USER, 0, FAULT_BEYOND_FILE, 0, SIGBUS, BUS_ADRERR, ADDRESS },
        { TRAP_PAGE_FAULT, PAGE_FAULT_USER, 0, FAULT_NO_MEMORY, 0, SIGKILL, SI_KERNEL, 0 },
        { TRAP_PAGE_FAULT, 0, 0, FAULT_RIGHTS, 0, SIGSEGV, SEGV_MAPERR, ADDRESS }, /* the CPU's own access */
    };

    for (unsigned i = 0; i < ROWS(row); i++) {
        struct trap_frame frame = {
            .vector = row[i].vector, .error = row[i].error, .rflags = row[i].rflags, .rip = RIP
        };
        struct fault_kind kind;

        why = row[i].why;
        fake_fpu_exceptions[row[i].vector == TRAP_SIMD] = row[i].float_exceptions;
        fake_fpu_exceptions[row[i].vector != TRAP_SIMD] = 63;
        kind = fault_kind(&frame, ADDRESS);
        CHECK_EQ(kind.info.signal, row[i].signal);
        CHECK_EQ(kind.info.code, row[i].code);
        CHECK_EQ(kind.info.field[0], row[i].address);
        CHECK(kind.what != NULL);
    }
}

static struct trap_frame *frame(void)
{
    return thread_frame(thread_current_slot());
}

/* In ring 3, with that handler for all signals and the stack pointer in user memory. */
static void begin(uint64_t flags)
{
    struct signal_thread *s = &thread_current()->signals;

    signal_set_drop(&s->pending, ~0ULL);
    signal_set_drop(&signal_shared, ~0ULL);
    *s = (struct signal_thread){ 0 };
    for (uint32_t signal = 1; signal <= SIGNAL_COUNT; signal++)
        signal_actions[signal] = (struct signal_action){ HANDLER, flags | SA_RESTORER, RESTORER, signal_bit(SIGUSR2) };
    *frame() = (struct trap_frame){ .vector = TRAP_PAGE_FAULT,
                                    .error = PAGE_FAULT_USER,
                                    .rip = RIP,
                                    .rflags = 0x202,
                                    .cs = SEL_USER_CODE,
                                    .ss = SEL_USER_DATA,
                                    .rsp = placed(AT(STACK)),
                                    .rax = 77,
                                    .rbx = 88 };
}

/* A page fault at that address, as a call: so it may end the program. */
static int64_t take_fault(const uint64_t arg[6])
{
    fault_take(frame(), arg[0]);
    return 0;
}

static int64_t deliver(const uint64_t arg[6])
{
    (void)arg;
    signal_deliver(frame());
    return 0;
}

static int64_t give_back(const uint64_t arg[6])
{
    (void)arg;
    return (int64_t)signal_return();
}

static void check_handler(void)
{
    struct signal_thread *s = &thread_current()->signals;
    uint64_t sp;

    begin(0);
    why = FAULT_UNMAPPED;
    CHECK_EQ(call(take_fault, ADDRESS), 0);
    sp = frame()->rsp;
    CHECK(frame()->rip == HANDLER && frame()->arg[0] == SIGSEGV && frame()->rax == 0);
    CHECK(sp % 16 == 8 && sp < placed(AT(STACK)) - 128 && *(uint64_t *)sp == RESTORER);
    CHECK_EQ(((struct signal_info *)frame()->arg[1])->field[0], ADDRESS);
    CHECK_EQ(s->blocked, signal_bit(SIGSEGV) | signal_bit(SIGUSR2));
    CHECK(s->fault.vector == TRAP_PAGE_FAULT && s->fault.error == PAGE_FAULT_USER && s->fault.address == ADDRESS);
    frame()->rsp += 8; /* its return */
    CHECK_EQ(call(give_back, 0), 77);
    CHECK(frame()->rip == RIP && frame()->rsp == placed(AT(STACK)) && frame()->rbx == 88 && s->blocked == 0);

    begin(0); /* the kernel's half: what is mapped there stays unknown */
    CHECK_EQ(call(take_fault, 0x7ffffffff000), 0);
    CHECK_EQ(s->fault.error, PAGE_FAULT_USER | PAGE_FAULT_PRESENT);
    begin(SA_NODEFER | SA_RESETHAND);
    CHECK_EQ(call(take_fault, ADDRESS), 0);
    CHECK_EQ(s->blocked, signal_bit(SIGUSR2));
    CHECK_EQ(call(take_fault, ADDRESS), ENDED); /* the second time it has no handler */
    CHECK_EQ(fake_end.how, FAKE_END_FAULT);
}

static void check_uncaught(void)
{
    begin(0);
    thread_current()->signals.blocked = signal_bit(SIGSEGV);
    CHECK_EQ(call(take_fault, ADDRESS), ENDED);
    CHECK_EQ(fake_end.how, FAKE_END_FAULT);
    begin(0);
    signal_actions[SIGSEGV].handler = (uint64_t)SIG_IGN;
    CHECK_EQ(call(take_fault, ADDRESS), ENDED);
    CHECK_EQ(fake_end.how, FAKE_END_FAULT);
    begin(0);
    frame()->rsp = NOWHERE; /* no room for the frame */
    CHECK_EQ(call(take_fault, ADDRESS), ENDED);
    CHECK(fake_end.how == FAKE_END_SIGNAL && fake_end.value == SIGSEGV);
    begin(0);
    frame()->rsp = NOWHERE;
    CHECK_EQ(call(give_back, 0), 0); /* sigreturn without a frame: SIGSEGV, whose handler has no room either */
    CHECK_EQ(call(deliver, 0), ENDED);
    CHECK(fake_end.how == FAKE_END_SIGNAL && fake_end.value == SIGSEGV);
}

/* A signal comes during a call that ended with -ERESTARTSYS, or not. */
static void check_calls(void)
{
    static const struct {
        uint64_t flags;
        int64_t result;
        uint32_t signal; /* 0: none */
        uint64_t rax, rip;
    } row[] = {
        { SA_RESTART, -ERESTARTSYS, SIGUSR1, 202, RIP - 2 },
        { 0, -ERESTARTSYS, SIGUSR1, (uint64_t)-EINTR, RIP },
        { SA_RESTART, -EINTR, SIGUSR1, (uint64_t)-EINTR, RIP },
        { SA_RESTART, 5, SIGUSR1, 5, RIP },
        { 0, -ERESTARTSYS, 0, 202, RIP - 2 },
        { 0, 5, 0, 5, RIP },
    };

    for (unsigned i = 0; i < ROWS(row); i++) {
        begin(row[i].flags);
        frame()->vector = TRAP_SYSCALL;
        frame()->error = 202; /* futex */
        frame()->rax = (uint64_t)row[i].result;
        if (row[i].signal != 0)
            signal_raise(row[i].signal);
        CHECK_EQ(call(deliver, 0), 0);
        CHECK_EQ(frame()->rip, row[i].signal != 0 ? HANDLER : row[i].rip);
        if (row[i].signal != 0) {
            frame()->rsp += 8;
            CHECK_EQ(call(give_back, 0), row[i].rax);
        }
        CHECK_EQ(frame()->rax, row[i].rax);
        CHECK_EQ(frame()->rip, row[i].rip);
    }
    begin(SA_RESTART); /* no call: what is in rax only looks like it */
    frame()->rax = (uint64_t)-ERESTARTSYS;
    signal_raise(SIGUSR1);
    CHECK_EQ(call(deliver, 0), 0);
    frame()->rsp += 8;
    CHECK_EQ(call(give_back, 0), (uint64_t)-ERESTARTSYS);
    CHECK_EQ(frame()->rip, RIP);
}

int main(void)
{
    fake_mm_start();
    fake_thread_start();
    check_kinds();
    check_handler();
    check_uncaught();
    check_calls();
    return check_done();
}
