/* SPDX-License-Identifier: BSD-2-Clause */
/* A system of equations by Jacobi's iteration, rows shared between OpenMP's threads. */
#include <stdio.h>
#include <stdlib.h>

#define SIZE  96
#define STEPS 60

static double *make_system(double *b)
{
    double *a = malloc(sizeof(double) * SIZE * SIZE);

    for (int i = 0; a && i < SIZE; i++) {
        double sum = 0;

        for (int j = 0; j < SIZE; j++) {
            a[i * SIZE + j] = i == j ? 2.0 * SIZE : (double)((i * 7 + j * 3) % 11) / 10;
            sum += a[i * SIZE + j];
        }
        b[i] = sum; /* so that all ones solve it */
    }
    return a;
}

int main(void)
{
    double x[SIZE] = { 0 }, next[SIZE], b[SIZE], *a = make_system(b), worst = 0;

    if (!a)
        return 1;
    for (int step = 0; step < STEPS; step++) {
#pragma omp parallel for num_threads(3)
        for (int i = 0; i < SIZE; i++) {
            double sum = b[i];

            for (int j = 0; j < SIZE; j++)
                sum -= i == j ? 0 : a[i * SIZE + j] * x[j];
            next[i] = sum / a[i * SIZE + i];
        }
        for (int i = 0; i < SIZE; i++)
            x[i] = next[i];
    }
    for (int i = 0; i < SIZE; i++)
        worst = x[i] - 1 > worst ? x[i] - 1 : 1 - x[i] > worst ? 1 - x[i] : worst;
    printf("%s after %d steps\n", worst < 1e-9 ? "solved" : "not solved", STEPS);
    free(a);
    return 0;
}
