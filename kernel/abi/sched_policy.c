/* SPDX-License-Identifier: BSD-2-Clause */
#include <linux/errno.h>
#include <linux/sched.h>
#include <linux/time_types.h>

#include "kernel/abi/copy.h"
#include "kernel/abi/sched_policy.h"
#include "kernel/sched.h"
#include "kernel/thread.h"

#define PRIORITY_MAX 99

#include "spec/sched_policy.acsl"

/* 0, or what is wrong with a thread's id; 0 means the caller. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == IdAnswer((uint32_t)user_id); */
static int64_t judge_id(uint64_t user_id)
{
    uint32_t id = (uint32_t)user_id;

    if (id > INT32_MAX)
        return -EINVAL;
    return id == 0 || thread_find(id) != THREAD_NONE ? 0 : -ESRCH;
}

/*@ terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> policy == SCHED_FIFO || policy == SCHED_RR; */
static bool is_real_time(int32_t policy)
{
    return policy == SCHED_FIFO || policy == SCHED_RR;
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == IdAnswer((uint32_t)arg[0]); */
int64_t sys_sched_getscheduler(const uint64_t arg[6])
{
    int64_t wrong = judge_id(arg[0]);

    return wrong != 0 ? wrong : SCHED_NORMAL;
}

/* A policy and its priority, which is all that sched_param holds. */
/*@ terminates \true; exits \false; assigns ghost_in_word[0];
    ensures taken: PolicyTaken(\result, user_id, policy, user_priority); */
static int64_t set_policy(uint64_t user_id, int32_t policy, uint64_t user_priority)
{
    int64_t wrong = judge_id(user_id);
    int32_t priority;

    if (user_priority == 0 || wrong == -EINVAL)
        return -EINVAL;
    if (copy_in_i32(&priority, user_priority) != 0)
        return -EFAULT;
    if (wrong != 0)
        return wrong;
    if (is_real_time(policy))
        return priority >= 1 && priority <= PRIORITY_MAX ? -EPERM : -EINVAL;
    return policy == SCHED_NORMAL && priority == 0 ? 0 : -EINVAL;
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns ghost_in_word[0];
    ensures negative: (int32_t)arg[1] < 0 ==> \result == -EINVAL;
    ensures taken: (int32_t)arg[1] >= 0 ==> PolicyTaken(\result, arg[0], (int32_t)((int32_t)arg[1] & (int32_t)~SCHED_RESET_ON_FORK), arg[2]); */
int64_t sys_sched_setscheduler(const uint64_t arg[6])
{
    int32_t policy = (int32_t)arg[1];

    return policy < 0 ? -EINVAL : set_policy(arg[0], policy & ~SCHED_RESET_ON_FORK, arg[2]);
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns ghost_in_word[0];
    ensures taken: PolicyTaken(\result, arg[0], SCHED_NORMAL, arg[1]); */
int64_t sys_sched_setparam(const uint64_t arg[6])
{
    return set_policy(arg[0], SCHED_NORMAL, arg[1]);
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0];
    ensures null: arg[1] == 0 ==> \result == -EINVAL;
    ensures wrong: arg[1] != 0 && IdAnswer((uint32_t)arg[0]) != 0 ==> \result == IdAnswer((uint32_t)arg[0]);
    ensures refused: arg[1] == 0 || IdAnswer((uint32_t)arg[0]) != 0 ==> ghost_app == \old(ghost_app);
    ensures told: arg[1] != 0 && IdAnswer((uint32_t)arg[0]) == 0 ==> CopyStatus(\result) && CopiedTo(arg[1], 4) && ghost_out_word[0] == 0; */
int64_t sys_sched_getparam(const uint64_t arg[6])
{
    int64_t wrong = judge_id(arg[0]);

    if (arg[1] == 0)
        return -EINVAL;
    return wrong != 0 ? wrong : copy_out_u32(arg[1], 0);
}

/* What Linux's policies have, whether or not they can be had here. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == PriorityOf(policy, real_time); */
static int64_t priority_of(int32_t policy, int64_t real_time)
{
    if (is_real_time(policy))
        return real_time;
    return policy == SCHED_NORMAL || policy == SCHED_BATCH || policy == SCHED_IDLE || policy == SCHED_DEADLINE
               ? 0
               : -EINVAL;
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == PriorityOf((int32_t)arg[0], 99); */
int64_t sys_sched_get_priority_max(const uint64_t arg[6])
{
    return priority_of((int32_t)arg[0], PRIORITY_MAX);
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == PriorityOf((int32_t)arg[0], 1); */
int64_t sys_sched_get_priority_min(const uint64_t arg[6])
{
    return priority_of((int32_t)arg[0], 1);
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0 .. 1];
    ensures wrong: IdAnswer((uint32_t)arg[0]) != 0 ==> \result == IdAnswer((uint32_t)arg[0]) && ghost_app == \old(ghost_app);
    ensures told: IdAnswer((uint32_t)arg[0]) == 0 ==> CopyStatus(\result) && CopiedTo(arg[1], 16) && CopiedWords(0, SCHED_SLICE_NS); */
int64_t sys_sched_rr_get_interval(const uint64_t arg[6])
{
    struct __kernel_timespec slice = { 0, SCHED_SLICE_NS };
    int64_t wrong = judge_id(arg[0]);

    return wrong != 0 ? wrong : copy_out_timespec(arg[1], &slice);
}
