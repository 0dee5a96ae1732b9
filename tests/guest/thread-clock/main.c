/* SPDX-License-Identifier: BSD-2-Clause */
/* What one thread reads from the clock, by the vDSO or by a system call, is not less than what another one has read before, wherever
   either runs. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { THREADS = 3, READINGS = 5000 };

static _Atomic uint64_t latest;
static atomic_uint wrong;

static uint64_t read_clock(unsigned how)
{
    struct timespec now = { 0 };

    if (how % 16 == 0)
        syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
    else
        clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void *read_always(void *arg)
{
    for (unsigned i = 0; i < READINGS; i++) {
        uint64_t before = atomic_load(&latest), now = read_clock(i);

        if (now < before)
            atomic_fetch_add(&wrong, 1);
        while (before < now && !atomic_compare_exchange_weak(&latest, &before, now))
            ;
        if (i % 64 == 0)
            sched_yield();
    }
    return arg;
}

int main(void)
{
    pthread_t thread[THREADS];

    for (int i = 0; i < THREADS; i++)
        if (pthread_create(&thread[i], 0, read_always, 0))
            return 1;
    for (int i = 0; i < THREADS; i++)
        pthread_join(thread[i], 0);
    if (atomic_load(&wrong) != 0)
        printf("went back %u times\n", atomic_load(&wrong));
    else
        puts("all as it should be");
    return 0;
}
