/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include <pthread.h>
#include <sys/sysinfo.h>

#include "check.h"

#define LIMIT 512

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int begun, may_end;

static void *stay(void *arg)
{
    pthread_mutex_lock(&mutex);
    begun++;
    pthread_cond_broadcast(&changed);
    while (!may_end)
        pthread_cond_wait(&changed, &mutex);
    pthread_mutex_unlock(&mutex);
    return arg;
}

static void *pass(void *arg)
{
    return arg;
}

static unsigned long free_memory(void)
{
    struct sysinfo info;

    CHECK_EQ(sysinfo(&info), 0);
    return info.freeram * info.mem_unit;
}

/* All that there can be besides the first, and then too many. */
static void fill(void)
{
    static pthread_t thread[LIMIT];
    pthread_t more;
    int made = 0, refused = 0;

    begun = may_end = 0;
    for (int i = 0; i < LIMIT - 1; i++)
        made += pthread_create(&thread[i], 0, stay, 0) == 0;
    CHECK_EQ(made, LIMIT - 1);
    for (int i = 0; i < 10000; i++)
        refused += pthread_create(&more, 0, pass, 0) == EAGAIN;
    CHECK_EQ(refused, 10000);
    pthread_mutex_lock(&mutex);
    while (begun < made)
        pthread_cond_wait(&changed, &mutex);
    may_end = 1;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
    for (int i = 0; i < made; i++)
        CHECK_EQ(pthread_join(thread[i], 0), 0);
}

int main(void)
{
    unsigned long before;
    pthread_t thread;

    fill();
    before = free_memory();
    fill();
    for (int i = 0; i < 10000; i++) {
        CHECK_EQ(pthread_create(&thread, 0, pass, 0), 0);
        CHECK_EQ(pthread_join(thread, 0), 0);
    }
    CHECK(free_memory() + 65536 >= before);
    return check_done();
}
