/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

#define THREADS 4
#define KERNEL  ((uint32_t *)0xffff800000000000)

static uint32_t word[1024], other;
static int waiting, woken;

static long call(const void *at, int operation, uint32_t value, const void *time, const void *second, uint32_t third)
{
    return syscall(SYS_futex, at, operation | FUTEX_PRIVATE_FLAG, value, time, second, third);
}

static void pause_ms(long ms)
{
    struct timespec time = { 0, ms * 1000000 };

    nanosleep(&time, 0);
}

/* Waits with its own bit. */
static void *wait_once(void *arg)
{
    __atomic_fetch_add(&waiting, 1, __ATOMIC_SEQ_CST);
    CHECK_EQ(call(word, FUTEX_WAIT_BITSET, 0, 0, 0, 1u << (intptr_t)arg), 0);
    __atomic_fetch_add(&woken, 1, __ATOMIC_SEQ_CST);
    return 0;
}

static pthread_t thread[THREADS];

static void begin(void)
{
    waiting = woken = 0;
    for (intptr_t i = 0; i < THREADS; i++)
        CHECK_EQ(pthread_create(&thread[i], 0, wait_once, (void *)i), 0);
    while (__atomic_load_n(&waiting, __ATOMIC_SEQ_CST) < THREADS)
        pause_ms(1);
    pause_ms(50);
}

static void end(void)
{
    for (int i = 0; i < THREADS; i++)
        CHECK_EQ(pthread_join(thread[i], 0), 0);
    CHECK_EQ(woken, THREADS);
}

static void check_wake(void)
{
    begin();
    CHECK_EQ(call(word + 1, FUTEX_WAKE, INT_MAX, 0, 0, 0), 0);
    CHECK_EQ(call(word, FUTEX_WAKE_BITSET, INT_MAX, 0, 0, 1u << 20), 0);
    CHECK_EQ(call(word, FUTEX_WAKE_BITSET, INT_MAX, 0, 0, 1u << 2), 1);
    CHECK_EQ(call(word, FUTEX_WAKE, 0, 0, 0, 0), 1);
    CHECK_EQ(call(word, FUTEX_WAKE, INT_MAX, 0, 0, 0), THREADS - 2);
    CHECK_EQ(call(word, FUTEX_WAKE, INT_MAX, 0, 0, 0), 0);
    end();
}

static void check_requeue(void)
{
    begin();
    CHECK_ERRNO(call(word, FUTEX_CMP_REQUEUE, 1, (void *)1, &other, 1), EAGAIN);
    CHECK_ERRNO(call(word, FUTEX_CMP_REQUEUE, -1, (void *)1, &other, 0), EINVAL);
    CHECK_ERRNO(call(word, FUTEX_CMP_REQUEUE, 1, (void *)0xffffffff, &other, 0), EINVAL);
    CHECK_ERRNO(call(word, FUTEX_CMP_REQUEUE, 1, (void *)1, (char *)&other + 1, 0), EINVAL);
    CHECK_EQ(call(word, FUTEX_CMP_REQUEUE, 0, (void *)INT_MAX, word, 0), THREADS);
    CHECK_EQ(call(word, FUTEX_CMP_REQUEUE, 1, (void *)2, &other, 0), 3);
    CHECK_EQ(call(&other, FUTEX_WAKE, INT_MAX, 0, 0, 0), 2);
    CHECK_EQ(call(word, FUTEX_REQUEUE, 0, (void *)INT_MAX, &other, 0), 1);
    CHECK_EQ(call(word, FUTEX_WAKE, INT_MAX, 0, 0, 0), 0);
    CHECK_EQ(call(&other, FUTEX_WAKE, INT_MAX, 0, 0, 0), 1);
    end();
}

static void check_time(void)
{
    struct timespec time = { 0, 30000000 }, before, after, moment;
    static const int clocks[2] = { CLOCK_MONOTONIC, CLOCK_REALTIME };

    clock_gettime(CLOCK_MONOTONIC, &before);
    CHECK_ERRNO(call(word, FUTEX_WAIT, 0, &time, 0, 0), ETIMEDOUT);
    clock_gettime(CLOCK_MONOTONIC, &after);
    CHECK((after.tv_sec - before.tv_sec) * 1000000000 + after.tv_nsec - before.tv_nsec >= 30000000);
    for (int i = 0; i < 2; i++) {
        clock_gettime(clocks[i], &moment);
        moment.tv_sec += moment.tv_nsec >= 970000000;
        moment.tv_nsec = (moment.tv_nsec + 30000000) % 1000000000;
        CHECK_ERRNO(call(word, FUTEX_WAIT_BITSET | (i ? FUTEX_CLOCK_REALTIME : 0), 0, &moment, 0, 1), ETIMEDOUT);
        clock_gettime(clocks[i], &after);
        CHECK((after.tv_sec - moment.tv_sec) * 1000000000 + after.tv_nsec - moment.tv_nsec >= 0);
        CHECK_ERRNO(call(word, FUTEX_WAIT_BITSET | (i ? FUTEX_CLOCK_REALTIME : 0), 0, &moment, 0, 1), ETIMEDOUT);
    }
    time.tv_nsec = 1000000000;
    CHECK_ERRNO(call(word, FUTEX_WAIT, 0, &time, 0, 0), EINVAL);
    time = (struct timespec){ -1, 0 };
    CHECK_ERRNO(call(word, FUTEX_WAIT, 0, &time, 0, 0), EINVAL);
    CHECK_ERRNO(call(word, FUTEX_WAIT, 0, KERNEL, 0, 0), EFAULT);
}

static void check_bad(void)
{
    char *hole = mmap(0, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    CHECK_ERRNO(call(word, FUTEX_WAIT, 1, 0, 0, 0), EAGAIN);
    CHECK_ERRNO(call((char *)word + 2, FUTEX_WAIT, 0, 0, 0, 0), EINVAL);
    CHECK_ERRNO(call((char *)word + 1, FUTEX_WAKE, 1, 0, 0, 0), EINVAL);
    CHECK_ERRNO(call(hole, FUTEX_WAIT, 0, 0, 0, 0), EFAULT);
    CHECK_ERRNO(call(0, FUTEX_WAIT, 0, 0, 0, 0), EFAULT);
    CHECK_ERRNO(call(KERNEL, FUTEX_WAIT, 0, 0, 0, 0), EFAULT);
    CHECK_ERRNO(call(KERNEL, FUTEX_WAKE, 1, 0, 0, 0), EFAULT);
    CHECK_EQ(call(hole, FUTEX_WAKE, 1, 0, 0, 0), 0);
    CHECK_ERRNO(syscall(SYS_futex, hole, FUTEX_WAKE, 1, 0, 0, 0), EFAULT);
    CHECK_ERRNO(call(word, FUTEX_WAIT_BITSET, 0, 0, 0, 0), EINVAL);
    CHECK_ERRNO(call(word, FUTEX_WAKE_BITSET, 1, 0, 0, 0), EINVAL);
    CHECK_ERRNO(call(word, FUTEX_WAKE | FUTEX_CLOCK_REALTIME, 1, 0, 0, 0), ENOSYS);
    CHECK_ERRNO(call(word, 99, 1, 0, 0, 0), ENOSYS);
}

int main(void)
{
    check_bad();
    check_time();
    check_wake();
    check_requeue();
    return check_done();
}
