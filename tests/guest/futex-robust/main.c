/* SPDX-License-Identifier: BSD-2-Clause */
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <unistd.h>

#include "check.h"

static pthread_mutex_t mutex[3];
static sem_t taken;

static void *take_and_die(void *arg)
{
    for (int i = 0; i < 3; i++)
        CHECK_EQ(pthread_mutex_lock(&mutex[i]), 0);
    sem_post(&taken);
    usleep((unsigned)(uintptr_t)arg);
    return 0;
}

int main(void)
{
    pthread_mutexattr_t attr;
    pthread_t thread;

    pthread_mutexattr_init(&attr);
    CHECK_EQ(pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST), 0);
    for (uintptr_t round = 0; round < 2; round++) {
        for (int i = 0; i < 3; i++)
            CHECK_EQ(pthread_mutex_init(&mutex[i], &attr), 0);
        /* in the second round they are held for a while, and waited for */
        CHECK_EQ(pthread_create(&thread, 0, take_and_die, (void *)(round * 50000)), 0);
        sem_wait(&taken);
        usleep(20000);
        for (int i = 0; i < 3; i++) {
            CHECK_EQ(pthread_mutex_lock(&mutex[i]), EOWNERDEAD);
            CHECK_EQ(pthread_mutex_consistent(&mutex[i]), 0);
            CHECK_EQ(pthread_mutex_unlock(&mutex[i]), 0);
            CHECK_EQ(pthread_mutex_lock(&mutex[i]), 0);
            CHECK_EQ(pthread_mutex_unlock(&mutex[i]), 0);
        }
        CHECK_EQ(pthread_join(thread, 0), 0);
    }
    return check_done();
}
