/* SPDX-License-Identifier: BSD-2-Clause */
/* links: kernel/abi/time.c kernel/abi/timeout.c kernel/thread.c tests/unit/fake/thread.c tests/unit/fake/cpu.c tests/unit/fake/mm.c tests/unit/fake/kernel.c */
/* Clocks, sleeping, and the timeouts of waiting calls. The wall clock began 1700000000 s after 1970 (fake/kernel.c). */
#include "kernel/abi/time.h"

#include <linux/errno.h>
#include <linux/resource.h>
#include <linux/time.h>

#include "fake/kernel.h"
#include "fake/syscall.h"
#include "fake/thread.h"
#include "kernel/abi/timeout.h"
#include "kernel/sched.h"

#define WALL   1700000000ULL
#define SECOND 1000000000ULL

static void check_clocks(void)
{
    static const struct {
        uint64_t clock;
        int64_t seconds; /* -1: there is no such clock */
    } row[] = {
        { CLOCK_REALTIME, WALL + 5 },
        { HIGH(CLOCK_REALTIME), WALL + 5 },
        { CLOCK_REALTIME_COARSE, WALL + 5 },
        { CLOCK_TAI, WALL + 5 },
        { CLOCK_MONOTONIC, 5 },
        { CLOCK_MONOTONIC_RAW, 5 },
        { CLOCK_MONOTONIC_COARSE, 5 },
        { CLOCK_BOOTTIME, 5 },
        { CLOCK_PROCESS_CPUTIME_ID, 5 },
        { CLOCK_THREAD_CPUTIME_ID, 5 },
        { 12, -1 },
        { 0x7fffffff, -1 },
        { (uint32_t)(~0u << 3 | 2), 5 },      /* clock_getcpuclockid(0) */
        { (uint32_t)(~1u << 3 | 2), 5 },      /* of process 1 */
        { (uint32_t)(~2u << 3 | 2), -1 },     /* of another one */
        { (uint32_t)(~1u << 3 | 4 | 2), 5 },  /* pthread_getcpuclockid of thread 1 */
        { (uint32_t)(~9u << 3 | 4 | 2), -1 }, /* of one that does not live */
        { (uint32_t)(~1u << 3 | 3), -1 },     /* a file's clock */
    };

    for (unsigned i = 0; i < ROWS(row); i++) {
        int64_t result = row[i].seconds < 0 ? -EINVAL : 0;

        memset(words(0), 0xee, 32);
        fake_clock = 5 * SECOND + 7;
        CHECK_EQ(call(sys_clock_gettime, row[i].clock, AT(0), 0, 0), result);
        CHECK_EQ(call(sys_clock_getres, row[i].clock, AT(16), 0, 0), result);
        CHECK_EQ(call(sys_clock_getres, row[i].clock, 0, 0, 0), result);
        CHECK_EQ(words(0)[0], result == 0 ? (uint64_t)row[i].seconds : 0xeeeeeeeeeeeeeeee);
        CHECK_EQ(words(0)[1], result == 0 ? 7 : 0xeeeeeeeeeeeeeeee);
        CHECK_EQ(words(0)[3], result == 0 ? 1 : 0xeeeeeeeeeeeeeeee);
    }
    CHECK_EQ(call(sys_clock_gettime, CLOCK_MONOTONIC, NOWHERE, 0, 0), -EFAULT);
    CHECK_EQ(call(sys_clock_getres, CLOCK_MONOTONIC, NOWHERE, 0, 0), -EFAULT);
}

