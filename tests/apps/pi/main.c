/* SPDX-License-Identifier: BSD-2-Clause */
/* The area below 4 / (1 + x * x), by OpenMP's threads; every number of them gives the same to twelve digits. */
#include <omp.h>
#include <stdio.h>

#define STEPS 1000000

static double pi_by(int threads)
{
    double sum = 0;

#pragma omp parallel for reduction(+ : sum) num_threads(threads)
    for (int i = 0; i < STEPS; i++) {
        double x = (i + 0.5) / STEPS;

        sum += 4 / (1 + x * x);
    }
    return sum / STEPS;
}

int main(void)
{
    for (int threads = 1; threads <= 4; threads++)
        printf("%d: %.12f\n", threads, pi_by(threads));
    return 0;
}
