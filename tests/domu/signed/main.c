/* SPDX-License-Identifier: BSD-2-Clause */
/* Says what it was given, and waits for the end. */
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    printf("%d argument\n", argc);
    for (int i = 1; i < argc; i++)
        puts(argv[i]);
    fflush(stdout);
    for (;;)
        pause();
}
