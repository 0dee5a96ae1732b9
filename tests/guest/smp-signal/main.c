/* SPDX-License-Identifier: BSD-2-Clause */
/* Signals to threads that are in no call: on another CPU, where nothing but an interrupt between CPUs brings them into the kernel. */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include "check.h"

#define THREADS 3
#define ROUNDS  40

static atomic_int handled[THREADS], spins, must_stop;
static __thread int own;

static void on_signal(int signal)
{
    (void)signal;
    atomic_fetch_add(&handled[own], 1);
}

static void *spin(void *arg)
{
    own = (int)(long)arg;
    atomic_fetch_add(&spins, 1);
    while (!atomic_load_explicit(&must_stop, memory_order_relaxed))
        ;
    return 0;
}

int main(void)
{
    struct sigaction action = { .sa_handler = on_signal };
    pthread_t thread[THREADS];

    CHECK_EQ(sigaction(SIGUSR1, &action, 0), 0);
    for (long i = 0; i < THREADS; i++)
        CHECK_EQ(pthread_create(&thread[i], 0, spin, (void *)i), 0);
    while (atomic_load(&spins) < THREADS)
        usleep(1000);
    for (int round = 1; round <= ROUNDS; round++) {
        int to = round % THREADS, before = atomic_load(&handled[to]);

        CHECK_EQ(pthread_kill(thread[to], SIGUSR1), 0);
        /* This thread spins too: it does not make room for the other one. */
        while (atomic_load_explicit(&handled[to], memory_order_relaxed) == before)
            ;
    }
    atomic_store(&must_stop, 1);
    for (int i = 0; i < THREADS; i++)
        CHECK_EQ(pthread_join(thread[i], 0), 0);
    CHECK_EQ(handled[0] + handled[1] + handled[2], ROUNDS);
    return check_done();
}
