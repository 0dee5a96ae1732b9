/* SPDX-License-Identifier: BSD-2-Clause */
/* Says more and more; ends with 7 after five seconds, whoever hears it. */
#include <stdio.h>
#include <time.h>
#include <unistd.h>

int main(void)
{
    struct timespec step = { 0, 10000000 };

    puts("ready");
    fflush(stdout);
    for (int i = 0; i < 500; i++) {
        printf("line %d\n", i);
        fflush(stdout);
        nanosleep(&step, 0);
    }
    puts("the end");
    return 7;
}
