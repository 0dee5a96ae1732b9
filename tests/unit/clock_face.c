/* SPDX-License-Identifier: BSD-2-Clause */
/* links: drivers/clock_face.c kernel/vdso/calls.c xen/pvclock.c -pthread */
/* The vDSO's own code beside a kernel that turns the clock's face: its arithmetic, and several readers at the same time as one
   writer, none of whom sees time go back, by whichever way it asks. */
#include "drivers/clock_face.h"

#include <asm/unistd_64.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#include "check.h"
#include "kernel/vdso/facts.h"
#include "x86/cpu.h"

#define NS_PER_S 1000000000LL
#define READERS  2
#define TURNS    200000

struct vdso_facts vdso_facts __attribute__((aligned(4096)));
long vdso_syscall(long number, const void *a, const void *b);
int __vdso_clock_gettime(unsigned long id, struct timespec *t);
int __vdso_gettimeofday(struct timeval *t, struct timezone *zone);
time_t __vdso_time(time_t *t);
long __vdso_getcpu(unsigned *cpu, unsigned *node, void *unused);
unsigned long __vdso_anchorite_tsc_khz(void);

/* The kernel: one lock, its own face, and how often it was asked. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct clock_face face;
static atomic_ulong asked[512];
static atomic_bool is_over;

static uint64_t kernel_read(void)
{
    pthread_mutex_lock(&lock);
    face.floor_ns = clock_face_read(&face, rdtsc_ordered());
    uint64_t ns = (uint64_t)face.floor_ns;

    pthread_mutex_unlock(&lock);
    return ns;
}

long vdso_syscall(long number, const void *a, const void *b)
{
    asked[number]++;
    if (number == __NR_clock_gettime && (uintptr_t)a == CLOCK_MONOTONIC) {
        uint64_t ns = kernel_read();

        *(struct timespec *)(uintptr_t)b =
            (struct timespec){ (long)((int64_t)ns / NS_PER_S), (long)((int64_t)ns % NS_PER_S) };
        return 0;
    }
    return -22;
}

static void turn(const struct pvclock_sample *sample, uint64_t next_tsc)
{
    pthread_mutex_lock(&lock);
    clock_face_hide(&vdso_facts.clock);
    vdso_facts.clock.ns += 1ull << 62; /* half written */
    clock_face_turn(&face, sample, 0, rdtsc_ordered());
    face.next_tsc = next_tsc;
    clock_face_show(&vdso_facts.clock, &face);
    pthread_mutex_unlock(&lock);
}

static uint64_t vdso_read(unsigned long id)
{
    struct timespec t = { -1, -1 };

    if (__vdso_clock_gettime(id, &t) != 0)
        return 0;
    return (uint64_t)(t.tv_sec * NS_PER_S + t.tv_nsec);
}

/* How often time went back for this thread. */
static void *reader(void *arg)
{
    uint64_t last = 0, back = 0;

    for (uint64_t i = 0; !atomic_load(&is_over); i++) {
        uint64_t now = i % 5 == 0 ? kernel_read() : vdso_read(CLOCK_MONOTONIC);

        back += now < last;
        last = now;
    }
    *(uint64_t *)arg = back;
    return NULL;
}

/* A host that changes its mind about time and rate again and again, at times backwards. */
static void check_readers(void)
{
    pthread_t thread[READERS];
    uint64_t back[READERS] = { 0 }, seed = 1, told = atomic_load(&asked[__NR_clock_gettime]);
    struct pvclock_sample sample = { rdtsc(), 1000, 0x80000000, 1 };

    turn(&sample, UINT64_MAX);
    for (int i = 0; i < READERS; i++)
        pthread_create(&thread[i], NULL, reader, &back[i]);
    for (int i = 0; i < TURNS; i++) {
        seed = seed * 6364136223846793005 + 1442695040888963407;
        sample.tsc = rdtsc();
        sample.ns = kernel_read() + (seed >> 33) % 40000 - 20000;
        sample.tsc_to_ns_mul = 0x40000000 + (uint32_t)(seed >> 34);
        sample.tsc_shift = (int8_t)(seed >> 62);
        turn(&sample, i % 3 == 0 ? 0 : UINT64_MAX);
    }
    atomic_store(&is_over, true);
    for (int i = 0; i < READERS; i++) {
        pthread_join(thread[i], NULL);
        CHECK_EQ(back[i], 0);
    }
    CHECK(atomic_load(&asked[__NR_clock_gettime]) > told);
}

