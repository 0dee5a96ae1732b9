/* SPDX-License-Identifier: BSD-2-Clause */
/* What single operations cost. Each is a loop between two markers (count.c) and is named on stdout afterwards: its number,
   its iterations, its name. The loop's own three instructions are part of the figure, as they are of the figures of others. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define PAGE  4096L
#define LOOPS 10000L
#define TOUCH 4096L
#define PAGES 4L

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

int main(void)
{
    int null = open("/dev/null", O_WRONLY);
    volatile char *fresh = map(TOUCH);
    struct timespec now;

    if (null < 0)
        return 1;
    MEASURE(0, "empty loop", LOOPS, __asm__ volatile("" ::"r"(i)));
    MEASURE(1, "getpid", LOOPS, syscall(SYS_getpid));
    MEASURE(2, "unknown system call", LOOPS, syscall(999));
    MEASURE(3, "clock_gettime", LOOPS, clock_gettime(CLOCK_MONOTONIC, &now));
    MEASURE(4, "sched_yield, 1 thread", LOOPS, sched_yield());
    MEASURE(5, "write of 1 byte to /dev/null", LOOPS, syscall(SYS_write, null, "", 1));
    MEASURE(6, "first touch of a page", TOUCH, fresh[i * PAGE] = 1);
    MEASURE(7, "mmap + munmap of a page", LOOPS, munmap(map(1), PAGE));
    MEASURE(9, "clock_gettime by system call", LOOPS, syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now));
    MEASURE(8, "mmap + touch + munmap of 4 pages", LOOPS, map_and_touch());
    return 0;
}
