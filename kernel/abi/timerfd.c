/* SPDX-License-Identifier: BSD-2-Clause */
/* Timers as files. */
#include "drivers/platform.h"
#include "kernel/abi/copy.h"
#include "kernel/abi/event.h"
#include "kernel/abi/time.h"
#include "kernel/fs/node.h"
#include "kernel/fs/open.h"
#include "kernel/fs/timer.h"
#include "kernel/sched.h"
#include "lib/limits.h"
#include "mm/user.h"
#include <linux/errno.h>
#include <linux/time.h>
#include <linux/time_types.h>
#include <linux/timerfd.h>
#include <stddef.h>

#define NS_PER_SECOND 1000000000ull

int64_t sys_timerfd_create(const uint64_t arg[6])
{
    uint32_t clock = (uint32_t)arg[0], flags = (uint32_t)arg[1];
    if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC && clock != CLOCK_BOOTTIME)
        return -EINVAL;
    if ((flags & ~(uint32_t)(TFD_CLOEXEC | TFD_NONBLOCK)) != 0)
        return -EINVAL;
    return file_open_nameless(timer_make(clock), flags | O_RDWR);
}

/* What is left of the timer and its interval, as struct itimerspec. */
/*@ terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0 .. 3];
    ensures status: CopyStatus(\result);
    ensures copied: CopiedTo(user, 32) && CopiedWords(interval / NS_PER_SECOND, interval % NS_PER_SECOND)
      && ghost_out_word[2] == left / NS_PER_SECOND && ghost_out_word[3] == left % NS_PER_SECOND; */
static int64_t give_setting(uint64_t user, uint64_t left, uint64_t interval)
{
    struct __kernel_itimerspec setting = {
        .it_interval = { (int64_t)(interval / NS_PER_SECOND), (long long)(interval % NS_PER_SECOND) },
        .it_value = { (int64_t)(left / NS_PER_SECOND), (long long)(left % NS_PER_SECOND) },
    };
    return copy_out_itimerspec(user, &setting);
}

/* The moment a new setting means. */
/*@ requires valid: \valid_read(timer);
    terminates \true; exits \false; assigns ghost_ns, ghost_base;
    ensures ran: \result == 0 ==> !is_absolute;
    ensures relative: !is_absolute ==> \result == (ghost_ns + value > UINT64_MAX ? UINT64_MAX : ghost_ns + value);
    ensures real: is_absolute && timer->clock == CLOCK_REALTIME ==> \result == (value > ghost_base + 1 ? value - ghost_base : 1);
    ensures monotonic: is_absolute && timer->clock != CLOCK_REALTIME ==> \result == (value != 0 ? value : 1); */
static uint64_t moment(const struct node *timer, uint64_t value, bool is_absolute)
{
    if (!is_absolute)
        return sum_at_most(platform_now(), value);
    if (timer->clock == CLOCK_REALTIME)
        value = time_to_monotonic(value);
    return value != 0 ? value : 1; /* long ago */
}

int64_t sys_timerfd_settime(const uint64_t arg[6])
{
    uint64_t interval, value;
    uint32_t flags = (uint32_t)arg[1];
    int64_t status = time_copy_in(arg[2], &interval);
    if (status == 0)
        status = time_copy_in(arg[2] + sizeof(struct __kernel_timespec), &value);
    if (status != 0)
        return status;
    if ((flags & ~(uint32_t)(TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET)) != 0)
        return -EINVAL;
    const struct open_file *file = fd_file(arg[0]);
    if (file == NULL)
        return -EBADF;
    if (file->special != NODE_TIMER)
        return -EINVAL;
    const struct node *timer = node_at(file->node);
    uint64_t left = timer_left(file->node), before = timer->interval;
    timer_set(file->node, value != 0 ? moment(timer, value, (flags & TFD_TIMER_ABSTIME) != 0) : 0, interval);
    return arg[3] != 0 ? give_setting(arg[3], left, before) : 0;
}

int64_t sys_timerfd_gettime(const uint64_t arg[6])
{
    const struct open_file *file = fd_file(arg[0]);
    if (file == NULL)
        return -EBADF;
    if (file->special != NODE_TIMER)
        return -EINVAL;
    uint64_t left = timer_left(file->node);
    return give_setting(arg[1], left, node_at(file->node)->interval);
}
