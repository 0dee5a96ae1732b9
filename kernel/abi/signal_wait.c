/* SPDX-License-Identifier: BSD-2-Clause */
#include <linux/errno.h>
#include <linux/signal.h>
#include <linux/time.h>

#include "kernel/abi/copy.h"
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

/*@ terminates \false; exits \false; assigns ghost_kernel, ghost_app, ghost_deadline;
    ensures status: \result == 0 || \result == -EINTR;
    ensures forever: ghost_deadline == SCHED_FOREVER; */
int64_t sys_pause(const uint64_t arg[6])
{
    (void)arg;
    return sched_sleep(SCHED_FOREVER);
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    requires runs: ghost_self < THREAD_MAX && thread_slots.used <= THREAD_MAX;
    terminates \false; exits \false;
    assigns thread_areas[0 .. THREAD_MAX - 1].thread.signals.must_look, thread_areas[ghost_self].thread.signals.blocked, thread_areas[ghost_self].thread.signals.saved,
      thread_areas[ghost_self].thread.signals.has_saved, ghost_kernel, ghost_app, ghost_deadline, ghost_in_u64;
    ensures lent: \result == 0 || \result == -EINTR ==> ghost_deadline == SCHED_FOREVER && thread_areas[ghost_self].thread.signals.has_saved
      && thread_areas[ghost_self].thread.signals.saved == \old(thread_areas[ghost_self].thread.signals.blocked)
      && thread_areas[ghost_self].thread.signals.blocked == (ghost_in_u64 & (uint64_t)~signal_unblockable);
    ensures status: \result == 0 || \result == -EFAULT || \result == -EINVAL || \result == -EINTR;
    ensures size: \result == -EINVAL <==> arg[1] != 8;
    ensures refused: \result == -EINVAL || \result == -EFAULT ==> ghost_kernel == \old(ghost_kernel) && ghost_app == \old(ghost_app); */
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
/*@ requires runs: ghost_self < THREAD_MAX && thread_areas[ghost_self].thread.signals.awaited == 0;
    requires valid: \valid(info) && \separated(info, &signal_shared, &thread_areas[ghost_self]);
    terminates \false; exits \false;
    assigns *info, thread_areas[ghost_self].thread.signals.pending, thread_areas[ghost_self].thread.signals.awaited, thread_areas[ghost_self].thread.signals.must_look,
      signal_shared, ghost_kernel, ghost_app, ghost_deadline;
    ensures status: 1 <= \result <= SIGNAL_COUNT || \result == -EAGAIN || \result == -EINTR;
    ensures taken: \result > 0 ==> \result == info->signal && (signals & SignalBit(\result)) != 0;
    ensures late: \result == -EAGAIN ==> ghost_deadline == deadline;
    ensures over: thread_areas[ghost_self].thread.signals.awaited == 0; */
static int64_t await(uint64_t signals, struct signal_info *info, uint64_t deadline)
{
    struct signal_thread *s = &thread_current()->signals;
    bool is_over = false;

    /*@ loop invariant awaits: thread_areas[ghost_self].thread.signals.awaited == 0;
        loop invariant late: is_over ==> ghost_deadline == deadline;
        loop assigns is_over, *info, s->pending, s->awaited, s->must_look, signal_shared, ghost_kernel, ghost_app, ghost_deadline; */
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
/*@ requires valid: \valid_read(arg + (0 .. 5));
    requires apart: \separated(arg + (0 .. 5), &signal_shared, &thread_areas[ghost_self]);
    requires runs: ghost_self < THREAD_MAX && thread_areas[ghost_self].thread.signals.awaited == 0;
    terminates \false; exits \false;
    assigns thread_areas[ghost_self].thread.signals.pending, thread_areas[ghost_self].thread.signals.awaited, thread_areas[ghost_self].thread.signals.must_look,
      signal_shared, ghost_kernel, ghost_app, ghost_deadline, ghost_ns, ghost_in_u64, ghost_in_word[0 .. 1], ghost_out_at, ghost_out_size;
    ensures status: 1 <= \result <= SIGNAL_COUNT || \result == -EAGAIN || \result == -EINTR || \result == -EINVAL || \result == -EFAULT;
    ensures size: arg[3] != 8 ==> \result == -EINVAL;
    ensures given: \result != -EFAULT && \result != -EINVAL && arg[2] != 0 ==> TimeGiven;
    ensures taken: \result > 0 ==> (ghost_in_u64 & (uint64_t)~signal_unblockable & SignalBit(\result)) != 0;
    ensures told: \result > 0 && arg[1] != 0 ==> CopiedTo(arg[1] + 48, 80);
    ensures late: \result == -EAGAIN ==> ghost_deadline == (arg[2] != 0 ? TimeAhead(TimeIn) : SCHED_FOREVER);
    ensures over: thread_areas[ghost_self].thread.signals.awaited == 0; */
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
        (copy_out_signal_info(arg[1], &info) != 0 ||
         user_zero(arg[1] + sizeof info, sizeof(siginfo_t) - sizeof info) != 0))
        return -EFAULT;
    return status;
}