static void check_old_clocks(void)
{
    struct rusage *usage = (void *)fake_user();

    memset(fake_user(), 0xee, sizeof *usage);
    fake_clock = 9 * SECOND + 123456789;
    CHECK_EQ(call(sys_gettimeofday, AT(0), AT(16), 0, 0), 0);
    CHECK(words(0)[0] == WALL + 9 && words(0)[1] == 123456 && words(0)[2] == 0);
    CHECK_EQ(call(sys_gettimeofday, 0, 0, 0, 0), 0);
    CHECK_EQ(call(sys_gettimeofday, NOWHERE, 0, 0, 0), -EFAULT);
    CHECK_EQ(call(sys_gettimeofday, AT(0), NOWHERE, 0, 0), -EFAULT);
    CHECK_EQ(call(sys_time, 0, 0, 0, 0), WALL + 9);
    CHECK_EQ(call(sys_time, AT(0), 0, 0, 0), WALL + 9);
    CHECK_EQ(words(0)[0], WALL + 9);
    CHECK_EQ(call(sys_time, NOWHERE, 0, 0, 0), -EFAULT);
    CHECK_EQ(call(sys_times, 0, 0, 0, 0), 912);
    CHECK_EQ(call(sys_times, AT(0), 0, 0, 0), 912);
    CHECK(words(0)[0] == 912 && words(0)[1] == 0);
    CHECK_EQ(call(sys_times, NOWHERE, 0, 0, 0), -EFAULT);
    CHECK_EQ(call(sys_getrusage, HIGH(RUSAGE_SELF), AT(0), 0, 0), 0);
    CHECK(usage->ru_utime.tv_sec == 9 && usage->ru_utime.tv_usec == 123456 && usage->ru_stime.tv_sec == 0);
    CHECK_EQ(call(sys_getrusage, HIGH(RUSAGE_CHILDREN), AT(0), 0, 0), 0);
    CHECK(usage->ru_utime.tv_sec == 0 && usage->ru_utime.tv_usec == 0);
    CHECK_EQ(call(sys_getrusage, RUSAGE_THREAD, AT(0), 0, 0), 0);
    CHECK_EQ(call(sys_getrusage, RUSAGE_THREAD + 1, AT(0), 0, 0), -EINVAL);
    CHECK_EQ(call(sys_getrusage, HIGH(RUSAGE_CHILDREN - 1), AT(0), 0, 0), -EINVAL);
    CHECK_EQ(call(sys_getrusage, RUSAGE_SELF, AT(FAKE_USER_SIZE - 8), 0, 0), -EFAULT);
}

static void check_sleep(void)
{
    enum { RELATIVE, ABSOLUTE };
    static const struct {
        uint64_t clock, flags, seconds, nanoseconds;
        int64_t result;
        uint64_t deadline; /* with the clock at 100 s */
    } row[] = {
        { CLOCK_MONOTONIC, RELATIVE, 2, 5, 0, 102 * SECOND + 5 },
        { HIGH(CLOCK_REALTIME), RELATIVE, 0, 999999999, 0, 100 * SECOND + 999999999 },
        { CLOCK_BOOTTIME, RELATIVE, INT64_MAX, 0, 0, SCHED_FOREVER },
        { CLOCK_TAI, RELATIVE, 0, 0, 0, 100 * SECOND },
        { CLOCK_MONOTONIC, ABSOLUTE, 7, 1, 0, 7 * SECOND + 1 },
        { CLOCK_REALTIME, ABSOLUTE, WALL + 300, 1, 0, 300 * SECOND + 1 },
        { CLOCK_TAI, ABSOLUTE, WALL + 300, 1, 0, 300 * SECOND + 1 },
        { CLOCK_REALTIME, ABSOLUTE, WALL - 1, 0, 0, 0 },
        { CLOCK_MONOTONIC, RELATIVE, 0, 1000000000, -EINVAL, 1 },
        { CLOCK_MONOTONIC, RELATIVE, 0, (uint64_t)-1, -EINVAL, 1 },
        { CLOCK_MONOTONIC, ABSOLUTE, (uint64_t)-1, 0, -EINVAL, 1 },
        { CLOCK_THREAD_CPUTIME_ID, RELATIVE, 1, 0, -EINVAL, 1 },
        { 99, RELATIVE, 1, 0, -EINVAL, 1 },
    };

    for (unsigned i = 0; i < ROWS(row); i++) {
        words(0)[0] = row[i].seconds;
        words(0)[1] = row[i].nanoseconds;
        fake_clock = 100 * SECOND;
        fake_sleep_deadline = 1;
        CHECK_EQ(call(sys_clock_nanosleep, row[i].clock, row[i].flags, AT(0), NOWHERE), row[i].result);
        CHECK_EQ(fake_sleep_deadline, row[i].deadline);
    }
    CHECK_EQ(call(sys_clock_nanosleep, CLOCK_MONOTONIC, 0, NOWHERE, 0), -EFAULT);
    CHECK_EQ(call(sys_nanosleep, NOWHERE, 0, 0, 0), -EFAULT);
    memcpy(words(0), (uint64_t[]){ 3, 4 }, 16);
    fake_clock = 100 * SECOND;
    CHECK_EQ(call(sys_nanosleep, AT(0), NOWHERE, 0, 0), 0);
    CHECK_EQ(fake_sleep_deadline, 103 * SECOND + 4);
}

