/* SPDX-License-Identifier: BSD-2-Clause */
/* 100,000 readings of the clock must never decrease, and must move; nanosleep, clock_nanosleep and poll must not return
   early by the guest's own clock; real time is not before 2024. No upper bound: the machine may be slow. */
#define _GNU_SOURCE
#include <poll.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>

#include "check.h"

#define MS 1000000LL

static long long now(clockid_t id)
{
    struct timespec t = { 0, -1 };

    CHECK_EQ(clock_gettime(id, &t), 0);
    CHECK(t.tv_nsec >= 0 && t.tv_nsec < 1000000000);
    return t.tv_sec * 1000 * MS + t.tv_nsec;
}

static void check_readings(void)
{
    long long start = now(CLOCK_MONOTONIC), last = start, next;

    for (int i = 0; i < 100000; i++) {
        next = now(CLOCK_MONOTONIC);
        if (next < last) {
            CHECK(next >= last);
            return;
        }
        last = next;
    }
    CHECK(last > start);
}

static void check_sleeps(void)
{
    struct timespec wait = { 0, 20 * MS }, until;
    long long start = now(CLOCK_MONOTONIC);

    CHECK_EQ(nanosleep(&wait, NULL), 0);
    CHECK(now(CLOCK_MONOTONIC) - start >= 20 * MS);
    start = now(CLOCK_MONOTONIC);
    until = (struct timespec){ (start + 30 * MS) / 1000 / MS, (start + 30 * MS) % (1000 * MS) };
    CHECK_EQ(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL), 0);
    CHECK(now(CLOCK_MONOTONIC) - start >= 30 * MS);
    CHECK_EQ(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL), 0); /* over already */
    start = now(CLOCK_MONOTONIC);
    CHECK_EQ(poll(NULL, 0, 10), 0);
    CHECK(now(CLOCK_MONOTONIC) - start >= 10 * MS);
    wait.tv_nsec = 0;
    CHECK_EQ(nanosleep(&wait, NULL), 0);
}

static void check_refused(void)
{
    struct timespec bad[] = { { -1, 0 }, { 0, -1 }, { 0, 1000 * MS } };

    for (int i = 0; i < 3; i++)
        CHECK_ERRNO(nanosleep(&bad[i], NULL), EINVAL);
    CHECK_ERRNO(clock_gettime(77, &bad[0]), EINVAL);
    CHECK_EQ(clock_nanosleep(77, 0, &bad[0], NULL), EINVAL);
}

static void check_date(void)
{
    time_t seconds = time(NULL);
    struct timeval t;
    struct timespec resolution;
    long long real = now(CLOCK_REALTIME) / (1000 * MS);

    CHECK(gmtime(&seconds)->tm_year + 1900 >= 2024);
    CHECK(gmtime(&seconds)->tm_year + 1900 < 2200);
    CHECK_EQ(gettimeofday(&t, NULL), 0);
    CHECK(t.tv_sec >= seconds && real >= seconds && real - seconds < 60 && t.tv_usec < 1000000);
    CHECK_EQ(clock_getres(CLOCK_MONOTONIC, &resolution), 0);
    CHECK(resolution.tv_sec == 0 && resolution.tv_nsec > 0);
    CHECK(times(NULL) >= 0);
}

int main(void)
{
    check_readings();
    check_sleeps();
    check_refused();
    check_date();
    return check_done();
}
