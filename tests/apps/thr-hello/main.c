/* SPDX-License-Identifier: BSD-2-Clause */
#include <pthread.h>
#include <stdio.h>

#define THREADS 5

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t turned = PTHREAD_COND_INITIALIZER;
static int turn;

static void *hello(void *arg)
{
    int number = *(int *)arg;

    pthread_mutex_lock(&lock);
    while (turn != number)
        pthread_cond_wait(&turned, &lock);
    printf("Hello from thread %d\n", number);
    turn++;
    pthread_cond_broadcast(&turned);
    pthread_mutex_unlock(&lock);
    return arg;
}

int main(void)
{
    pthread_t thread[THREADS];
    int number[THREADS];

    for (int i = THREADS - 1; i >= 0; i--) {
        number[i] = i;
        if (pthread_create(&thread[i], NULL, hello, &number[i]) != 0)
            return 1;
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(thread[i], NULL);
    return 0;
}
