/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include <cpuid.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <ucontext.h>
#include <unistd.h>

#include "../check.h"

struct state {
    uint8_t ymm[16][32];
    uint8_t x87[108];
    uint32_t mxcsr;
};

static int has_avx;
static volatile int runs;
static struct state fresh;

static void load(const struct state *s)
{
    if (has_avx)
        __asm__ volatile(
            "vmovdqu (%0), %%ymm0; vmovdqu 32(%0), %%ymm1; vmovdqu 224(%0), %%ymm7; vmovdqu 480(%0), %%ymm15" ::"r"(
                s->ymm)
            : "xmm0", "xmm1", "xmm7", "xmm15");
    else
        __asm__ volatile(
            "movdqu (%0), %%xmm0; movdqu 32(%0), %%xmm1; movdqu 224(%0), %%xmm7; movdqu 480(%0), %%xmm15" ::"r"(s->ymm)
            : "xmm0", "xmm1", "xmm7", "xmm15");
    __asm__ volatile("fninit; fldl (%0); fldl 8(%0); ldmxcsr %1" ::"r"(s->x87), "m"(s->mxcsr));
}

static void store(struct state *s)
{
    if (has_avx)
        __asm__ volatile(
            "vmovdqu %%ymm0, (%0); vmovdqu %%ymm1, 32(%0); vmovdqu %%ymm7, 224(%0); vmovdqu %%ymm15, 480(%0)" ::"r"(
                s->ymm)
            : "memory");
    else
        __asm__ volatile(
            "movdqu %%xmm0, (%0); movdqu %%xmm1, 32(%0); movdqu %%xmm7, 224(%0); movdqu %%xmm15, 480(%0)" ::"r"(s->ymm)
            : "memory");
    __asm__ volatile("fstpl 8(%0); fstpl (%0); stmxcsr %1" : : "r"(s->x87), "m"(s->mxcsr) : "memory");
}

static void fill(struct state *s, uint8_t seed)
{
    double numbers[2] = { seed + 0.5, seed * 1000.25 };

    memset(s, 0, sizeof *s);
    for (int r = 0; r < 16; r++)
        for (int i = 0; i < (has_avx ? 32 : 16); i++)
            if (r < 2 || r == 7 || r == 15)
                s->ymm[r][i] = (uint8_t)(seed + r * 32 + i);
    memcpy(s->x87, numbers, sizeof numbers);
    s->mxcsr = 0x1fa0;
}

static void on_signal(int signal, siginfo_t *info, void *context)
{
    const ucontext_t *c = context;
    const uint8_t *fpu = (const uint8_t *)c->uc_mcontext.fpregs;
    uint32_t mxcsr, magic, extended, size;
    uint64_t features;
    struct state mine;

    __asm__ volatile("stmxcsr %0" : "=m"(mxcsr));
    __asm__ volatile("movdqu %%xmm7, %0" : "=m"(fresh.ymm[0]));
    CHECK_EQ(mxcsr, 0x1f80);
    CHECK(memcmp(fresh.ymm[0], fresh.ymm[1], 16) == 0);
    CHECK_EQ((uintptr_t)fpu % 64, 0);
    memcpy(&magic, fpu + 464, 4);
    memcpy(&extended, fpu + 468, 4);
    memcpy(&features, fpu + 472, 8);
    memcpy(&size, fpu + 480, 4);
    if (has_avx) {
        CHECK_EQ(magic, 0x46505853);
        CHECK_EQ(extended, size + 4);
        CHECK_EQ(features & 7, 7);
        memcpy(&magic, fpu + size, 4);
        CHECK_EQ(magic, 0x46505845);
    }
    (void)info;
    fill(&mine, (uint8_t)(100 + signal));
    mine.mxcsr = 0x1f80;
    load(&mine);
    runs++;
}

/* The registers before, across a signal, and after. */
static void check_call(void)
{
    long id = syscall(SYS_gettid), rax = SYS_tkill;
    struct state before, after;

    fill(&before, 7);
    memset(&after, 0, sizeof after);
    load(&before);
    __asm__ volatile("syscall" : "+a"(rax) : "D"(id), "S"((long)SIGUSR1) : "rcx", "r11", "memory");
    store(&after);
    CHECK_EQ(runs, 1);
    CHECK(memcmp(&before, &after, sizeof before) == 0);
}

/* The same across signals that a timer brings between any two instructions. */
static void check_timer(void)
{
    struct itimerval timer = { { 0, 2000 }, { 0, 2000 } };
    struct state before, after;

    fill(&before, 9);
    memset(&after, 0, sizeof after);
    load(&before);
    setitimer(ITIMER_REAL, &timer, NULL);
    load(&before);
    __asm__ volatile("1: cmpl $20, %0; jl 1b" ::"m"(runs) : "cc");
    store(&after);
    CHECK(memcmp(&before, &after, sizeof before) == 0);
    memset(&timer, 0, sizeof timer);
    setitimer(ITIMER_REAL, &timer, NULL);
}

int main(void)
{
    struct sigaction action = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO };
    uint32_t a, b, c, d;

    __cpuid(1, a, b, c, d);
    has_avx = (c & bit_OSXSAVE) && (c & bit_AVX);
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGALRM, &action, NULL);
    check_call();
    check_timer();
    return check_done();
}
