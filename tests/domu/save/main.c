/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    puts("waiting");
    fflush(stdout);
    getchar();
    puts("still here");
    fflush(stdout);
    for (;;)
        pause();
}
