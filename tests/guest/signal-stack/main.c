/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../check.h"

#define SIZE           32768
#define AT_MINSIGSTKSZ 51

static uint8_t area[SIZE], other[SIZE];
static sigjmp_buf back;
static int where; /* on the alternate stack? */
static stack_t state;

static int is_inside(const void *address, const uint8_t *stack)
{
    return (const uint8_t *)address >= stack && (const uint8_t *)address < stack + SIZE;
}

static void on_signal(int signal)
{
    int here;

    where = is_inside(&here, area);
    CHECK_EQ(sigaltstack(NULL, &state), 0);
    if (where && signal == SIGUSR1) {
        stack_t next = { .ss_sp = other, .ss_size = SIZE };

        CHECK_ERRNO(sigaltstack(&next, NULL), EPERM);
        raise(SIGUSR2); /* on top of this one, not from the stack's top again */
        CHECK(where);
    }
}

static void set_handler(int signal, int flags)
{
    struct sigaction action = { .sa_handler = on_signal, .sa_flags = flags };

    sigaction(signal, &action, NULL);
}

static void check_errors(void)
{
    stack_t next = { .ss_sp = area, .ss_size = 1024 };

    CHECK_ERRNO(sigaltstack(&next, NULL), ENOMEM);
    next.ss_size = SIZE;
    next.ss_flags = 77;
    CHECK_ERRNO(sigaltstack(&next, NULL), EINVAL);
    CHECK_ERRNO(syscall(SYS_sigaltstack, 8, 0), EFAULT);
    CHECK_EQ(sigaltstack(NULL, &state), 0);
    CHECK_EQ(state.ss_flags, SS_DISABLE);
}

static void check_use(void)
{
    stack_t next = { .ss_sp = area, .ss_size = SIZE };

    CHECK_EQ(sigaltstack(&next, NULL), 0);
    set_handler(SIGUSR1, 0);
    set_handler(SIGUSR2, SA_ONSTACK);
    raise(SIGUSR1);
    CHECK_EQ(where, 0);
    CHECK_EQ(state.ss_flags, 0);
    set_handler(SIGUSR1, SA_ONSTACK);
    raise(SIGUSR1);
    CHECK_EQ(where, 1);
    CHECK_EQ(state.ss_flags, SS_ONSTACK);
    CHECK(state.ss_sp == area && state.ss_size == SIZE);
    sigaltstack(NULL, &state);
    CHECK_EQ(state.ss_flags, 0);
}

/* The least that auxv names is enough for a frame. */
static void check_least(void)
{
    unsigned long least = getauxval(AT_MINSIGSTKSZ);
    stack_t next = { .ss_sp = area, .ss_size = least + 1024 };

    CHECK(least > 512 && least < 8192);
    CHECK_EQ(sigaltstack(&next, NULL), 0);
    where = 0;
    set_handler(SIGUSR2, SA_ONSTACK);
    raise(SIGUSR2);
    CHECK_EQ(where, 1);
}

/* With this flag the stack is given up while a handler runs on it, and comes back with sigreturn. */
static void check_disarm(void)
{
    stack_t next = { .ss_sp = area, .ss_size = SIZE, .ss_flags = (int)(1u << 31) };

    CHECK_EQ(sigaltstack(&next, NULL), 0);
    set_handler(SIGUSR2, SA_ONSTACK);
    raise(SIGUSR2);
    CHECK_EQ(where, 1);
    CHECK_EQ(state.ss_flags, SS_DISABLE);
    sigaltstack(NULL, &state);
    CHECK(state.ss_sp == area && state.ss_size == SIZE);
}

static void on_overflow(int signal)
{
    (void)signal;
    siglongjmp(back, 1);
}

static int recurse(volatile uint8_t *before)
{
    volatile uint8_t piece[4096];

    piece[0] = before[0];
    return before[0] == 0 ? recurse(piece) + piece[0] : 0;
}

static void check_overflow(void)
{
    struct sigaction action = { .sa_handler = on_overflow, .sa_flags = SA_ONSTACK };
    stack_t next = { .ss_sp = area, .ss_size = SIZE };
    uint8_t first = 0;

    sigaltstack(&next, NULL);
    sigaction(SIGSEGV, &action, NULL);
    for (volatile int i = 0; i < 3; i++)
        if (sigsetjmp(back, 1) == 0)
            recurse(&first);
    puts("three stack overflows survived");
}

int main(void)
{
    check_errors();
    check_use();
    check_least();
    check_disarm();
    check_overflow();
    return check_done();
}
