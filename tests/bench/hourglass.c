/* SPDX-License-Identifier: BSD-2-Clause */
/* Looks at the TSC for a second, and adds up the gaps of over 10 us, in which the program did not run: in millionths of all the time. */
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#define GAP_US       10
#define CALIBRATE_US 100000
#define RUN_US       1000000

static uint64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

int main(void)
{
    uint64_t begin = now_us(), start = __builtin_ia32_rdtsc(), lost = 0, last, ticks, us;

    while ((us = now_us() - begin) < CALIBRATE_US)
        continue;
    ticks = (__builtin_ia32_rdtsc() - start) / us;
    start = last = __builtin_ia32_rdtsc();
    while (last - start < ticks * RUN_US) {
        uint64_t now = __builtin_ia32_rdtsc();

        if (now - last > ticks * GAP_US)
            lost += now - last;
        last = now;
    }
    printf("lost %lu\n", lost * 1000000 / (last - start));
    return 0;
}
