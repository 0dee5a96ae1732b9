/* SPDX-License-Identifier: BSD-2-Clause */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static void *compute(void *result)
{
    unsigned x = 1;

    for (int i = 0; i < 200000000; i++)
        x = x * 1664525 + 1013904223;
    *(unsigned *)result = x;
    return result;
}

int main(void)
{
    unsigned own, other;
    pthread_t thread;

    puts("ready");
    fflush(stdout);
    if (pthread_create(&thread, 0, compute, &other))
        return 1;
    compute(&own);
    pthread_join(thread, 0);
    printf("computed %u, %u\n", own, other);
    fflush(stdout);
    sleep(3);
    puts("slept");
    return 0;
}
