/* SPDX-License-Identifier: BSD-2-Clause */
/* A random call: numbers and arguments from a seed, and rules that leave out only what ends a program on Linux too, or takes away its
   own memory and console. */
#ifndef TESTS_APPS_FUZZ_CALLS_H
#define TESTS_APPS_FUZZ_CALLS_H
#define _GNU_SOURCE
#include <asm/prctl.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PAGE    4096L
#define ARENA   0x100000000000UL /* the first thread's, far from all else; each has its own */
#define PLACES  16L
#define KICK    SIGIO /* ends a wait; no mask that is offered blocks it */
#define ACTIONS 4

struct kernel_action {
    void *handler;
    unsigned long flags;
    void (*restorer)(void);
    uint64_t mask;
};

struct source {
    uint64_t state, arena;
};

struct call {
    long number;
    uint64_t arg[6];
};

/* Read-only, full of 'g', which as a set of signals leaves KICK alone. */
static char *guarded;
static struct kernel_action action[ACTIONS];

static uint64_t any(struct source *from, uint64_t below)
{
    from->state ^= from->state << 13;
    from->state ^= from->state >> 7;
    from->state ^= from->state << 17;
    return from->state % below;
}

static uint64_t any_address(struct source *from)
{
    static const uint64_t far[] = { 0x7ffffffff000,     0x800000000000,     0xffff800000000000, 0xffffffff80100000,
                                    0xfffffffffffff000, 0xffffffffffffffff, 0x8000000000000000 };

    if (any(from, 4) == 0)
        return far[any(from, sizeof far / sizeof far[0])];
    return from->arena + any(from, PLACES) * PAGE + (any(from, 2) ? 0 : any(from, PAGE));
}

/* Never 1 or 2: the console is for the result. */
static uint64_t any_argument(struct source *from)
{
    static const uint64_t odd[] = { 0,          3,     4,          5,          6,          7,     8,
                                    16,         63,    64,         255,        1024,       4095,  4096,
                                    4097,       65536, 0x7ffff000, 0x7fffffff, 0x80000000, ~0ULL, ~0ULL - 1,
                                    0xffffff9c, 0x241, 0x10000,    1ULL << 32, 1ULL << 62 };

    switch (any(from, 8)) {
    case 0:
    case 1:
    case 2:
        return any_address(from);
    case 3:
        return 3 + any(from, 20);
    case 4:
        return any(from, 1ULL << 63) * 2 + 3;
    default:
        return odd[any(from, sizeof odd / sizeof odd[0])];
    }
}

/* The ends of the program and of its thread, a frame that nobody pushed, the break, and a word that thread libraries wait for. */
static bool is_left_out(long number)
{
    return number == SYS_exit || number == SYS_exit_group || number == SYS_reboot || number == SYS_rt_sigreturn ||
           number == SYS_brk || number == SYS_set_tid_address;
}

static uint64_t any_mask(struct source *from)
{
    static const uint64_t bad[] = { 0, 8, 0x800000000000, 0xffffffff80100000 };

    return any(from, 2) ? (uint64_t)guarded : bad[any(from, sizeof bad / sizeof bad[0])];
}

/* Any but SIGKILL and those of faults: a fault is this program's own mistake. */
static uint64_t any_signal(struct source *from)
{
    static const uint64_t out = 1ULL << SIGKILL | 1ULL << SIGSEGV | 1ULL << SIGBUS | 1ULL << SIGILL | 1ULL << SIGFPE;
    uint64_t signal = any(from, 68);

    return signal < 64 && (out >> signal & 1) != 0 ? 0 : signal;
}

