/* SPDX-License-Identifier: BSD-2-Clause */
#include <omp.h>

#include "check.h"

#define THREADS 6
#define N       10000L

static long fibonacci(int n)
{
    long a, b;

    if (n < 2)
        return n;
#pragma omp task shared(a)
    a = fibonacci(n - 1);
#pragma omp task shared(b)
    b = fibonacci(n - 2);
#pragma omp taskwait
    return a + b;
}

static long sum_of(omp_sched_t schedule, int chunk)
{
    long sum = 0;

    omp_set_schedule(schedule, chunk);
#pragma omp parallel for schedule(runtime) reduction(+ : sum)
    for (long i = 0; i < N; i++)
        sum += i;
    return sum;
}

static void check_team(void)
{
    long inside = 0, single = 0, seen = 0;
    omp_lock_t lock;

    omp_init_lock(&lock);
#pragma omp parallel
    {
#pragma omp critical
        inside++;
#pragma omp barrier
#pragma omp single
        single = inside;
        for (int i = 0; i < 1000; i++) {
            omp_set_lock(&lock);
            seen++;
            omp_unset_lock(&lock);
        }
    }
    omp_destroy_lock(&lock);
    CHECK_EQ(single, THREADS);
    CHECK_EQ(seen, THREADS * 1000);
}

int main(void)
{
    long next = 0, result = 0;

    omp_set_dynamic(0);
    omp_set_num_threads(THREADS);
    check_team();
    CHECK_EQ(sum_of(omp_sched_static, 0), N * (N - 1) / 2);
    CHECK_EQ(sum_of(omp_sched_dynamic, 7), N * (N - 1) / 2);
    CHECK_EQ(sum_of(omp_sched_guided, 3), N * (N - 1) / 2);
#pragma omp parallel for ordered schedule(dynamic, 1)
    for (long i = 0; i < 50; i++) {
#pragma omp ordered
        {
            CHECK_EQ(i, next);
            next++;
        }
    }
#pragma omp parallel
#pragma omp single
    result = fibonacci(12);
    CHECK_EQ(result, 144);
    return check_done();
}
