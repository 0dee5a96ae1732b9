/* SPDX-License-Identifier: BSD-2-Clause */
/* What single operations cost. Each is a loop between two markers (count.c) and is named on stdout afterwards: its number,
   its iterations, its name. The loop's own three instructions are part of the figure, as they are of the figures of others. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <hermit/isle.h>
#include <hermit/syscall.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define PAGE    4096L
#define LOOPS   10000L
#define TOUCH   4096L
#define PAGES   4L
#define THREADS 500L

/* nopl 0x4d4b0000+m(%rax,%rax,1) */
#define MARK(m) __asm__ volatile(".byte 0x0f, 0x1f, 0x84, 0x00; .long %c0" ::"i"(0x4d4b0000 | (m)) : "memory")

#define MEASURE(number, name, loops, operation)                                                                        \
    do {                                                                                                               \
        MARK(2 * (number));                                                                                            \
        for (long i = 0; i < (loops); i++)                                                                             \
            operation;                                                                                                 \
        MARK(2 * (number) + 1);                                                                                        \
        printf("%d %ld %s\n", number, (long)(loops), name);                                                            \
    } while (0)

static char *map(long pages)
{
    char *p = mmap(0, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (p == MAP_FAILED)
        exit(1);
    return p;
}

static void map_and_touch(void)
{
    volatile char *p = map(PAGES);

    for (long i = 0; i < PAGES; i++)
        p[i * PAGE] = 1;
    munmap((void *)p, PAGES * PAGE);
}

static volatile bool stop;
static uint32_t ping, pong;
static int to[2], back[2];

static void *yield_until_stop(void *arg)
{
    while (!stop)
        sched_yield();
    return arg;
}

static void futex_give(uint32_t *word)
{
    __atomic_store_n(word, 1, __ATOMIC_RELEASE);
    syscall(SYS_futex, word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, 0, 0, 0);
}

static void futex_take(uint32_t *word)
{
    while (!__atomic_exchange_n(word, 0, __ATOMIC_ACQ_REL))
        syscall(SYS_futex, word, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 0, 0, 0, 0);
}

static void *answer_futex(void *arg)
{
    for (long i = 0; i < LOOPS; i++) {
        futex_take(&ping);
        futex_give(&pong);
    }
    return arg;
}

static void ask_futex(void)
{
    futex_give(&ping);
    futex_take(&pong);
}

static void *answer_pipe(void *arg)
{
    char byte;

    for (long i = 0; i < LOOPS; i++)
        if (read(to[0], &byte, 1) != 1 || write(back[1], &byte, 1) != 1)
            exit(1);
    return arg;
}

static void ask_pipe(void)
{
    char byte = 0;

    if (write(to[1], &byte, 1) != 1 || read(back[0], &byte, 1) != 1)
        exit(1);
}

static pthread_t begin(void *(*body)(void *))
{
    pthread_t thread;

    if (pthread_create(&thread, 0, body, 0) != 0)
        exit(1);
    return thread;
}

static void measure_threads(void)
{
    pthread_t thread = begin(yield_until_stop);

    sched_yield();
    MEASURE(10, "sched_yield, 2 threads", LOOPS, sched_yield());
    stop = true;
    pthread_join(thread, 0);
    thread = begin(answer_futex);
    MEASURE(11, "futex round trip", LOOPS, ask_futex());
    pthread_join(thread, 0);
    if (pipe(to) != 0 || pipe(back) != 0)
        exit(1);
    thread = begin(answer_pipe);
    MEASURE(12, "pipe round trip", LOOPS, ask_pipe());
    pthread_join(thread, 0);
    MEASURE(13, "thread create + join", THREADS, pthread_join(begin(yield_until_stop), 0));
}

int main(void)
{
    int null = open("/dev/null", O_WRONLY);
    volatile char *fresh = map(TOUCH);
    struct timespec now;

    if (null < 0)
        return 1;
    MEASURE(0, "empty loop", LOOPS, __asm__ volatile("" ::"r"(i)));
    MEASURE(1, "getpid", LOOPS, syscall(SYS_getpid));
    MEASURE(14, "sys_getpid of hermit/", LOOPS, sys_getpid());
    MEASURE(15, "get_cpufreq of hermit/", LOOPS, get_cpufreq());
    MEASURE(2, "unknown system call", LOOPS, syscall(999));
    MEASURE(3, "clock_gettime", LOOPS, clock_gettime(CLOCK_MONOTONIC, &now));
    MEASURE(4, "sched_yield, 1 thread", LOOPS, sched_yield());
    MEASURE(5, "write of 1 byte to /dev/null", LOOPS, syscall(SYS_write, null, "", 1));
    MEASURE(6, "first touch of a page", TOUCH, fresh[i * PAGE] = 1);
    MEASURE(7, "mmap + munmap of a page", LOOPS, munmap(map(1), PAGE));
    MEASURE(9, "clock_gettime by system call", LOOPS, syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now));
    MEASURE(8, "mmap + touch + munmap of 4 pages", LOOPS, map_and_touch());
    measure_threads();
    return 0;
}
