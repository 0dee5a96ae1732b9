/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/abi/timeout.h"
#include "kernel/abi/copy.h"
#include "lib/limits.h"

/* The moment that lies seconds and nanoseconds from now; 0 stands for not waiting at all. */
/*@ terminates \true; exits \false; assigns ghost_ns;
    ensures exact: \result == TimeoutAfter(seconds, nanoseconds); */
static uint64_t deadline_after(uint64_t seconds, uint64_t nanoseconds)
{
    if (seconds == 0 && nanoseconds == 0)
        return 0;
    uint64_t whole = seconds <= SCHED_FOREVER / NS_PER_SECOND ? seconds * NS_PER_SECOND : SCHED_FOREVER;
    return sum_at_most(platform_now(), sum_at_most(whole, nanoseconds));
}

uint64_t timeout_after(int32_t milliseconds)
{
    return milliseconds < 0 ? SCHED_FOREVER : deadline_after(0, (uint64_t)milliseconds * NS_PER_MILLI);
}

int timeout_take(struct timeout *timeout, uint64_t user, uint64_t unit)
{
    struct __kernel_timespec time;
    *timeout = (struct timeout){ .user = user, .unit = unit, .deadline = SCHED_FOREVER };
    if (user == 0)
        return 0;
    if (copy_in_timespec(&time, user) != 0)
        return -EFAULT;
    if (time.tv_sec < 0 || time.tv_nsec < 0)
        return -EINVAL;
    uint64_t per_second = NS_PER_SECOND / unit;
    uint64_t seconds = (uint64_t)time.tv_sec;
    uint64_t rest = (uint64_t)time.tv_nsec;
    /* select(2) takes more than a second's microseconds, pselect(2) and ppoll(2) do not */
    if (rest >= per_second && unit == 1)
        return -EINVAL;
    timeout->deadline = deadline_after(seconds + rest / per_second, rest % per_second * unit);
    return 0;
}

void timeout_give(const struct timeout *timeout)
{
    struct __kernel_timespec left = { .tv_sec = 0 };
    if (timeout->user == 0 || timeout->deadline == SCHED_FOREVER)
        return;
    uint64_t now = timeout->deadline == 0 ? 0 : platform_now();
    if (timeout->deadline > now) {
        left.tv_sec = (int64_t)((timeout->deadline - now) / NS_PER_SECOND);
        left.tv_nsec = (int64_t)((timeout->deadline - now) % NS_PER_SECOND / timeout->unit);
    }
    (void)copy_out_timespec(timeout->user, &left); /* as Linux: a timeout in read-only memory is no error */
}
