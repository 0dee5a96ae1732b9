/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    unsigned x = 1;

    puts("ready");
    fflush(stdout);
    for (int i = 0; i < 400000000; i++)
        x = x * 1664525 + 1013904223;
    printf("computed %u\n", x);
    fflush(stdout);
    sleep(3);
    puts("slept");
    return 0;
}
