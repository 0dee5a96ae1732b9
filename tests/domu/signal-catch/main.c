/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static volatile sig_atomic_t last;

static void on_signal(int signal)
{
    last = signal;
}

static void compute_until(int signal)
{
    while (last != signal)
        ;
    last = 0;
}

int main(void)
{
    struct sigaction action = { .sa_handler = on_signal };
    char byte;

    setvbuf(stdout, NULL, _IONBF, 0);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    puts("computing");
    compute_until(SIGINT);
    puts("SIGINT in the loop");
    if (read(0, &byte, 1) != -1 || errno != EINTR || last != SIGINT)
        puts("not reached");
    puts("SIGINT in a read");
    compute_until(SIGTERM);
    puts("SIGTERM in the loop");
    return 7;
}
