/* SPDX-License-Identifier: BSD-2-Clause */
/* The same computation by one thread and by two, in turn: prints the threads and the microseconds. */
#include <omp.h>
#include <stdint.h>
#include <stdio.h>

#define ROUNDS 100
#define STEPS  5000000L

/* Seconds. */
static double run(int threads)
{
    double begin = omp_get_wtime();
    uint64_t sum = 0;

#pragma omp parallel for num_threads(threads) reduction(+ : sum)
    for (long i = 0; i < STEPS; i++) {
        uint64_t x = (uint64_t)i * 0x9e3779b97f4a7c15;

        sum += (x ^ x >> 29) * 0xbf58476d1ce4e5b9;
    }
    return sum == 1 ? 0 : omp_get_wtime() - begin;
}

int main(void)
{
    run(2);
    for (int i = 0; i < ROUNDS; i++)
        for (int threads = 1; threads <= 2; threads++)
            printf("took-%d %.0f\n", threads, run(threads) * 1e6);
    return 0;
}
