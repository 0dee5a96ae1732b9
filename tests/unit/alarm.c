/* SPDX-License-Identifier: BSD-2-Clause */
/* links: kernel/abi/signal_wait.c kernel/abi/signal.c kernel/abi/time.c kernel/alarm.c kernel/signal.c kernel/signal_deliver.c kernel/signal_frame.c kernel/signal_judge.c kernel/signal_stack.c
   kernel/signal_queue.c kernel/thread.c tests/unit/fake/thread.c tests/unit/fake/cpu.c tests/unit/fake/mm.c tests/unit/fake/kernel.c */
/* The timer of real time: setitimer, getitimer, alarm, and when SIGALRM comes. */
#include "kernel/alarm.h"

#include <linux/errno.h>
#include <linux/signal.h>
#include <linux/time.h>

#include "fake/kernel.h"
#include "fake/syscall.h"
#include "fake/thread.h"
#include "kernel/abi/signal.h"
#include "kernel/signal.h"

#define SECOND 1000000000ULL

static void check_timer_calls(void)
{
    static const struct syscall_row rows[] = {
        ROW(sys_getitimer, { ITIMER_VIRTUAL, AT(0) }, -EINVAL),
        ROW(sys_getitimer, { ITIMER_REAL, NOWHERE }, -EFAULT),
        ROW(sys_setitimer, { ITIMER_REAL, NOWHERE, 0 }, -EFAULT),
        ROW(sys_setitimer, { ITIMER_PROF, AT(0), 0 }, -EINVAL),
        ROW(sys_setitimer, { ITIMER_REAL, AT(0), NOWHERE }, -EFAULT),
        ROW(sys_setitimer, { ITIMER_REAL, AT(8), 0 }, -EINVAL),  /* value 7 s and -1 us */
        ROW(sys_setitimer, { ITIMER_REAL, AT(24), 0 }, -EINVAL), /* interval -1 s */
        ROW(sys_setitimer, { ITIMER_REAL, AT(64), 0 }, -EINVAL), /* 1000000 us */
    };

    /* interval 2.5 s, value 4.000007 s */
    memcpy(words(0), (uint64_t[]){ 2, 500000, 4, 7, (uint64_t)-1, 0, 0, 0, 0, 0, 1, 1000000 }, 96);
    check_rows(rows, ROWS(rows));
    CHECK_EQ(alarm_next(), UINT64_MAX); /* a refusal changes nothing */
    CHECK_EQ(fake_sched.alarms, 0);
    fake_clock = 100 * SECOND;
    CHECK_EQ(call(sys_setitimer, HIGH(ITIMER_REAL), AT(0), 0, 0), 0);
    CHECK_EQ(fake_sched.alarms, 1);
    CHECK_EQ(alarm_next(), 104 * SECOND + 7000);
    fake_clock = 101 * SECOND + 500; /* what is left of a microsecond is told as a whole one */
    CHECK_EQ(call(sys_getitimer, ITIMER_REAL, AT(128), 0, 0), 0);
    CHECK(memcmp(words(128), (uint64_t[]){ 2, 500000, 3, 7 }, 32) == 0);
    CHECK_EQ(call(sys_setitimer, ITIMER_REAL, 0, AT(128), 0), 0); /* Linux: no new value is 0 */
    CHECK_EQ(words(128)[2], 3);
    CHECK_EQ(alarm_next(), UINT64_MAX);
    memcpy(words(0), (uint64_t[]){ 0, 0, INT64_MAX, 0 }, 32);
    CHECK_EQ(call(sys_setitimer, ITIMER_REAL, AT(0), 0, 0), 0);
    CHECK_EQ(alarm_next(), UINT64_MAX);
}

static void check_alarm(void)
{
    static const struct {
        uint64_t now, seconds;
        int64_t left;
    } row[] = {
        { 100 * SECOND, 10, 0 },
        { 100 * SECOND + SECOND / 2, HIGH(20), 10 }, /* 9.5 s */
        { 101 * SECOND + 1, 1, 19 },                 /* 19.499999999 s */
        { 101 * SECOND + SECOND / 2, 30, 1 },        /* less than half a second is told as one */
        { 131 * SECOND + SECOND / 2, 0, 1 },         /* it has ended, but was not served */
        { 132 * SECOND, 0xffffffff, 0 },
        { 133 * SECOND, 0, 4294967294 },
    };

    for (unsigned i = 0; i < ROWS(row); i++) {
        fake_clock = row[i].now;
        CHECK_EQ(call(sys_alarm, row[i].seconds, 0, 0, 0), row[i].left);
        CHECK_EQ(alarm_next(),
                 (uint32_t)row[i].seconds == 0 ? UINT64_MAX : row[i].now + (uint32_t)row[i].seconds * SECOND);
    }
}

static void check_served(void)
{
    static const struct {
        uint64_t left, interval, now, next; /* set at 1000 */
        bool comes;
    } row[] = {
        { 10, 0, 1009, 1010, false },
        { 10, 0, 1010, UINT64_MAX, true },
        { 10, 3, 1010, 1013, true },
        { 10, 3, 1012, 1013, true },
        { 10, 3, 1019, 1022, true }, /* once for all that were missed */
        { 10, UINT64_MAX, 1010, UINT64_MAX, true },
        { 10, UINT64_MAX - 1010, 1010, UINT64_MAX, true },
        { UINT64_MAX, 3, 1010, UINT64_MAX, false },
        { 0, 3, 1010, UINT64_MAX, false },
    };

    signal_set_action(SIGALRM, &(struct signal_action){ .handler = 0x401000 });
    for (unsigned i = 0; i < ROWS(row); i++) {
        struct signal_info info = { 0 };

        alarm_set(&(struct alarm){ row[i].left, row[i].interval }, 1000);
        alarm_serve(row[i].now);
        CHECK_EQ(alarm_next(), row[i].next);
        CHECK_EQ(signal_take(~0ULL, &info), row[i].comes);
        CHECK_EQ(info.code, row[i].comes ? SI_KERNEL : 0);
    }
}

int main(void)
{
    fake_mm_start();
    fake_thread_start();
    check_timer_calls();
    check_alarm();
    check_served();
    return check_done();
}
