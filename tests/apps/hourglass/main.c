/* SPDX-License-Identifier: BSD-2-Clause */
/* Hourglass: looks at the TSC for a while and counts the gaps, in which somebody else had the CPU. */
#include <hermit/isle.h>
#include <stdint.h>
#include <stdio.h>

#define RUN_MS 50
#define GAP_US 10

int main(void)
{
    uint64_t mhz = get_cpufreq(), start = __builtin_ia32_rdtsc(), last = start, lost = 0, gaps = 0;

    while (last - start < mhz * 1000 * RUN_MS) {
        uint64_t now = __builtin_ia32_rdtsc();

        if (now - last > mhz * GAP_US) {
            gaps++;
            lost += now - last;
        }
        last = now;
    }
    fprintf(stderr, "%s", gaps > 1000000 ? "many gaps\n" : "");
    printf("looked for %d ms, lost %s\n", RUN_MS, lost <= last - start ? "no more than that" : "more");
    return 0;
}