/* -EINVAL or 0. */
/*@ requires valid: \valid_read(time) && \valid(ns);
    terminates \true; exits \false; assigns *ns;
    ensures status: \result == -EINVAL <==> time->tv_sec < 0 || time->tv_usec < 0 || time->tv_usec >= 1000000;
    ensures else: \result == 0 || \result == -EINVAL;
    ensures refused: \result != 0 ==> *ns == \old(*ns);
    ensures exact: \result == 0 && time->tv_sec < SCHED_FOREVER / NS_PER_S ==>
      *ns == time->tv_sec * NS_PER_S + time->tv_usec * NS_PER_US;
    ensures long: \result == 0 && time->tv_sec >= SCHED_FOREVER / NS_PER_S ==> *ns == SCHED_FOREVER; */
static int ns_of(const struct __kernel_old_timeval *time, uint64_t *ns)
{
    uint64_t seconds = (uint64_t)time->tv_sec, us = (uint64_t)time->tv_usec;

    if (time->tv_sec < 0 || time->tv_usec < 0 || us >= NS_PER_S / NS_PER_US)
        return -EINVAL;
    *ns = seconds < SCHED_FOREVER / NS_PER_S ? seconds * NS_PER_S + us * NS_PER_US : SCHED_FOREVER;
    return 0;
}

/*@ terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0 .. 3], ghost_ns;
    ensures status: CopyStatus(\result);
    ensures copied: CopiedTo(user, 32); */
static int64_t give_timer(uint64_t user)
{
    struct alarm alarm = alarm_get(platform_now());
    /* What is left is told as if it were more, not as none. */
    uint64_t left = sum_at_most(alarm.left, NS_PER_US - 1);
    struct __kernel_old_itimerval timer = {
        { (long)(alarm.interval / NS_PER_S), (long)(alarm.interval % NS_PER_S / NS_PER_US) },
        { (long)(left / NS_PER_S), (long)(left % NS_PER_S / NS_PER_US) },
    };

    return copy_out_itimerval(user, &timer);
}

/* Only the timer of real time exists. */
/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0 .. 3], ghost_ns;
    ensures status: CopyStatus(\result) || \result == -EINVAL;
    ensures which: \result == -EINVAL <==> (uint32_t)arg[0] != ITIMER_REAL;
    ensures refused: \result == -EINVAL ==> ghost_app == \old(ghost_app);
    ensures copied: \result == 0 ==> CopiedTo(arg[1], 32); */
int64_t sys_getitimer(const uint64_t arg[6])
{
    return (uint32_t)arg[0] == ITIMER_REAL ? give_timer(arg[1]) : -EINVAL;
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0 .. 3], ghost_ns, ghost_kernel;
    ensures status: \result == 0 || \result == -EFAULT || \result == -EINVAL;
    ensures which: (uint32_t)arg[0] != ITIMER_REAL ==> \result != 0;
    ensures refused: \result != 0 ==> ghost_kernel == \old(ghost_kernel);
    ensures nothing: \result == -EINVAL || arg[2] == 0 ==> ghost_app == \old(ghost_app);
    ensures told: \result == 0 && arg[2] != 0 ==> CopiedTo(arg[2], 32); */
int64_t sys_setitimer(const uint64_t arg[6])
{
    struct __kernel_old_itimerval user_timer = { 0 };
    struct alarm next;

    if (arg[1] != 0 && copy_in_itimerval(&user_timer, arg[1]) != 0)
        return -EFAULT;
    if ((uint32_t)arg[0] != ITIMER_REAL || ns_of(&user_timer.it_value, &next.left) != 0 ||
        ns_of(&user_timer.it_interval, &next.interval) != 0)
        return -EINVAL;
    if (arg[2] != 0 && give_timer(arg[2]) != 0)
        return -EFAULT;
    alarm_set(&next, platform_now());
    sched_set_alarm();
    return 0;
}

/* To the nearest second, but at least 1 of a timer that runs. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures none: left == 0 ==> \result == 0;
    ensures some: 0 < left < NS_PER_S ==> \result == 1;
    ensures nearest: left >= NS_PER_S ==> \result == (left + NS_PER_S / 2) / NS_PER_S; */
static int64_t seconds_left(uint64_t left)
{
    if (left < NS_PER_S)
        return left == 0 ? 0 : 1;
    return (int64_t)(left / NS_PER_S + left % NS_PER_S / (NS_PER_S / 2));
}

/* Seconds that the timer before it had left. */
/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns ghost_ns, ghost_kernel;
    ensures seconds: 0 <= \result <= UINT64_MAX / NS_PER_S + 1; */
int64_t sys_alarm(const uint64_t arg[6])
{
    uint64_t now = platform_now(), left = alarm_get(now).left;
    struct alarm next = { (uint32_t)arg[0] * NS_PER_S, 0 };

    alarm_set(&next, now);
    sched_set_alarm();
    return seconds_left(left);
}