/* A signal comes: what was left is told, but not of a sleep until a moment. */
static void check_interrupted(void)
{
    fake_sleep_result = -EINTR;
    memcpy(words(0), (uint64_t[]){ 3, 4, 1, 2 }, 32);
    fake_clock = 100 * SECOND; /* the second reading is 1 ns later */
    CHECK_EQ(call(sys_nanosleep, AT(0), AT(16), 0, 0), -EINTR);
    CHECK(words(16)[0] == 3 && words(16)[1] == 3);
    CHECK_EQ(call(sys_nanosleep, AT(0), 0, 0, 0), -EINTR);
    CHECK_EQ(call(sys_nanosleep, AT(0), NOWHERE, 0, 0), -EFAULT);
    CHECK_EQ(call(sys_clock_nanosleep, CLOCK_MONOTONIC, 1, AT(0), NOWHERE), -EINTR);
    memcpy(words(0), (uint64_t[]){ 0, 0, 1, 2 }, 32);
    CHECK_EQ(call(sys_nanosleep, AT(0), AT(16), 0, 0), -EINTR); /* it was over already */
    CHECK(words(16)[0] == 0 && words(16)[1] == 0);
    fake_sleep_result = 0;
}

static void check_timeouts(void)
{
    static const struct {
        uint64_t unit, seconds, rest;
        int result;
        uint64_t deadline, left_seconds, left_rest; /* taken at 100 s, told at 101 s */
    } row[] = {
        { 1, 2, 5, 0, 102 * SECOND + 5, 1, 5 },
        { 1, 0, 7, 0, 100 * SECOND + 7, 0, 0 },
        { 1, 0, 0, 0, 0, 0, 0 },
        { 1, 0, 999999999, 0, 100 * SECOND + 999999999, 0, 0 },
        { 1, 0, 1000000000, -EINVAL, SCHED_FOREVER, 0, 1000000000 },
        { 1000, 0, 3500000, 0, 103 * SECOND + 500000000, 2, 500000 }, /* select: more than a second's */
        { 1000, 2, 1, 0, 102 * SECOND + 1000, 1, 1 },
        { 1, (uint64_t)-1, 0, -EINVAL, SCHED_FOREVER, (uint64_t)-1, 0 },
        { 1, 0, (uint64_t)-1, -EINVAL, SCHED_FOREVER, 0, (uint64_t)-1 },
        { 1, INT64_MAX, 0, 0, SCHED_FOREVER, INT64_MAX, 0 },
        { 1000, INT64_MAX, INT64_MAX, 0, SCHED_FOREVER, INT64_MAX, INT64_MAX },
    };
    struct timeout timeout;

    for (unsigned i = 0; i < ROWS(row); i++) {
        words(0)[0] = row[i].seconds;
        words(0)[1] = row[i].rest;
        fake_clock = 100 * SECOND;
        CHECK_EQ(timeout_take(&timeout, placed(AT(0)), row[i].unit), row[i].result);
        CHECK_EQ(timeout.deadline, row[i].deadline);
        fake_clock = 101 * SECOND;
        timeout_give(&timeout);
        CHECK_EQ(words(0)[0], row[i].left_seconds);
        CHECK_EQ(words(0)[1], row[i].left_rest);
    }
    CHECK_EQ(timeout_take(&timeout, NOWHERE, 1), -EFAULT);
    CHECK_EQ(timeout_take(&timeout, 0, 1), 0);
    CHECK_EQ(timeout.deadline, SCHED_FOREVER);
    timeout_give(&timeout);
    fake_clock = 100 * SECOND;
    CHECK_EQ(timeout_after(-1), SCHED_FOREVER);
    CHECK_EQ(timeout_after(0), 0);
    CHECK_EQ(timeout_after(1500), 101 * SECOND + 500000000);
}

int main(void)
{
    fake_mm_start();
    fake_thread_start();
    check_clocks();
    check_old_clocks();
    check_sleep();
    check_interrupted();
    check_timeouts();
    return check_done();
}
