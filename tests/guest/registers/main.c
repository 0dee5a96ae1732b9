/* SPDX-License-Identifier: BSD-2-Clause */
/* Every register holds a value of its own over a call: only rax, rcx and r11 may differ afterwards, rcx and r11 being the
   address behind the call and the flags. Vector registers survive a sleep with interrupts and a page fault. */
#define _GNU_SOURCE
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>

#include "check.h"

struct registers {
    uint64_t rbx, rdx, rsi, rdi, r8, r9, r10, r12, r13, r14, r15, rcx, r11, after;
};

static void call(long number, struct registers *out)
{
    register struct registers *where __asm__("rbp") = out;

    __asm__ volatile(
        "movq $0x101, %%rbx; movq $0x102, %%rdx; movq $0x103, %%rsi; movq $0x104, %%rdi; movq $0x105, %%r8;"
        "movq $0x106, %%r9; movq $0x107, %%r10; movq $0x108, %%r12; movq $0x109, %%r13; movq $0x10a, %%r14;"
        "movq $0x10b, %%r15; syscall; 1: movq %%rbx, (%1); movq %%rdx, 8(%1); movq %%rsi, 16(%1);"
        "movq %%rdi, 24(%1); movq %%r8, 32(%1); movq %%r9, 40(%1); movq %%r10, 48(%1); movq %%r12, 56(%1);"
        "movq %%r13, 64(%1); movq %%r14, 72(%1); movq %%r15, 80(%1); movq %%rcx, 88(%1); movq %%r11, 96(%1);"
        "leaq 1b(%%rip), %%rax; movq %%rax, 104(%1)"
        : "+a"(number)
        : "r"(where)
        : "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "memory");
}

static void check_call(long number)
{
    struct registers r;
    const uint64_t *word = &r.rbx;

    call(number, &r);
    for (unsigned i = 0; i < 11; i++)
        CHECK_EQ(word[i], 0x101 + i);
    CHECK_EQ(r.rcx, r.after);
    CHECK(r.r11 & 0x200);
}

static void check_vectors(void)
{
    static const uint64_t in[4] = { 0x1111, 0x2222, 0x3333, 0x4444 };
    struct timespec wait = { 0, 5000000 };
    char *fresh = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    uint64_t out[4];
    long result = SYS_nanosleep;

    __asm__ volatile("movups (%1), %%xmm0; movups 16(%1), %%xmm15; syscall; movb $1, (%2);"
                     "movups %%xmm0, (%3); movups %%xmm15, 16(%3)"
                     : "+a"(result)
                     : "r"(in), "r"(fresh), "r"(out), "D"(&wait), "S"(NULL)
                     : "rcx", "r11", "xmm0", "xmm15", "memory");
    CHECK_EQ(result, 0);
    CHECK(memcmp(in, out, sizeof in) == 0);
}

int main(void)
{
    check_call(SYS_getpid);
    check_call(SYS_close);
    check_call(SYS_mprotect);
    check_call(SYS_fstat);
    check_call(9999);
    check_vectors();
    return check_done();
}
