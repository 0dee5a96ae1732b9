/* SPDX-License-Identifier: BSD-2-Clause */
#include <linux/errno.h>
#include <linux/signal.h>
#include <linux/time.h>

#include "drivers/platform.h"
#include "kernel/abi/signal.h"
#include "kernel/abi/time.h"
#include "kernel/alarm.h"
#include "kernel/sched.h"
#include "kernel/signal.h"
#include "kernel/thread.h"
#include "lib/limits.h"
#include "mm/user.h"

#define NS_PER_S  1000000000ULL
#define NS_PER_US 1000ULL

int64_t signal_lend_user_mask(uint64_t user, uint64_t size)
{
    uint64_t mask;
    int64_t status = user == 0 ? 0 : signal_copy_mask(user, size, &mask);

    if (user != 0 && status == 0)
        signal_lend_mask(mask);
    return status;
}

int64_t signal_end_lent(int64_t result)
{
    if (result != -EINTR)
        signal_return_mask();
    return result;
}

int64_t sys_pause(const uint64_t arg[6])
{
    (void)arg;
    return sched_sleep(SCHED_FOREVER);
}

int64_t sys_rt_sigsuspend(const uint64_t arg[6])
{
    uint64_t mask;
    int64_t status = signal_copy_mask(arg[0], arg[1], &mask);

    if (status != 0)
        return status;
    signal_lend_mask(mask);
    return sched_sleep(SCHED_FOREVER);
}

/* Takes one of the signals, or waits for one: its number; -EAGAIN at the deadline, -EINTR when another one came. */
static int64_t await(uint64_t signals, struct signal_info *info, uint64_t deadline)
{
    struct signal_thread *s = &thread_current()->signals;
    bool is_over = false;

    while (!signal_take(signals, info)) {
        if (is_over)
            return -EAGAIN;
        if (signal_is_due())
            return -EINTR;
        s->awaited = signals;
        is_over = sched_block(SCHED_NOTHING, SCHED_ANY, deadline) == -ETIMEDOUT;
        s->awaited = 0;
    }
    return info->signal;
}

/* set, info, timeout, size of the set */
int64_t sys_rt_sigtimedwait(const uint64_t arg[6])
{
    struct signal_info info;
    uint64_t set, deadline = SCHED_FOREVER;
    int64_t status = signal_copy_mask(arg[0], arg[3], &set);

    if (status == 0 && arg[2] != 0)
        status = time_copy_in(arg[2], &deadline);
    if (status != 0)
        return status;
    if (arg[2] != 0)
        deadline = sum_at_most(platform_now(), deadline);
    status = await(set & ~signal_unblockable, &info, deadline);
    if (status > 0 && arg[1] != 0 &&
        (user_copy_out(arg[1], &info, sizeof info) != 0 ||
         user_zero(arg[1] + sizeof info, sizeof(siginfo_t) - sizeof info) != 0))
        return -EFAULT;
    return status;
}

/* The timer's times as struct itimerval has them. */
struct interval_timer {
    int64_t interval_s, interval_us, left_s, left_us;
};

/* -EINVAL or 0. */
static int ns_of(int64_t s, int64_t us, uint64_t *ns)
{
    if (s < 0 || us < 0 || (uint64_t)us >= NS_PER_S / NS_PER_US)
        return -EINVAL;
    *ns = (uint64_t)s < SCHED_FOREVER / NS_PER_S ? (uint64_t)s * NS_PER_S + (uint64_t)us * NS_PER_US : SCHED_FOREVER;
    return 0;
}

static int64_t give_timer(uint64_t user)
{
    struct alarm alarm = alarm_get(platform_now());
    /* What is left is told as if it were more, not as none. */
    uint64_t left = alarm.left + (NS_PER_US - 1);
    struct interval_timer timer = { (int64_t)(alarm.interval / NS_PER_S),
                                    (int64_t)(alarm.interval % NS_PER_S / NS_PER_US), (int64_t)(left / NS_PER_S),
                                    (int64_t)(left % NS_PER_S / NS_PER_US) };

    return user_copy_out(user, &timer, sizeof timer);
}

/* Only the timer of real time exists. */
int64_t sys_getitimer(const uint64_t arg[6])
{
    return (uint32_t)arg[0] == ITIMER_REAL ? give_timer(arg[1]) : -EINVAL;
}

int64_t sys_setitimer(const uint64_t arg[6])
{
    struct interval_timer user_timer = { 0 };
    struct alarm next;

    if (arg[1] != 0 && user_copy_in(&user_timer, arg[1], sizeof user_timer) != 0)
        return -EFAULT;
    if ((uint32_t)arg[0] != ITIMER_REAL || ns_of(user_timer.left_s, user_timer.left_us, &next.left) != 0 ||
        ns_of(user_timer.interval_s, user_timer.interval_us, &next.interval) != 0)
        return -EINVAL;
    if (arg[2] != 0 && give_timer(arg[2]) != 0)
        return -EFAULT;
    alarm_set(&next, platform_now());
    sched_set_alarm();
    return 0;
}

/* Seconds that the timer before it had left, at least 1 if it ran. */
int64_t sys_alarm(const uint64_t arg[6])
{
    uint64_t now = platform_now(), left = alarm_get(now).left;
    struct alarm next = { (uint32_t)arg[0] * NS_PER_S, 0 };

    alarm_set(&next, now);
    sched_set_alarm();
    return (int64_t)(left == 0 ? 0 : left < NS_PER_S ? 1 : (left + NS_PER_S / 2) / NS_PER_S);
}
