/* SPDX-License-Identifier: BSD-2-Clause */
/* In the manner of EPCC's schedbench and arraybench: loops of every schedule and chunk, and arrays that each thread has for itself. */
#include <omp.h>
#include <stdio.h>
#include <string.h>

#define COUNT 1024
#define WORDS 6561 /* the largest of arraybench that fits a thread's stack by far: 3 to the 8th */

static int seen[COUNT];
static double mine[WORDS];
#pragma omp threadprivate(mine)

static void loop(const char *name, omp_sched_t kind, int chunk)
{
    int once = 0;

    memset(seen, 0, sizeof seen);
    omp_set_schedule(kind, chunk);
#pragma omp parallel for schedule(runtime)
    for (int i = 0; i < COUNT; i++)
        seen[i]++;
    for (int i = 0; i < COUNT; i++)
        once += seen[i] == 1;
    printf("%-8s %4d: %d of %d once\n", name, chunk, once, COUNT);
}

static void arrays(void)
{
    double array[WORDS], sum = 0;

    for (int i = 0; i < WORDS; i++)
        array[i] = i;
#pragma omp parallel private(array) reduction(+ : sum)
    {
        array[WORDS - 1] = omp_get_thread_num();
        sum += array[WORDS - 1];
    }
    printf("private       %.0f\n", sum);
#pragma omp parallel firstprivate(array) reduction(+ : sum)
    sum += array[WORDS - 1] + array[1];
    printf("firstprivate  %.0f\n", sum);
    mine[7] = 3;
#pragma omp parallel copyin(mine) reduction(+ : sum)
    sum += mine[7];
    printf("copyin        %.0f\n", sum);
#pragma omp parallel reduction(+ : array)
    for (int i = 0; i < WORDS; i++)
        array[i] += 1;
    printf("array         %.0f\n", array[WORDS - 1]);
}

int main(void)
{
    printf("%d threads\n", omp_get_max_threads());
    for (int chunk = 1; chunk <= COUNT / 4; chunk *= 4) {
        loop("static", omp_sched_static, chunk);
        loop("dynamic", omp_sched_dynamic, chunk);
        loop("guided", omp_sched_guided, chunk);
    }
    arrays();
    return 0;
}
