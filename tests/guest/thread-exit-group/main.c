/* SPDX-License-Identifier: BSD-2-Clause */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static volatile int never;

static void *compute(void *arg)
{
    while (!never)
        ;
    return arg;
}

static void *wait_for_ever(void *arg)
{
    pthread_mutex_lock(&mutex);
    puts("got what nobody gave");
    return arg;
}

static void *end(void *arg)
{
    usleep(20000);
    puts("ending");
    fflush(stdout);
    _exit(7);
    return arg;
}

int main(void)
{
    pthread_t thread;

    pthread_mutex_lock(&mutex);
    if (pthread_create(&thread, 0, compute, 0) || pthread_create(&thread, 0, wait_for_ever, 0) ||
        pthread_create(&thread, 0, end, 0))
        return 1;
    sleep(100);
    return 2;
}
