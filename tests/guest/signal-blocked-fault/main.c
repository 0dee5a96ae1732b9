/* SPDX-License-Identifier: BSD-2-Clause */
#include <signal.h>
#include <stdio.h>

static void on_signal(int signal)
{
    (void)signal;
    puts("handler ran");
}

int main(void)
{
    sigset_t set;

    signal(SIGSEGV, on_signal);
    sigemptyset(&set);
    sigaddset(&set, SIGSEGV);
    sigprocmask(SIG_BLOCK, &set, NULL);
    puts("before");
    fflush(stdout);
    *(volatile int *)16 = 1;
    return 0;
}
