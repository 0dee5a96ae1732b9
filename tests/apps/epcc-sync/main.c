/* SPDX-License-Identifier: BSD-2-Clause */
/* In the manner of EPCC's syncbench: each construct many times, with a little work in it. What counts here is that each ends and how often
   it did its work; times are measured, and only their sense is told. */
#include <omp.h>
#include <stdio.h>

#define ROUNDS 300
#define TEAM   4

static volatile double sink;
static long work_done;

static void delay(int length)
{
    double a = 0;

    for (int i = 0; i < length; i++)
        a += i;
    sink = a;
}

static void work(void)
{
    delay(20);
#pragma omp atomic
    work_done++;
}

static void parallel(void)
{
    for (int i = 0; i < ROUNDS; i++) {
#pragma omp parallel
        work();
    }
}

static void loop(void)
{
#pragma omp parallel
    for (int i = 0; i < ROUNDS; i++) {
#pragma omp for
        for (int j = 0; j < TEAM; j++)
            work();
    }
}

static void parallel_loop(void)
{
    for (int i = 0; i < ROUNDS; i++) {
#pragma omp parallel for
        for (int j = 0; j < TEAM; j++)
            work();
    }
}

static void barrier(void)
{
#pragma omp parallel
    for (int i = 0; i < ROUNDS; i++) {
        work();
#pragma omp barrier
    }
}

static void single(void)
{
#pragma omp parallel
    for (int i = 0; i < ROUNDS; i++) {
#pragma omp single
        work();
    }
}

static void critical(void)
{
#pragma omp parallel
    for (int i = 0; i < ROUNDS; i++) {
#pragma omp critical
        work();
    }
}

static void lock(void)
{
    omp_lock_t l;

    omp_init_lock(&l);
#pragma omp parallel
    for (int i = 0; i < ROUNDS; i++) {
        omp_set_lock(&l);
        work();
        omp_unset_lock(&l);
    }
    omp_destroy_lock(&l);
}

static void ordered(void)
{
#pragma omp parallel for ordered schedule(static, 1)
    for (int i = 0; i < ROUNDS; i++) {
#pragma omp ordered
        work();
    }
}

static void atomic(void)
{
    double a = 0;

#pragma omp parallel
    for (int i = 0; i < ROUNDS; i++) {
#pragma omp atomic
        a += 1;
    }
    work_done += (long)a;
}

static void reduction(void)
{
    long sum = 0;

    for (int i = 0; i < ROUNDS; i++) {
#pragma omp parallel reduction(+ : sum)
        {
            work();
            sum++;
        }
    }
    if (sum != work_done)
        printf("reduction has %ld, want %ld\n", sum, work_done);
}

int main(void)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } tests[] = { { "parallel", parallel },  { "for", loop },        { "parallel for", parallel_loop },
                  { "barrier", barrier },    { "single", single },   { "critical", critical },
                  { "lock/unlock", lock },   { "ordered", ordered }, { "atomic", atomic },
                  { "reduction", reduction } };

    omp_set_dynamic(0);
    printf("%d threads, clock ticks %s\n", omp_get_max_threads(), omp_get_wtick() > 0 ? "finely" : "not");
    for (unsigned i = 0; i < sizeof tests / sizeof tests[0]; i++) {
        double start = omp_get_wtime(), taken;

        work_done = 0;
        tests[i].run();
        taken = omp_get_wtime() - start;
        printf("%-13s %5ld times%s\n", tests[i].name, work_done, taken > 0 && taken < 60 ? "" : ", in a strange time");
    }
    return 0;
}
