/* SPDX-License-Identifier: BSD-2-Clause */
/* RCCE with one unit of execution, and its lock between threads: the program declares what it uses, as HermitCore's do. */
#include <hermit/syscall.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define THREADS 4
#define ROUNDS  500

struct ticket_lock {
    int32_t queue, dequeue;
};
extern struct ticket_lock rcce_lock;
extern int isle_id(void);

static volatile long counter;

static void *count(void *arg)
{
    for (int i = 0; i < ROUNDS; i++) {
        int32_t ticket = __atomic_add_fetch(&rcce_lock.queue, 1, __ATOMIC_SEQ_CST);

        while (__atomic_load_n(&rcce_lock.dequeue, __ATOMIC_SEQ_CST) != ticket)
            sys_yield();
        counter = counter + 1;
        __atomic_add_fetch(&rcce_lock.dequeue, 1, __ATOMIC_SEQ_CST);
    }
    return arg;
}

int main(void)
{
    pthread_t thread[THREADS];
    char *buffer;

    printf("unit %d of 1, lock %d %d\n", isle_id(), rcce_lock.queue, rcce_lock.dequeue);
    printf("no session: %d\n", sys_rcce_init(0));
    printf("init %d\n", sys_rcce_init(7));
    printf("another: %d, %d\n", sys_rcce_init(8), sys_rcce_fini(8));
    buffer = (char *)sys_rcce_malloc(7, 0);
    printf("buffer %s, of others %d %d\n", buffer ? "there" : "missing", sys_rcce_malloc(7, 1) != 0,
           sys_rcce_malloc(8, 0) != 0);
    if (!buffer)
        return 1;
    strcpy(buffer + 4096, "message");
    printf("%s, aligned to %d\n", buffer + 4096, (size_t)buffer % 4096 == 0);
    for (int i = 0; i < THREADS; i++)
        pthread_create(&thread[i], NULL, count, NULL);
    for (int i = 0; i < THREADS; i++)
        pthread_join(thread[i], NULL);
    printf("counted %ld, lock %d %d\n", counter, rcce_lock.queue, rcce_lock.dequeue);
    printf("fini %d, buffer %d\n", sys_rcce_fini(7), sys_rcce_malloc(7, 0) != 0);
    return 0;
}
