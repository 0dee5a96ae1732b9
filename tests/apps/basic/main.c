/* SPDX-License-Identifier: BSD-2-Clause */
/* What single operations take in cycles, as HermitCore's own measures it: by the TSC, against get_cpufreq. The figures differ from
   machine to machine; that they are there, and that the two clocks agree roughly, does not. */
#include <hermit/isle.h>
#include <hermit/syscall.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define LOOPS 1000

static void *volatile kept;
static char pages[LOOPS * 4096];

static uint64_t cycles(void)
{
    return __builtin_ia32_rdtsc();
}

#define MEASURE(name, operation)                                                                                       \
    do {                                                                                                               \
        uint64_t start = cycles();                                                                                     \
        for (long i = 0; i < LOOPS; i++)                                                                               \
            operation;                                                                                                 \
        printf("%s: %s\n", name, cycles() - start > LOOPS ? "measured" : "too little");                                \
    } while (0)

int main(void)
{
    struct timespec start, end;
    uint64_t tsc;
    double ns, by_tsc;

    printf("frequency %s\n", get_cpufreq() > 100 && get_cpufreq() < 10000 ? "known" : "wild");
    MEASURE("getpid", (void)sys_getpid());
    MEASURE("yield", sys_yield());
    MEASURE("malloc", free(kept = malloc(1024)));
    MEASURE("page", *(volatile char *)&pages[i * 4096] = 1);
    clock_gettime(CLOCK_MONOTONIC, &start);
    tsc = cycles();
    usleep(100000);
    by_tsc = (double)(cycles() - tsc) * 1000 / get_cpufreq();
    clock_gettime(CLOCK_MONOTONIC, &end);
    ns = (double)(end.tv_sec - start.tv_sec) * 1e9 + (double)(end.tv_nsec - start.tv_nsec);
    printf("clocks %s\n", by_tsc > 0.5 * ns && by_tsc < 2 * ns ? "agree" : "differ");
    return 0;
}
