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

static char order[64];
static siginfo_t seen;
static sigjmp_buf back;
static volatile int flag;

static void note(int signal)
{
    size_t n = strlen(order);

    order[n] = (char)('A' + signal - SIGUSR1);
    order[n + 1] = 0;
}

static void set_action(int signal, void (*handler)(int, siginfo_t *, void *), int flags, int blocked)
{
    struct sigaction action = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO | flags };

    if (blocked)
        sigaddset(&action.sa_mask, blocked);
    CHECK_EQ(sigaction(signal, &action, NULL), 0);
}

static void on_signal(int signal, siginfo_t *info, void *context)
{
    note(signal);
    seen = *info;
    CHECK_EQ(signal, info->si_signo);
    CHECK_EQ((uintptr_t)context % 8, 0);
    CHECK_EQ((uintptr_t)__builtin_frame_address(0) % 16, 0);
}

static void check_information(void)
{
    union sigval value = { .sival_int = 4711 };

    set_action(SIGUSR1, on_signal, 0, 0);
    CHECK_EQ(kill(getpid(), SIGUSR1), 0);
    CHECK_EQ(seen.si_code, SI_USER);
    CHECK_EQ(seen.si_pid, getpid());
    CHECK_EQ(seen.si_uid, getuid());
    CHECK_EQ(raise(SIGUSR1), 0);
    CHECK_EQ(seen.si_code, SI_TKILL);
    CHECK_EQ(seen.si_pid, getpid());
    set_action(SIGRTMIN + 3, on_signal, 0, 0);
    CHECK_EQ(sigqueue(getpid(), SIGRTMIN + 3, value), 0);
    CHECK_EQ(seen.si_code, SI_QUEUE);
    CHECK_EQ(seen.si_value.sival_int, 4711);
    order[0] = 0;
}

/* While SIGUSR1 is handled, SIGUSR2 waits if it is in the mask, and otherwise comes in between. */
static void on_outer(int signal, siginfo_t *info, void *context)
{
    (void)info;
    (void)context;
    note(signal);
    raise(SIGUSR2);
    note(signal);
}

static void check_nesting(void)
{
    raise(SIGWINCH); /* ignored unless it is caught */
    set_action(SIGUSR2, on_signal, 0, 0);
    set_action(SIGUSR1, on_outer, 0, 0);
    order[0] = 0;
    raise(SIGUSR1);
    set_action(SIGUSR1, on_outer, 0, SIGUSR2);
    raise(SIGUSR1);
    printf("nested %s\n", order);
}

static volatile int depth, deepest, runs;

static void on_nested(int signal, siginfo_t *info, void *context)
{
    (void)info;
    (void)context;
    if (++depth > deepest)
        deepest = depth;
    if (++runs < 3)
        raise(signal);
    depth--;
}

static void check_masks(void)
{
    sigset_t set, old;

    /* SIGUSR2 between the two notes of SIGUSR1's handler, or behind both when it is masked there. */
    set_action(SIGUSR2, on_signal, 0, 0);
    set_action(SIGUSR1, on_signal, 0, 0);
    order[0] = 0;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGUSR2);
    sigprocmask(SIG_BLOCK, &set, &old);
    raise(SIGUSR2);
    raise(SIGUSR1);
    raise(SIGUSR1);
    CHECK_EQ(strlen(order), 0);
    sigpending(&set);
    CHECK(sigismember(&set, SIGUSR1) && sigismember(&set, SIGUSR2) && !sigismember(&set, SIGTERM));
    sigprocmask(SIG_SETMASK, &old, NULL);
    sigpending(&set);
    CHECK(!sigismember(&set, SIGUSR1) && !sigismember(&set, SIGUSR2));
    /* Both frames are made at once, so the last of them runs first: SIGUSR1 is once. */
    printf("order %s\n", order);
    set_action(SIGUSR1, on_nested, 0, 0);
    depth = deepest = runs = 0;
    raise(SIGUSR1);
    printf("deferred: %d deep\n", deepest);
    signal(SIGUSR1, SIG_IGN);
    set_action(SIGUSR1, on_nested, SA_NODEFER, 0);
    depth = deepest = runs = 0;
    raise(SIGUSR1);
    printf("not deferred: %d deep\n", deepest);
}

static void check_queue(void)
{
    sigset_t set, old;
    union sigval value;

    set_action(SIGRTMIN + 1, on_signal, 0, 0);
    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN + 1);
    sigprocmask(SIG_BLOCK, &set, &old);
    for (value.sival_int = 1; value.sival_int < 4; value.sival_int++)
        CHECK_EQ(sigqueue(getpid(), SIGRTMIN + 1, value), 0);
    for (int i = 1; i < 4; i++) {
        CHECK_EQ(sigwaitinfo(&set, &seen), SIGRTMIN + 1);
        CHECK_EQ(seen.si_value.sival_int, i);
    }
    sigprocmask(SIG_SETMASK, &old, NULL);
}

static void check_once(void)
{
    struct sigaction now;

    set_action(SIGUSR1, on_signal, SA_RESETHAND, 0);
    order[0] = 0;
    raise(SIGUSR1);
    CHECK_EQ(strlen(order), 1);
    sigaction(SIGUSR1, NULL, &now);
    CHECK(now.sa_handler == SIG_DFL);
    signal(SIGUSR1, SIG_IGN);
    raise(SIGUSR1);
    CHECK_EQ(strlen(order), 1);
}

static void on_jump(int signal, siginfo_t *info, void *context)
{
    (void)info;
    (void)context;
    siglongjmp(back, signal);
}

static void check_jump(void)
{
    sigset_t set;

    set_action(SIGUSR1, on_jump, 0, 0);
    for (volatile int i = 0; i < 3; i++) {
        int got = sigsetjmp(back, 1);

        if (got == 0)
            raise(SIGUSR1);
        CHECK_EQ(got == 0 ? SIGUSR1 : got, SIGUSR1);
        sigprocmask(SIG_SETMASK, NULL, &set);
        CHECK(!sigismember(&set, SIGUSR1));
    }
}

/* A handler may change what it goes back to: every register is taken from its context. */
static void on_change(int signal, siginfo_t *info, void *context)
{
    ucontext_t *c = context;

    (void)signal;
    (void)info;
    c->uc_mcontext.gregs[REG_RBX] = 0x1122334455667788;
    c->uc_mcontext.gregs[REG_R11] = 0x55;
    c->uc_mcontext.gregs[REG_RCX] = 0x66;
    c->uc_mcontext.gregs[REG_RAX] += 1000;
    flag = 1;
}

static void check_context(void)
{
    long rbx = 1, r11, rcx, rax = SYS_tkill;

    set_action(SIGUSR1, on_change, 0, 0);
    __asm__ volatile("syscall; movq %%r11, %0"
                     : "=&r"(r11), "=&c"(rcx), "+a"(rax), "+b"(rbx)
                     : "D"(syscall(SYS_gettid)), "S"((long)SIGUSR1)
                     : "r11", "memory");
    CHECK_EQ(flag, 1);
    CHECK_EQ(rbx, 0x1122334455667788);
    CHECK_EQ(r11, 0x55);
    CHECK_EQ(rcx, 0x66);
    CHECK_EQ(rax, 1000);
}

int main(void)
{
    check_information();
    check_nesting();
    check_masks();
    check_queue();
    check_once();
    check_jump();
    check_context();
    return check_done();
}
