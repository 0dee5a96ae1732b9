/* SPDX-License-Identifier: BSD-2-Clause */
#include <signal.h>
#include <stdio.h>
#include <time.h>

int main(void)
{
    struct timespec moment = { 0, 1000000 };

    signal(SIGTERM, SIG_IGN);
    puts("computing");
    fflush(stdout);
    for (volatile unsigned long i = 0;; i++)
        if (i % 50000000 == 0)
            nanosleep(&moment, 0);
}
