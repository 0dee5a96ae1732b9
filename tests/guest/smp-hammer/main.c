/* SPDX-License-Identifier: BSD-2-Clause */
/* Every CPU in and out of the kernel by all doors at once: mappings come and go, pages are touched, futexes wait and wake, pipes pass bytes, signals
   arrive, threads begin and end. Each door has something to count, which has to be right at the end. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"

#define PAGE   4096
#define ROUNDS 120
#define PAGES  8

static atomic_long signals;
static atomic_int begun;

static void count_signal(int signal)
{
    (void)signal;
    atomic_fetch_add(&signals, 1);
}

static void *map_and_unmap(void *arg)
{
    uint64_t own = (uint64_t)(uintptr_t)arg + 1;

    for (int i = 0; i < ROUNDS; i++) {
        uint64_t *p = mmap(0, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        CHECK(p != MAP_FAILED);
        for (int k = 0; k < PAGES; k++) {
            CHECK_EQ(p[k * PAGE / 8], 0);
            p[k * PAGE / 8] = own + (uint64_t)k;
        }
        CHECK_EQ(mprotect(p, PAGE * 2, PROT_READ), 0);
        for (int k = 0; k < PAGES; k++)
            CHECK_EQ(p[k * PAGE / 8], own + (uint64_t)k);
        CHECK_EQ(munmap(p, PAGES * PAGE), 0);
    }
    return 0;
}

/* All threads touch the same fresh pages at once: each page is made once. */
static uint64_t *shared_pages;
static pthread_barrier_t all;
static atomic_long sums;

static void *touch(void *arg)
{
    int own = (int)(uintptr_t)arg;

    for (int i = 0; i < ROUNDS / 4; i++) {
        if (pthread_barrier_wait(&all) == PTHREAD_BARRIER_SERIAL_THREAD)
            shared_pages = mmap(0, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        pthread_barrier_wait(&all);
        for (int k = 0; k < PAGES; k++)
            atomic_fetch_add((_Atomic uint64_t *)&shared_pages[k * PAGE / 8], 1ul << (own * 8));
        if (pthread_barrier_wait(&all) == PTHREAD_BARRIER_SERIAL_THREAD) {
            for (int k = 0; k < PAGES; k++)
                atomic_fetch_add(&sums, shared_pages[k * PAGE / 8] == 0x01010101ul);
            CHECK_EQ(munmap(shared_pages, PAGES * PAGE), 0);
        }
    }
    return 0;
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t turn_changed = PTHREAD_COND_INITIALIZER;
static int turn;

static void *take_turns(void *arg)
{
    int own = (int)(uintptr_t)arg;

    for (int i = 0; i < ROUNDS; i++) {
        pthread_mutex_lock(&mutex);
        while (turn % 2 != own)
            pthread_cond_wait(&turn_changed, &mutex);
        turn++;
        pthread_cond_broadcast(&turn_changed);
        pthread_mutex_unlock(&mutex);
    }
    return 0;
}

static int ends[2];

static void *write_bytes(void *arg)
{
    for (int i = 0; i < ROUNDS * 4; i++)
        CHECK_EQ(write(ends[1], &(uint8_t){ (uint8_t)i }, 1), 1);
    return arg;
}

static void *read_bytes(void *arg)
{
    uint8_t byte;

    for (int i = 0; i < ROUNDS * 4; i++)
        CHECK(read(ends[0], &byte, 1) == 1 && byte == (uint8_t)i);
    return arg;
}

static void *begin(void *arg)
{
    atomic_fetch_add(&begun, 1);
    return arg;
}

static void *make_threads(void *arg)
{
    pthread_t thread;
    void *result;

    for (int i = 0; i < ROUNDS; i++) {
        CHECK_EQ(pthread_create(&thread, 0, begin, (char *)arg + i), 0);
        CHECK(pthread_join(thread, &result) == 0 && result == (char *)arg + i);
    }
    return 0;
}

int main(void)
{
    struct sigaction action = { .sa_handler = count_signal, .sa_flags = SA_RESTART };
    pthread_t thread[13];
    int count = 0;
    long sent = 0;

    CHECK_EQ(sigaction(SIGUSR1, &action, 0), 0);
    CHECK_EQ(pipe(ends), 0);
    pthread_barrier_init(&all, 0, 4);
    for (uintptr_t i = 0; i < 3; i++)
        pthread_create(&thread[count++], 0, map_and_unmap, (void *)(i * 100));
    for (uintptr_t i = 0; i < 4; i++)
        pthread_create(&thread[count++], 0, touch, (void *)i);
    for (uintptr_t i = 0; i < 2; i++)
        pthread_create(&thread[count++], 0, take_turns, (void *)i);
    pthread_create(&thread[count++], 0, write_bytes, 0);
    pthread_create(&thread[count++], 0, read_bytes, 0);
    for (uintptr_t i = 0; i < 2; i++)
        pthread_create(&thread[count++], 0, make_threads, (void *)(i * 10000));
    /* A signal is handled before the next one is sent, so that all are counted; whoever has ended does not count. */
    for (int i = 0; i < ROUNDS; i++) {
        if (pthread_kill(thread[3 + i % 4], SIGUSR1) != 0)
            break;
        sent++;
        for (int k = 0; k < 100000 && atomic_load(&signals) < sent; k++)
            sched_yield();
        if (atomic_load(&signals) < sent) {
            sent--;
            break;
        }
    }
    for (int i = 0; i < count; i++)
        CHECK_EQ(pthread_join(thread[i], 0), 0);
    CHECK(atomic_load(&signals) >= sent);
    CHECK_EQ(turn, 2 * ROUNDS);
    CHECK_EQ(begun, 2 * ROUNDS);
    CHECK_EQ(sums, ROUNDS / 4 * PAGES);
    return check_done();
}
