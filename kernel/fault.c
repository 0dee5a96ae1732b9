/* SPDX-License-Identifier: BSD-2-Clause */
#include <linux/signal.h>

#include "kernel/end.h"
#include "kernel/fault.h"
#include "kernel/signal.h"
#include "kernel/thread.h"
#include "mm/space.h"
#include "x86/fpu.h"

/*@ terminates \true; exits \false; assigns \nothing;
    ensures told: \result.info.signal == signal && \result.info.code == code && \result.info.field[0] == address;
    ensures what: \result.what == what; */
static struct fault_kind kind_of(int signal, int code, uint64_t address, const char *what)
{
    return (struct fault_kind){ { .signal = signal, .code = code, .field = { address } }, what };
}

/*@ terminates \true; exits \false; assigns \nothing;
    ensures signals: \result.info.signal == SIGSEGV || \result.info.signal == SIGBUS || \result.info.signal == SIGKILL;
    ensures kernel: (error & PAGE_FAULT_USER) == 0 ==> \result.info.signal == SIGSEGV && \result.info.code == SEGV_MAPERR;
    ensures address: \result.info.field[0] == (\result.info.signal == SIGKILL ? 0 : address);
    ensures codes: \result.info.signal == SIGSEGV ==> \result.info.code == SEGV_ACCERR || \result.info.code == SEGV_MAPERR; */
static struct fault_kind page_fault_kind(uint64_t error, uint64_t address)
{
    /* The walk did not get to the application's areas where the CPU touched memory in the kernel's name. */
    enum space_fault why = error & PAGE_FAULT_USER ? space_last_fault() : FAULT_UNMAPPED;
    const char *what = error & PAGE_FAULT_FETCH ? "execution of" : error & PAGE_FAULT_WRITE ? "write to" : "read of";

    if (why == FAULT_NO_MEMORY)
        return kind_of(SIGKILL, SI_KERNEL, 0, "out of memory at");
    if (why == FAULT_BEYOND_FILE)
        return kind_of(SIGBUS, BUS_ADRERR, address, "access behind the end of a mapped file at");
    return kind_of(SIGSEGV, why == FAULT_RIGHTS ? SEGV_ACCERR : SEGV_MAPERR, address, what);
}

/* In Linux's order; bits as in MXCSR and in x87's status word. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures invalid: (exceptions & 1) != 0 ==> \result == FPE_FLTINV;
    ensures divide: (exceptions & 1) == 0 && (exceptions & 4) != 0 ==> \result == FPE_FLTDIV;
    ensures overflow: (exceptions & 1) == 0 && (exceptions & 4) == 0 && (exceptions & 8) != 0 ==> \result == FPE_FLTOVF;
    ensures rest: (exceptions & 1) == 0 && (exceptions & 4) == 0 && (exceptions & 8) == 0 ==>
      \result == FPE_FLTUND || \result == FPE_FLTRES || \result == FPE_FLTUNK; */
static int float_code(uint32_t exceptions)
{
    enum { INVALID = 1, DENORMAL = 2, DIVIDE = 4, OVERFLOW = 8, UNDERFLOW = 16, PRECISION = 32 };

    return exceptions & INVALID                  ? FPE_FLTINV
           : exceptions & DIVIDE                 ? FPE_FLTDIV
           : exceptions & OVERFLOW               ? FPE_FLTOVF
           : exceptions & (DENORMAL | UNDERFLOW) ? FPE_FLTUND
           : exceptions & PRECISION              ? FPE_FLTRES
                                                 : FPE_FLTUNK;
}

/*@ requires valid: \valid_read(frame);
    terminates \true; exits \false; assigns \nothing;
    ensures page: frame->vector == TRAP_PAGE_FAULT ==> \result.info.signal == SIGSEGV || \result.info.signal == SIGBUS
      || \result.info.signal == SIGKILL;
    ensures page_address: frame->vector == TRAP_PAGE_FAULT && \result.info.signal != SIGKILL ==> \result.info.field[0] == address;
    ensures float: frame->vector == TRAP_X87 || frame->vector == TRAP_SIMD ==> \result.info.signal == SIGFPE
      && \result.info.field[0] == frame->rip;
    ensures debug: frame->vector == TRAP_DEBUG ==> \result.info.signal == SIGTRAP && \result.info.field[0] == frame->rip;
    ensures hidden: frame->vector != TRAP_PAGE_FAULT ==> \result.info.field[0] == 0 || \result.info.field[0] == frame->rip; */
struct fault_kind fault_kind(const struct trap_frame *frame, uint64_t address)
{
    enum { FLAG_TRAP = 0x100 };
    static const struct {
        int vector, signal, code;
        bool has_rip;
        const char *what;
    } kind[] = {
        { TRAP_DIVIDE, SIGFPE, FPE_INTDIV, true, "integer division" },
        { TRAP_BREAKPOINT, SIGTRAP, SI_KERNEL, false, "breakpoint" },
        { TRAP_INVALID_OPCODE, SIGILL, ILL_ILLOPN, true, "invalid instruction" },
        { TRAP_ALIGNMENT, SIGBUS, BUS_ADRALN, false, "unaligned access" },
        { TRAP_PROTECTION, SIGSEGV, SI_KERNEL, false, "privileged instruction or non-canonical address" },
        { TRAP_STACK, SIGBUS, SI_KERNEL, false, "stack fault" },
    };

    if (frame->vector == TRAP_PAGE_FAULT)
        return page_fault_kind(frame->error, address);
    if (frame->vector == TRAP_X87 || frame->vector == TRAP_SIMD)
        return kind_of(SIGFPE, float_code(fpu_exceptions(frame->vector == TRAP_SIMD)), frame->rip,
                       "floating-point exception");
    if (frame->vector == TRAP_DEBUG)
        return kind_of(SIGTRAP, frame->rflags & FLAG_TRAP ? TRAP_TRACE : TRAP_BRKPT, frame->rip, "breakpoint");
    /*@ loop invariant range: 0 <= i <= 6;
        loop assigns i;
        loop variant 6 - i; */
    for (uint32_t i = 0; i < sizeof kind / sizeof kind[0]; i++)
        if ((uint64_t)kind[i].vector == frame->vector)
            return kind_of(kind[i].signal, kind[i].code, kind[i].has_rip ? frame->rip : 0, kind[i].what);
    return kind_of(SIGSEGV, SI_KERNEL, 0, "exception");
}

void fault_take(const struct trap_frame *frame, uint64_t address)
{
    struct fault_kind kind = fault_kind(frame, address);
    struct signal_thread *s = &thread_current()->signals;

    if (!signal_force(&kind.info))
        end_by_fault(frame, address, &kind);
    s->fault.vector = frame->vector;
    s->fault.error = frame->error;
    /* Linux keeps to itself what is mapped in the kernel's half, and the address of the last page fault. */
    if (frame->vector == TRAP_PAGE_FAULT) {
        s->fault.error |= address < USER_END ? 0 : PAGE_FAULT_PRESENT;
        s->fault.address = address;
    }
    signal_check();
}
