/* SPDX-License-Identifier: BSD-2-Clause */
/* The end of the process while its other threads are everywhere: in ring 3, in calls, on their way in. */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static atomic_int begun;

static void *spin(void *arg)
{
    atomic_fetch_add(&begun, 1);
    for (volatile unsigned long i = 0;; i++)
        ;
    return arg;
}

static void *call(void *arg)
{
    atomic_fetch_add(&begun, 1);
    for (;;) {
        char *p = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        *p = 1;
        munmap(p, 8192);
    }
    return arg;
}

int main(void)
{
    pthread_t thread;

    for (int i = 0; i < 6; i++)
        pthread_create(&thread, 0, i % 2 ? spin : call, 0);
    while (atomic_load(&begun) < 6)
        sched_yield();
    write(1, "ending\n", 7);
    _exit(7);
}
