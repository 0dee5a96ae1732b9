/* SPDX-License-Identifier: BSD-2-Clause */
/* links: xen/pvclock.c */
/* The arithmetic against 128 bits, and a peer that lies: version odd or running for ever, zero multiplier, wild shift. */
#include "xen/pvclock.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "check.h"

static void check_scale(void)
{
    uint64_t x = 88172645463325252;

    for (int i = 0; i < 100000; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        uint32_t mul = (uint32_t)(x >> 11);
        int8_t shift = (int8_t)((int)(x % 63) - 31);
        uint64_t shifted = shift < 0 ? x >> -shift : x << shift;

        if (!CHECK_EQ(pvclock_scale(x, mul, shift), (uint64_t)((unsigned __int128)shifted * mul >> 32)))
            return;
    }
    CHECK_EQ(pvclock_scale(3000, 0x80000000, 1), 3000);
    CHECK_EQ(pvclock_scale(UINT64_MAX, UINT32_MAX, 0), UINT64_MAX - 0x100000000);
}

static void check_read(void)
{
    struct pvclock_sample sample = { .tsc = 1000, .ns = 500, .tsc_to_ns_mul = 0x80000000, .tsc_shift = 0 };

    CHECK_EQ(pvclock_read(&sample, 1000), 500);
    CHECK_EQ(pvclock_read(&sample, 3000), 1500);
    CHECK_EQ(pvclock_read(&sample, 10), 500);
    /* Seen on Xen 4.17: the timestamp is from before the domain's TSC was 0. */
    sample.tsc = (uint64_t)-2000;
    CHECK_EQ(pvclock_read(&sample, 2000), 2500);
}

static void check_take(void)
{
    struct vcpu_time_info shared = {
        .version = 4, .tsc_timestamp = 7, .system_time = 9, .tsc_to_system_mul = 11, .tsc_shift = -3
    };
    struct pvclock_sample good, sample;

    CHECK(pvclock_take(&shared, &good));
    CHECK(good.tsc == 7 && good.ns == 9 && good.tsc_to_ns_mul == 11 && good.tsc_shift == -3);
    sample = good;
    shared.system_time = 1;
    shared.version = 5;
    CHECK(!pvclock_take(&shared, &sample));
    shared.version = 6;
    shared.tsc_to_system_mul = 0;
    CHECK(!pvclock_take(&shared, &sample));
    shared.tsc_to_system_mul = 1;
    shared.tsc_shift = 32;
    CHECK(!pvclock_take(&shared, &sample));
    shared.tsc_shift = -128;
    CHECK(!pvclock_take(&shared, &sample));
    CHECK(memcmp(&sample, &good, sizeof(sample)) == 0);
    shared.tsc_shift = 0;
    CHECK(pvclock_take(&shared, &sample));
    CHECK_EQ(sample.ns, 1);
}

static struct vcpu_time_info racing;
static atomic_int stop; /* no volatile bool: gcc's bool sanitizer reads one only once */

/* Keeps to the protocol at full speed: system_time and tsc_timestamp are always equal outside of an update. */
static void *race(void *arg)
{
    (void)arg;
    racing.tsc_to_system_mul = 1;
    for (uint64_t i = 1; !stop; i++) {
        __atomic_store_n(&racing.version, (uint32_t)(2 * i + 1), __ATOMIC_SEQ_CST);
        __atomic_store_n(&racing.tsc_timestamp, i, __ATOMIC_SEQ_CST);
        __atomic_store_n(&racing.system_time, i, __ATOMIC_SEQ_CST);
        __atomic_store_n(&racing.version, (uint32_t)(2 * i + 2), __ATOMIC_SEQ_CST);
    }
    return NULL;
}

static void check_race(void)
{
    pthread_t thread;
    struct pvclock_sample sample;

    CHECK(pthread_create(&thread, NULL, race, NULL) == 0);
    for (int i = 0; i < 20000; i++) {
        if (pvclock_take(&racing, &sample) && !CHECK_EQ(sample.tsc, sample.ns))
            break;
    }
    stop = true;
    CHECK(pthread_join(thread, NULL) == 0);
}

static void check_wall(void)
{
    static struct shared_info shared;
    uint64_t ns = 77;

    shared.wc_version = 1;
    CHECK(!pvclock_take_wall(&shared, &ns));
    CHECK_EQ(ns, 77);
    shared.wc_version = 2;
    shared.wc_sec = 10;
    shared.wc_nsec = 5;
    shared.wc_sec_hi = 1;
    CHECK(pvclock_take_wall(&shared, &ns));
    CHECK_EQ(ns, (0x100000000 + 10) * 1000000000 + 5);
}

int main(void)
{
    check_scale();
    check_read();
    check_take();
    check_race();
    check_wall();
    return check_done();
}
