/* SPDX-License-Identifier: BSD-2-Clause */
/* The x87 unit keeps an unmasked exception for its next waiting instruction: system calls and other threads in between must not
   meet it. */
#include <fenv.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>

static void *divide(void *arg)
{
    volatile long double one = 1, third;

    for (int i = 0; i < 1000; i++) {
        sched_yield();
        third = one / 3;
        if (third * 3 - one > 1e-10L || third * 3 - one < -1e-10L)
            puts("another thread's exception is here");
    }
    return arg;
}

int main(void)
{
    static const uint16_t control = 0x037b; /* division by zero is unmasked */
    pthread_t thread;

    if (pthread_create(&thread, 0, divide, 0))
        return 1;
    __asm__ volatile("fldcw %0; fldz; fld1; fdivp %%st, %%st(1)" ::"m"(control) : "st");
    for (int i = 0; i < 1000; i++)
        sched_yield();
    puts("still here");
    fflush(stdout);
    __asm__ volatile("fwait");
    puts("the exception was lost");
    return 0;
}
