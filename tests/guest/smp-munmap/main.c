/* SPDX-License-Identifier: BSD-2-Clause */
/* A thread writes and reads through a page without a pause while another one takes it away. When the call has returned, no store may land: not in
   what is mapped there next, and not in a frame that has become something else. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>

#include "check.h"

#define PAGE   4096
#define ROUNDS 60
#define MARK   0x5a5a5a5a5a5a5a5aul

static uint64_t *page;
static atomic_long stores, faults;
static atomic_int must_stop;
static __thread sigjmp_buf back;
static __thread void *volatile seen_address;

static void on_fault(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)context;
    seen_address = info->si_addr;
    siglongjmp(back, 1);
}

/* Stores as fast as it can; a fault is counted, and then it tries again. */
static void *writer(void *arg)
{
    (void)arg;
    while (!atomic_load(&must_stop)) {
        if (sigsetjmp(back, 1) == 0) {
            for (;;) {
                ((volatile uint64_t *)page)[64] = MARK;
                if (atomic_fetch_add_explicit(&stores, 1, memory_order_relaxed) % 1024 == 0 && atomic_load(&must_stop))
                    return 0;
            }
        }
        CHECK((char *)seen_address == (char *)&page[64]);
        atomic_fetch_add(&faults, 1);
        sched_yield();
    }
    return 0;
}

static void map(int prot)
{
    CHECK(mmap(page, PAGE, prot, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == page);
}

/* The writer has stored since, or it does not run at all. */
static void wait_for_store(void)
{
    long before = atomic_load(&stores);

    for (int i = 0; i < 1000000 && atomic_load(&stores) == before; i++)
        sched_yield();
    CHECK(atomic_load(&stores) > before);
}

/* Takes the page away in each of the ways there are, and looks at what came in its place. */
static void take_away(int round)
{
    char *other, *moved;

    switch (round % 5) {
    case 0: /* a page of the next mapping may be the frame that the old one had */
        CHECK_EQ(munmap(page, PAGE), 0);
        other = mmap(0, 16 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        for (int i = 0; i < 3; i++)
            for (int at = 0; at < 16 * PAGE / 8; at += 64)
                CHECK_EQ(((volatile uint64_t *)other)[at], 0);
        CHECK_EQ(munmap(other, 16 * PAGE), 0);
        break;
    case 1: /* what can be read can no more be written */
        CHECK_EQ(mprotect(page, PAGE, PROT_READ), 0);
        for (int i = 0; i < 50; i++) {
            uint64_t first = ((volatile uint64_t *)page)[64];

            CHECK(first == MARK || first == 0);
        }
        break;
    case 2: /* nothing of the old contents comes back */
        CHECK_EQ(mprotect(page, PAGE, PROT_NONE), 0);
        CHECK_EQ(mprotect(page, PAGE, PROT_READ), 0);
        break;
    case 3: /* another page in its place, that nobody may write */
        map(PROT_READ);
        for (int i = 0; i < 100; i++)
            CHECK_EQ(((volatile uint64_t *)page)[64], 0);
        break;
    default: /* the page goes elsewhere: a store at the old place does not follow it */
        moved = mremap(page, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, (char *)page + 8 * PAGE);
        CHECK(moved == (char *)page + 8 * PAGE);
        ((volatile uint64_t *)moved)[64] = 1;
        for (int i = 0; i < 100; i++)
            CHECK_EQ(((volatile uint64_t *)moved)[64], 1);
        CHECK_EQ(munmap(moved, PAGE), 0);
    }
}

int main(void)
{
    struct sigaction action = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO };
    pthread_t thread[3];
    long before;

    page = mmap(0, 16 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(page != MAP_FAILED);
    CHECK_EQ(sigaction(SIGSEGV, &action, 0), 0);
    for (int i = 0; i < 3; i++)
        CHECK_EQ(pthread_create(&thread[i], 0, writer, 0), 0);
    for (int round = 0; round < ROUNDS; round++) {
        map(PROT_READ | PROT_WRITE);
        wait_for_store();
        before = atomic_load(&faults);
        take_away(round);
        for (int i = 0; i < 1000000 && atomic_load(&faults) == before; i++)
            sched_yield();
        CHECK(atomic_load(&faults) > before);
    }
    map(PROT_READ | PROT_WRITE);
    atomic_store(&must_stop, 1);
    for (int i = 0; i < 3; i++)
        CHECK_EQ(pthread_join(thread[i], 0), 0);
    return check_done();
}
