/* SPDX-License-Identifier: BSD-2-Clause */
/* 10 MiB into a console that nobody reads: how long did the writes take in all, and those that waited, which are of 100 ms and
   more? */
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static double seconds(clockid_t which)
{
    struct timespec now;

    clock_gettime(which, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(void)
{
    static char text[65536];
    double start, all = 0, lost = 0;

    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = i % 64 == 63 ? '\n' : 'x';
    puts("ready");
    fflush(stdout);
    getchar();
    sleep(2);
    for (int i = 0; i < 160; i++) {
        double took;

        start = seconds(CLOCK_MONOTONIC);
        if (write(1, text, sizeof(text)) != sizeof(text))
            return 1;
        took = seconds(CLOCK_MONOTONIC) - start;
        all += took;
        if (took > 0.1)
            lost += took;
    }
    sleep(4);
    printf("\n%s (%.0f ms)\nall writes: %.0f ms\nback again\n",
           lost < 1 ? "held up less than a second" : "held up too long", lost * 1000, all * 1000);
    return 0;
}
