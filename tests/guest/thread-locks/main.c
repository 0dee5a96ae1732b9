/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdint.h>

#include "check.h"

#define THREADS 6
#define ROUNDS  3000

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t barrier;
static sem_t room, filled;
static long sum, turn, pair[2], wrong, belt[4], taken;

static void *run_mutex(void *arg)
{
    for (int i = 0; i < ROUNDS; i++) {
        pthread_mutex_lock(&mutex);
        long before = sum;
        if (i % 16 == 0)
            sched_yield(); /* somebody else wants it now */
        sum = before + 1;
        pthread_mutex_unlock(&mutex);
    }
    return arg;
}

/* Each in turn: all wait for one condition, and each change wakes all. */
static void *run_turns(void *arg)
{
    for (int i = 0; i < ROUNDS / 10; i++) {
        pthread_mutex_lock(&mutex);
        while (turn % THREADS != (intptr_t)arg)
            pthread_cond_wait(&changed, &mutex);
        turn++;
        pthread_cond_broadcast(&changed);
        pthread_mutex_unlock(&mutex);
    }
    return arg;
}

static void *run_barrier(void *arg)
{
    for (int i = 0; i < ROUNDS / 10; i++) {
        __atomic_fetch_add(&sum, 1, __ATOMIC_SEQ_CST);
        pthread_barrier_wait(&barrier);
        if (__atomic_load_n(&sum, __ATOMIC_SEQ_CST) != THREADS * (i + 1))
            wrong++;
        pthread_barrier_wait(&barrier);
    }
    return arg;
}

static void *run_rwlock(void *arg)
{
    for (int i = 0; i < ROUNDS; i++) {
        if ((intptr_t)arg == 0) {
            pthread_rwlock_wrlock(&rwlock);
            pair[0]++;
            sched_yield();
            pair[1]++;
        } else {
            pthread_rwlock_rdlock(&rwlock);
            wrong += pair[0] != pair[1];
        }
        pthread_rwlock_unlock(&rwlock);
    }
    return arg;
}

/* Half of the threads put numbers on a belt with four places, the others take them. */
static void *run_belt(void *arg)
{
    static long in, out;

    for (int i = 0; i < ROUNDS; i++) {
        if ((intptr_t)arg % 2 == 0) {
            sem_wait(&room);
            pthread_mutex_lock(&mutex);
            belt[in++ % 4] = i;
            pthread_mutex_unlock(&mutex);
            sem_post(&filled);
        } else {
            sem_wait(&filled);
            pthread_mutex_lock(&mutex);
            taken += belt[out++ % 4];
            pthread_mutex_unlock(&mutex);
            sem_post(&room);
        }
    }
    return arg;
}

static void run(void *(*body)(void *))
{
    pthread_t thread[THREADS];

    for (intptr_t i = 0; i < THREADS; i++)
        CHECK_EQ(pthread_create(&thread[i], 0, body, (void *)i), 0);
    for (int i = 0; i < THREADS; i++)
        CHECK_EQ(pthread_join(thread[i], 0), 0);
}

int main(void)
{
    run(run_mutex);
    CHECK_EQ(sum, THREADS * ROUNDS);
    run(run_turns);
    CHECK_EQ(turn, THREADS * (ROUNDS / 10));
    sum = 0;
    pthread_barrier_init(&barrier, 0, THREADS);
    run(run_barrier);
    run(run_rwlock);
    CHECK_EQ(pair[0], ROUNDS);
    CHECK_EQ(wrong, 0);
    sem_init(&room, 0, 4);
    sem_init(&filled, 0, 0);
    run(run_belt);
    CHECK_EQ(taken, THREADS / 2 * (ROUNDS * (ROUNDS - 1L) / 2));
    return check_done();
}
