/* SPDX-License-Identifier: BSD-2-Clause */
/* Three great arrays of zeroes in .bss: copied, scaled, added; only what is touched is paid. */
#include <stdio.h>

#define COUNT   (4l << 20)
#define TOUCHED (COUNT / 4)

static double a[COUNT], b[COUNT], c[COUNT];

int main(void)
{
    double sum = 0;

#pragma omp parallel for num_threads(2)
    for (long i = 0; i < TOUCHED; i++)
        a[i] = (double)i;
#pragma omp parallel for num_threads(2)
    for (long i = 0; i < TOUCHED; i++)
        c[i] = a[i];
#pragma omp parallel for num_threads(2)
    for (long i = 0; i < TOUCHED; i++)
        b[i] = 3 * c[i];
#pragma omp parallel for num_threads(2)
    for (long i = 0; i < TOUCHED; i++)
        a[i] = b[i] + 3 * c[i];
    for (long i = 0; i < TOUCHED; i++)
        sum += a[i];
    printf("%ld MiB of arrays, sum %.0f, behind it %.0f\n", (long)(sizeof a + sizeof b + sizeof c) >> 20, sum,
           a[COUNT - 1]);
    return 0;
}
