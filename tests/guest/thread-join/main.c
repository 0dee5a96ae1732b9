/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"

#define THREADS 8

static _Thread_local int own = 7;
static _Thread_local char zero[5000];
static int shared;
static long id[THREADS];
static sem_t ended;

static long thread_id(void)
{
    return syscall(SYS_gettid);
}

static void *count(void *arg)
{
    intptr_t number = (intptr_t)arg;
    char name[16];

    CHECK_EQ(own, 7);
    for (unsigned i = 0; i < sizeof zero; i++)
        CHECK_EQ(zero[i], 0);
    own += (int)number;
    memset(zero, 1, sizeof zero);
    __atomic_fetch_add(&shared, 1, __ATOMIC_SEQ_CST);
    id[number] = thread_id();
    CHECK_EQ(prctl(PR_GET_NAME, name), 0);
    CHECK(strcmp(name, "first") == 0);
    CHECK_EQ(prctl(PR_SET_NAME, "other"), 0);
    return (void *)(intptr_t)own;
}

static void check_join(void)
{
    pthread_t thread[THREADS];
    void *result;

    for (intptr_t i = 0; i < THREADS; i++)
        CHECK_EQ(pthread_create(&thread[i], 0, count, (void *)i), 0);
    for (intptr_t i = 0; i < THREADS; i++) {
        CHECK_EQ(pthread_join(thread[i], &result), 0);
        CHECK_EQ((intptr_t)result, 7 + i);
    }
    CHECK_EQ(shared, THREADS);
    CHECK_EQ(own, 7);
    CHECK_EQ(zero[100], 0);
    for (int i = 0; i < THREADS; i++) {
        CHECK(id[i] != getpid() && id[i] > 0);
        for (int j = 0; j < i; j++)
            CHECK(id[i] != id[j]);
        /* who has ended is nobody */
        CHECK_ERRNO(syscall(SYS_tgkill, getpid(), id[i], 0), ESRCH);
    }
}

static void *leave(void *arg)
{
    sem_post(&ended);
    pthread_exit(arg);
}

static void check_detached(void)
{
    pthread_attr_t attr;
    pthread_t thread;

    CHECK_EQ(sem_init(&ended, 0, 0), 0);
    pthread_attr_init(&attr);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    for (int i = 0; i < 100; i++) {
        CHECK_EQ(pthread_create(&thread, &attr, leave, 0), 0);
        sem_wait(&ended);
    }
    CHECK_EQ(pthread_create(&thread, 0, leave, 0), 0);
    CHECK_EQ(pthread_detach(thread), 0);
    sem_wait(&ended);
}

static void *run_once(void *arg)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    extern void add_one(void);

    pthread_once(&once, add_one);
    return arg;
}

void add_one(void);
void add_one(void)
{
    shared++;
}

int main(void)
{
    pthread_t thread[THREADS];
    char name[16];

    CHECK_EQ(thread_id(), getpid());
    CHECK_EQ(prctl(PR_SET_NAME, "first"), 0);
    check_join();
    check_detached();
    CHECK_EQ(prctl(PR_GET_NAME, name), 0);
    CHECK(strcmp(name, "first") == 0);
    shared = 0;
    for (int i = 0; i < THREADS; i++)
        CHECK_EQ(pthread_create(&thread[i], 0, run_once, 0), 0);
    for (int i = 0; i < THREADS; i++)
        CHECK_EQ(pthread_join(thread[i], 0), 0);
    CHECK_EQ(shared, 1);
    return check_done();
}
