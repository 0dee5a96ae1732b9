/* SPDX-License-Identifier: BSD-2-Clause */
#include <fenv.h>
#include <pthread.h>
#include <stdint.h>
#include <time.h>

#include "check.h"

#define THREADS 4

static int stop;
static long progress[THREADS];
static int wrong;

static void pause_ms(long ms)
{
    struct timespec time = { 0, ms * 1000000 };

    CHECK_EQ(nanosleep(&time, 0), 0);
}

/* Each thread has a rounding mode of its own and sums that stay in vector registers; there is no call in the loop. */
static void *compute(void *arg)
{
    static const int modes[THREADS] = { FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO };
    intptr_t number = (intptr_t)arg;
    double last = 0;

    fesetround(modes[number]);
    while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
        double sum = 0, third = 3;

        __asm__ volatile("" : "+x"(third));
        for (int i = 0; i < 1000; i++)
            sum += 1 / third;
        __asm__ volatile("" : "+x"(sum));
        if (progress[number] > 0 && sum != last)
            __atomic_store_n(&wrong, 1, __ATOMIC_RELAXED);
        last = sum;
        __atomic_fetch_add(&progress[number], 1, __ATOMIC_RELAXED);
    }
    if (fegetround() != modes[number])
        wrong = 2;
    return 0;
}

int main(void)
{
    pthread_t thread[THREADS];

    for (intptr_t i = 0; i < THREADS; i++)
        CHECK_EQ(pthread_create(&thread[i], 0, compute, (void *)i), 0);
    for (int round = 0; round < 3; round++) {
        long before[THREADS];

        for (int i = 0; i < THREADS; i++)
            before[i] = __atomic_load_n(&progress[i], __ATOMIC_RELAXED);
        /* A host with other work may need longer than a share of time for each. */
        for (int i = 0, pauses = 0; i < THREADS && pauses < 100; pauses++) {
            pause_ms(200);
            while (i < THREADS && __atomic_load_n(&progress[i], __ATOMIC_RELAXED) > before[i])
                i++;
        }
        for (int i = 0; i < THREADS; i++)
            CHECK(__atomic_load_n(&progress[i], __ATOMIC_RELAXED) > before[i]);
    }
    __atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
    for (int i = 0; i < THREADS; i++)
        CHECK_EQ(pthread_join(thread[i], 0), 0);
    CHECK_EQ(wrong, 0);
    return check_done();
}
