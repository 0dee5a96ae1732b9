/* SPDX-License-Identifier: BSD-2-Clause */
/* Ends as its argument says; the host must see that very status. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static volatile int zero;

static void end_badly(const char *how)
{
    if (strcmp(how, "abort") == 0)
        abort();
    if (strcmp(how, "segv") == 0)
        *(volatile int *)16 = 1;
    if (strcmp(how, "fpe") == 0)
        zero = 7 / zero;
    if (strcmp(how, "ill") == 0)
        __builtin_trap();
    if (strcmp(how, "trap") == 0)
        __asm__ volatile("int3");
    if (strcmp(how, "term") == 0)
        raise(SIGTERM);
}

int main(int argc, char **argv)
{
    printf("before\n");
    fflush(stdout);
    end_badly(argv[argc - 1]);
    return atoi(argv[1]);
}
