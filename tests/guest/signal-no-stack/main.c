/* SPDX-License-Identifier: BSD-2-Clause */
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

static void on_signal(int signal)
{
    (void)signal;
    puts("handler ran");
}

/* The stack pointer lies just above memory of the kernel when SIGUSR1 comes; SIGSEGV has a handler too, for which there is no more
   room. */
int main(void)
{
    long id = syscall(SYS_gettid);

    signal(SIGUSR1, on_signal);
    signal(SIGSEGV, on_signal);
    puts("before");
    fflush(stdout);
    __asm__ volatile("movq %0, %%rsp; syscall; ud2" ::"r"(0xffffffff80101000), "a"((long)SYS_tkill), "D"(id),
                     "S"((long)SIGUSR1)
                     : "rcx", "r11", "memory");
    return 0;
}