/* The face's multiplier and the host's own formula give the same to the last digit but what shifting right loses. */
static void check_arithmetic(void)
{
    struct pvclock_sample sample;
    uint64_t x = 88172645463325252, delta, ours, theirs;

    for (int i = 0; i < 100000; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        sample = (struct pvclock_sample){ x, x >> 20, 0x80000000 | (uint32_t)(x >> 11), (int8_t)((int)(x % 20) - 9) };
        delta = (x >> 5) % 1000000000000;
        memset(&face, 0, sizeof face);
        clock_face_turn(&face, &sample, x >> 21, x);
        ours = (uint64_t)clock_face_read(&face, sample.tsc + delta);
        theirs = pvclock_read(&sample, sample.tsc + delta) - (x >> 21);
        if (!CHECK(ours - theirs <= (sample.tsc_shift < 0 ? 1u : 0u)))
            return;
    }
    sample = (struct pvclock_sample){ 0, 0, 0x80000000, 1 };
    CHECK_EQ(clock_face_khz(&sample), 1000000);
    sample = (struct pvclock_sample){ 0, 0, 0xaaaaaaab, -1 };
    CHECK_EQ(clock_face_khz(&sample), 2999998);
    sample.tsc_to_ns_mul = 0;
    CHECK_EQ(clock_face_khz(&sample), 0);
}

static void check_wild_samples(void)
{
    static const struct pvclock_sample wild[] = { { 0, 0, 1, -31 },
                                                  { 0, UINT64_MAX, UINT32_MAX, 31 },
                                                  { UINT64_MAX, 0, UINT32_MAX, 31 },
                                                  { 0, INT64_MAX, 1, 0 },
                                                  { 1, 1ull << 63, 1, 22 } };
    int64_t last;

    memset(&face, 0, sizeof face);
    last = clock_face_read(&face, 0);
    for (unsigned i = 0; i < sizeof wild / sizeof wild[0]; i++) {
        clock_face_turn(&face, &wild[i], 0, i);
        CHECK(clock_face_read(&face, i) >= last);
        last = clock_face_read(&face, i);
    }
}

static void check_answers(void)
{
    struct pvclock_sample sample = { rdtsc(), 5 * NS_PER_S, 0x80000000, 1 };
    struct timeval t;
    unsigned cpu = 9, node = 9;

    memset(&face, 0, sizeof face);
    memset(&vdso_facts, 0, sizeof vdso_facts);
    CHECK_EQ(__vdso_anchorite_tsc_khz(), 0);
    CHECK_EQ(vdso_read(CLOCK_REALTIME), 0);
    CHECK_EQ(asked[__NR_clock_gettime], 2);
    turn(&sample, UINT64_MAX);
    CHECK(vdso_read(CLOCK_MONOTONIC) >= 5ull * NS_PER_S && vdso_read(CLOCK_BOOTTIME) < 100ull * NS_PER_S);
    CHECK_EQ(__vdso_anchorite_tsc_khz(), 1000000);
    CHECK_EQ(asked[__NR_clock_gettime], 2);
    /* no date yet; other clocks; more than time */
    CHECK_EQ(vdso_read(CLOCK_REALTIME), 0);
    CHECK_EQ(vdso_read(CLOCK_THREAD_CPUTIME_ID), 0);
    CHECK_EQ(vdso_read(77), 0);
    CHECK(vdso_read(0x100000001) > 0); /* an int, whatever stands above it */
    CHECK_EQ(asked[__NR_clock_gettime], 5);
    CHECK(__vdso_time(NULL) < 0 && asked[__NR_time] == 1);
    face.wall_base_ns = 1700000000ull * NS_PER_S;
    turn(&sample, UINT64_MAX);
    CHECK(__vdso_time(NULL) >= 1700000005 && asked[__NR_time] == 1);
    CHECK_EQ(__vdso_gettimeofday(&t, NULL), 0);
    CHECK(t.tv_sec >= 1700000005 && t.tv_sec < 1700000100 && t.tv_usec < 1000000 && asked[__NR_gettimeofday] == 0);
    CHECK(vdso_read(CLOCK_REALTIME) >= 1700000005ull * NS_PER_S && vdso_read(CLOCK_TAI) > 0);
    CHECK(__vdso_gettimeofday(&t, (struct timezone *)&t) < 0 && asked[__NR_gettimeofday] == 1);
    CHECK(__vdso_getcpu(&cpu, &node, NULL) < 0 && asked[__NR_getcpu] == 1);
    vdso_facts.cpu_count = 1;
    CHECK(__vdso_getcpu(&cpu, &node, NULL) == 0 && cpu == 0 && node == 0);
    CHECK_EQ(__vdso_getcpu(NULL, NULL, NULL), 0);
}

int main(void)
{
    check_arithmetic();
    check_wild_samples();
    check_answers();
    check_readers();
    return check_done();
}
