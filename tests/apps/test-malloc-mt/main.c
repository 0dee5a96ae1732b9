/* SPDX-License-Identifier: BSD-2-Clause */
/* Each thread has blocks of its own and marks them with its number. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define THREADS 8
#define BLOCKS  100

static void *work(void *arg)
{
    unsigned char *block[BLOCKS];
    uintptr_t wrong = 0;

    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < BLOCKS; i++) {
            block[i] = malloc(1 + (size_t)(i * round * 13) % 5000);
            memset(block[i], (int)(uintptr_t)arg, 1 + (size_t)(i * round * 13) % 5000);
        }
        for (int i = 0; i < BLOCKS; i++) {
            wrong += block[i][0] != (unsigned char)(uintptr_t)arg;
            free(block[i]);
        }
    }
    return (void *)wrong;
}

int main(void)
{
    pthread_t thread[THREADS];
    uintptr_t wrong = 0;

    for (uintptr_t i = 0; i < THREADS; i++)
        if (pthread_create(&thread[i], NULL, work, (void *)(i + 1)) != 0)
            return 2;
    for (int i = 0; i < THREADS; i++) {
        void *result;

        pthread_join(thread[i], &result);
        wrong += (uintptr_t)result;
    }
    printf("%lu wrong in %d threads\n", (unsigned long)wrong, THREADS);
    return wrong != 0;
}
