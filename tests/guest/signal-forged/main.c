/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include "../check.h"

#define XSTATE_BV 512
#define XCOMP_BV  520
#define SOFTWARE  464

static sigjmp_buf back;
static uint8_t area[65536];
static void (*lie)(ucontext_t *c);
static int caught;

static uint8_t *fpu_of(ucontext_t *c)
{
    return (uint8_t *)c->uc_mcontext.fpregs;
}

static void set_segments(ucontext_t *c, uint64_t cs, uint64_t ss)
{
    uint64_t old = (uint64_t)c->uc_mcontext.gregs[REG_CSGSFS];

    c->uc_mcontext.gregs[REG_CSGSFS] = (greg_t)((old & 0x0000ffffffff0000) | cs | ss << 48);
}

static uint64_t ss_of(ucontext_t *c)
{
    return (uint64_t)c->uc_mcontext.gregs[REG_CSGSFS] >> 48;
}

static uint64_t cs_of(ucontext_t *c)
{
    return (uint64_t)c->uc_mcontext.gregs[REG_CSGSFS] & 0xffff;
}

static void no_lie(ucontext_t *c)
{
    (void)c;
}

static void cs_kernel(ucontext_t *c)
{
    set_segments(c, 0x10, ss_of(c));
}

static void cs_kernel_8(ucontext_t *c)
{
    set_segments(c, 0x08, ss_of(c));
}

static void cs_null(ucontext_t *c)
{
    set_segments(c, 0, ss_of(c));
}

static void ss_kernel(ucontext_t *c)
{
    set_segments(c, cs_of(c), 0x18);
}

static void ss_code(ucontext_t *c)
{
    set_segments(c, cs_of(c), cs_of(c));
}

static void rip_not_canonical(ucontext_t *c)
{
    c->uc_mcontext.gregs[REG_RIP] = 0x0000800000000000;
}

static void rip_wild(ucontext_t *c)
{
    c->uc_mcontext.gregs[REG_RIP] = (greg_t)0xdead000000000000;
}

static void rip_kernel(ucontext_t *c)
{
    c->uc_mcontext.gregs[REG_RIP] = (greg_t)0xffffffff80100000;
}

static void rsp_not_canonical(ucontext_t *c)
{
    c->uc_mcontext.gregs[REG_RSP] = 0x0000800000000000;
}

static void rsp_kernel(ucontext_t *c)
{
    c->uc_mcontext.gregs[REG_RSP] = (greg_t)0xffffffff80101000;
}

static void flags_all(ucontext_t *c)
{
    c->uc_mcontext.gregs[REG_EFL] = (greg_t)0xfffffffffffbfaff; /* all but trap and alignment check */
}

static void flags_none(ucontext_t *c)
{
    c->uc_mcontext.gregs[REG_EFL] = 0;
}

static void mxcsr_reserved(ucontext_t *c)
{
    memset(fpu_of(c) + 24, 0xff, 4);
}

static void features_unknown(ucontext_t *c)
{
    fpu_of(c)[XSTATE_BV + 7] |= 0x40;
}

static void features_off(ucontext_t *c)
{
    fpu_of(c)[XSTATE_BV + 1] |= 0x04; /* PASID: the supervisor's */
}

static void header_compacted(ucontext_t *c)
{
    fpu_of(c)[XCOMP_BV + 7] = 0x80;
}

static void header_reserved(ucontext_t *c)
{
    fpu_of(c)[XCOMP_BV + 8] = 1;
}

static void fpu_null(ucontext_t *c)
{
    c->uc_mcontext.fpregs = NULL;
}

static void fpu_unmapped(ucontext_t *c)
{
    c->uc_mcontext.fpregs = (void *)64;
}

static void fpu_kernel(ucontext_t *c)
{
    c->uc_mcontext.fpregs = (void *)0xffffffff80100000;
}

static void fpu_wraps(ucontext_t *c)
{
    c->uc_mcontext.fpregs = (void *)-64;
}

static void magic_missing(ucontext_t *c)
{
    memset(fpu_of(c) + SOFTWARE, 0, 4);
}

static void size_huge(ucontext_t *c)
{
    memset(fpu_of(c) + SOFTWARE + 16, 0xff, 4);
}