static void tame_signals(struct call *call, struct source *from)
{
    switch (call->number) {
    case SYS_rt_sigaction:
        call->arg[0] = any(from, 70);
        call->arg[1] = any(from, 2) || call->arg[0] == KICK ? 0
                       : any(from, 8)                       ? (uint64_t)&action[any(from, ACTIONS)]
                                                            : 8;
        call->arg[3] = 8;
        break;
    case SYS_rt_sigprocmask:
    case SYS_rt_sigsuspend:
        call->arg[call->number == SYS_rt_sigprocmask] = any_mask(from);
        call->arg[call->number == SYS_rt_sigprocmask ? 3 : 1] = 8;
        break;
    case SYS_ppoll:
        call->arg[3] = any_mask(from);
        break;
    case SYS_pselect6:
        call->arg[5] = any(from, 2) ? 0 : 0xffffffff80100000;
        break;
    case SYS_epoll_pwait:
    case SYS_epoll_pwait2:
        call->arg[4] = any_mask(from);
        break;
    case SYS_kill:
    case SYS_tkill:
    case SYS_rt_sigqueueinfo:
        call->arg[0] = any(from, 2) ? 1 : call->arg[0];
        call->arg[1] = any_signal(from);
        break;
    case SYS_tgkill:
    case SYS_rt_tgsigqueueinfo:
        call->arg[0] = call->arg[1] = 1;
        call->arg[2] = any_signal(from);
        break;
    default:
    }
}

/* Keeps a call from the program's own memory and thread-local storage. */
static void tame(struct call *call, struct source *from)
{
    long number = call->number;

    tame_signals(call, from);
    if (number == SYS_epoll_ctl)
        call->arg[1] %= 5;
    if (number == SYS_futex)
        call->arg[1] = any(from, 4) ? any(from, 16) | any(from, 4) << 7 : call->arg[1];
    if (number == SYS_close_range)
        call->arg[0] = 3 + any(from, 20);
    if (number == SYS_arch_prctl)
        call->arg[0] = any(from, 2) ? ARCH_GET_FS : ARCH_GET_GS;
    if (number == SYS_mmap || number == SYS_munmap || number == SYS_mprotect || number == SYS_mremap ||
        number == SYS_madvise) {
        call->arg[0] = any_address(from);
        call->arg[1] %= 1UL << 32;
    }
    if (number == SYS_mmap)
        call->arg[3] = (call->arg[3] & ~(uint64_t)MAP_POPULATE) | (any(from, 2) ? MAP_ANONYMOUS | MAP_PRIVATE : 0);
    if (number == SYS_mremap) {
        call->arg[2] %= 1UL << 32;
        call->arg[4] = any_address(from);
    }
    if (number == SYS_clone && any(from, 2))
        call->arg[0] = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
                       (call->arg[0] & (CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID));
}

static struct call any_call(struct source *from)
{
    struct call call;

    do {
        call.number = any(from, 50) == 0 ? (long)any_argument(from) : (long)any(from, 452);
    } while (is_left_out(call.number));
    for (int i = 0; i < 6; i++)
        call.arg[i] = any(from, 16) == 0 ? (uint64_t)guarded : any_argument(from);
    tame(&call, from);
    return call;
}

/* The call; a thread that it makes has no stack that could be used, not by a handler either, and ends at once. */
static long execute(const struct call *call)
{
    register uint64_t r10 __asm__("r10") = call->arg[3];
    register uint64_t r8 __asm__("r8") = call->arg[4];
    register uint64_t r9 __asm__("r9") = call->arg[5];
    long result = call->number;

    __asm__ volatile("syscall\n\ttestq %%rax, %%rax\n\tjnz 1f\n\tcmpq %1, %2\n\tjne 1f\n\tmovl %3, %%eax\n\tsyscall\n1:"
                     : "+&a"(result)
                     : "r"(call->number), "r"((long)SYS_clone), "i"(SYS_exit), "D"(call->arg[0]), "S"(call->arg[1]),
                       "d"(call->arg[2]), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

static long execute_alone(const struct call *call)
{
    uint64_t all = ~0ULL, old;
    long result;

    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &old, 8);
    result = execute(call);
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &old, 0, 8);
    return result;
}

#endif
