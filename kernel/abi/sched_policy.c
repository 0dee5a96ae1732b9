/* SPDX-License-Identifier: BSD-2-Clause */
#include <linux/errno.h>
#include <linux/sched.h>
#include <linux/time_types.h>

#include "kernel/abi/sched_policy.h"
#include "kernel/sched.h"
#include "kernel/thread.h"
#include "mm/user.h"

#define PRIORITY_MAX 99

/* 0, or what is wrong with a thread's id; 0 means the caller. */
static int64_t judge_id(uint64_t user_id)
{
    int32_t id = (int32_t)user_id;

    if (id < 0)
        return -EINVAL;
    return id == 0 || thread_find((uint32_t)id) != THREAD_NONE ? 0 : -ESRCH;
}

static bool is_real_time(int32_t policy)
{
    return policy == SCHED_FIFO || policy == SCHED_RR;
}

int64_t sys_sched_getscheduler(const uint64_t arg[6])
{
    int64_t wrong = judge_id(arg[0]);

    return wrong != 0 ? wrong : SCHED_NORMAL;
}

/* A policy and its priority, which is all that sched_param holds. */
static int64_t set_policy(uint64_t user_id, int32_t policy, uint64_t user_priority)
{
    int64_t wrong = judge_id(user_id);
    int32_t priority;

    if (user_priority == 0 || wrong == -EINVAL)
        return -EINVAL;
    if (user_copy_in(&priority, user_priority, sizeof priority) != 0)
        return -EFAULT;
    if (wrong != 0)
        return wrong;
    if (is_real_time(policy))
        return priority >= 1 && priority <= PRIORITY_MAX ? -EPERM : -EINVAL;
    return policy == SCHED_NORMAL && priority == 0 ? 0 : -EINVAL;
}

int64_t sys_sched_setscheduler(const uint64_t arg[6])
{
    int32_t policy = (int32_t)arg[1];

    return policy < 0 ? -EINVAL : set_policy(arg[0], policy & ~SCHED_RESET_ON_FORK, arg[2]);
}

int64_t sys_sched_setparam(const uint64_t arg[6])
{
    return set_policy(arg[0], SCHED_NORMAL, arg[1]);
}

int64_t sys_sched_getparam(const uint64_t arg[6])
{
    int64_t wrong = judge_id(arg[0]);
    int32_t priority = 0;

    if (arg[1] == 0)
        return -EINVAL;
    return wrong != 0 ? wrong : user_copy_out(arg[1], &priority, sizeof priority);
}

/* What Linux's policies have, whether or not they can be had here. */
static int64_t priority_of(int32_t policy, int64_t real_time)
{
    if (is_real_time(policy))
        return real_time;
    return policy == SCHED_NORMAL || policy == SCHED_BATCH || policy == SCHED_IDLE || policy == SCHED_DEADLINE
               ? 0
               : -EINVAL;
}

int64_t sys_sched_get_priority_max(const uint64_t arg[6])
{
    return priority_of((int32_t)arg[0], PRIORITY_MAX);
}

int64_t sys_sched_get_priority_min(const uint64_t arg[6])
{
    return priority_of((int32_t)arg[0], 1);
}

int64_t sys_sched_rr_get_interval(const uint64_t arg[6])
{
    struct __kernel_timespec slice = { 0, SCHED_SLICE_NS };
    int64_t wrong = judge_id(arg[0]);

    return wrong != 0 ? wrong : user_copy_out(arg[1], &slice, sizeof slice);
}