static void size_small(ucontext_t *c)
{
    memset(fpu_of(c) + SOFTWARE + 16, 0, 4);
}

static void size_extended(ucontext_t *c)
{
    memset(fpu_of(c) + SOFTWARE + 4, 0, 4);
}

static void mask_all(ucontext_t *c)
{
    memset(&c->uc_sigmask, 0xff, 8);
}

static void stack_wild(ucontext_t *c)
{
    c->uc_stack.ss_sp = (void *)0xffffffff80100000;
    c->uc_stack.ss_size = 1 << 20;
    c->uc_stack.ss_flags = 12345;
}

static const struct {
    const char *name;
    void (*lie)(ucontext_t *c);
} lies[] = {
#define LIE(name)                                                                                                      \
    {                                                                                                                  \
#name, name                                                                                                    \
    }
    LIE(no_lie),          LIE(cs_kernel),         LIE(cs_kernel_8),      LIE(cs_null),       LIE(ss_kernel),
    LIE(ss_code),         LIE(rip_not_canonical), LIE(rip_wild),         LIE(rip_kernel),    LIE(flags_all),
    LIE(flags_none),      LIE(mxcsr_reserved),    LIE(features_unknown), LIE(features_off),  LIE(header_compacted),
    LIE(header_reserved), LIE(fpu_null),          LIE(fpu_unmapped),     LIE(fpu_kernel),    LIE(fpu_wraps),
    LIE(magic_missing),   LIE(size_huge),         LIE(size_small),       LIE(size_extended), LIE(mask_all),
    LIE(stack_wild),
};

static void on_signal(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)info;
    lie(context);
}

static void on_fault(int signal)
{
    caught = signal;
    siglongjmp(back, 1);
}

static uint64_t flags(void)
{
    uint64_t value;

    __asm__ volatile("pushfq; popq %0; cld" : "=r"(value));
    return value;
}

static void tell(const char *name, void (*what)(ucontext_t *c))
{
    volatile uint64_t after = 0;
    sigset_t none;

    lie = what;
    caught = 0;
    if (sigsetjmp(back, 1) == 0) {
        syscall(SYS_tkill, syscall(SYS_gettid), SIGUSR1);
        after = flags();
    }
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    CHECK_EQ(after & 0x3000, 0); /* IOPL */
    CHECK(caught != 0 || (after & 0x200) != 0);
    printf("%-20s %s\n", name, caught == SIGSEGV ? "SIGSEGV" : caught ? "another signal" : "goes on");
}

/* Linux lets a stack pointer be anything, and the first use of it is the fault. */
static void tell_stack(void (*what)(ucontext_t *c))
{
    lie = what;
    caught = 0;
    if (sigsetjmp(back, 1) == 0)
        syscall(SYS_tkill, syscall(SYS_gettid), SIGUSR1);
    CHECK(caught == SIGSEGV || caught == SIGBUS);
}

static void return_without_frame(uint64_t rsp)
{
    caught = 0;
    if (sigsetjmp(back, 1) == 0)
        __asm__ volatile("movq %0, %%rsp; syscall; ud2" ::"r"(rsp), "a"((long)SYS_rt_sigreturn)
                         : "rcx", "r11", "memory");
    CHECK_EQ(caught, SIGSEGV);
}

int main(void)
{
    struct sigaction action = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO },
                     fault = { .sa_handler = on_fault, .sa_flags = SA_ONSTACK };
    stack_t alternate = { .ss_sp = area, .ss_size = sizeof area };
    static const uint64_t stacks[] = {
        0, 8, 0x800000000000, 0x7fffffffeff8, 0xffffffff80100000, -8ULL, 0x7ffffffffff8
    };

    sigaltstack(&alternate, NULL);
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGSEGV, &fault, NULL);
    sigaction(SIGBUS, &fault, NULL);
    for (unsigned i = 0; i < sizeof lies / sizeof lies[0]; i++)
        tell(lies[i].name, lies[i].lie);
    tell_stack(rsp_not_canonical);
    tell_stack(rsp_kernel);
    for (unsigned i = 0; i < sizeof stacks / sizeof stacks[0]; i++)
        return_without_frame(stacks[i]);
    return check_done();
}
