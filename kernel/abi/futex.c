/* SPDX-License-Identifier: BSD-2-Clause */
#include <linux/errno.h>
#include <linux/futex.h>
#include <stdbool.h>

#include "drivers/platform.h"
#include "kernel/abi/copy.h"
#include "kernel/abi/futex.h"
#include "kernel/abi/thread.h"
#include "kernel/abi/time.h"
#include "kernel/sched.h"
#include "kernel/signal.h"
#include "kernel/thread.h"
#include "kernel/waiters.h"
#include "lib/limits.h"
#include "mm/user.h"
#include "mm/user_range.h"

/* Is there such a word? A private one is only named, as Linux has it; one that processes could share must be there. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures status: \result == 0 || \result == -EFAULT || \result == -EINVAL;
    ensures aligned: \result == -EINVAL <==> user % 4 != 0;
    ensures half: \result == 0 && (operation & FUTEX_PRIVATE_FLAG) != 0 ==> InUserHalf(user, 4); */
static int64_t judge_word(uint64_t user, uint64_t operation)
{
    uint32_t word;

    if (user % sizeof word != 0)
        return -EINVAL;
    if (operation & FUTEX_PRIVATE_FLAG)
        return user_range_is_valid(user, sizeof word) ? 0 : -EFAULT;
    return copy_in_u32(&word, user);
}

/* FUTEX_WAIT takes a duration, FUTEX_WAIT_BITSET a moment. */
/*@ requires valid: \valid(deadline);
    terminates \true; exits \false; assigns *deadline, ghost_ns, ghost_base, ghost_in_word[0 .. 1];
    ensures status: \result == 0 || \result == -EFAULT || \result == -EINVAL;
    ensures forever: user_time == 0 ==> \result == 0 && *deadline == SCHED_FOREVER;
    ensures given: user_time != 0 && \result == 0 ==> TimeGiven;
    ensures ahead: user_time != 0 && \result == 0 && (operation & FUTEX_CMD_MASK) == FUTEX_WAIT ==> *deadline == TimeAhead(TimeIn);
    ensures moment: user_time != 0 && \result == 0 && (operation & FUTEX_CMD_MASK) != FUTEX_WAIT
      && (operation & FUTEX_CLOCK_REALTIME) == 0 ==> *deadline == TimeIn; */
static int64_t deadline_of(uint64_t user_time, uint64_t operation, uint64_t *deadline)
{
    uint64_t ns;
    int64_t status;

    *deadline = SCHED_FOREVER;
    if (user_time == 0)
        return 0;
    status = time_copy_in(user_time, &ns);
    if (status != 0)
        return status;
    if ((operation & FUTEX_CMD_MASK) == FUTEX_WAIT)
        *deadline = sum_at_most(platform_now(), ns);
    else
        *deadline = operation & FUTEX_CLOCK_REALTIME ? time_to_monotonic(ns) : ns;
    return 0;
}

/* Nobody can wake between the comparison and the wait: the kernel runs to completion. */
/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \false; exits \false; assigns ghost_kernel, ghost_app, ghost_ns, ghost_base, ghost_deadline, ghost_in_word[0 .. 1];
    ensures status: \result == 0 || \result == -EFAULT || \result == -EINVAL || \result == -EAGAIN || \result == -ETIMEDOUT || \result == -EINTR || \result == -ERESTARTSYS;
    ensures forever: (\result == 0 || \result == -ETIMEDOUT) && arg[3] == 0 ==> ghost_deadline == SCHED_FOREVER;
    ensures aligned: arg[0] % 4 != 0 || bits == 0 ==> \result == -EINVAL || \result == -EFAULT;
    ensures refused: \result == -EFAULT || \result == -EINVAL || \result == -EAGAIN ==> ghost_kernel == \old(ghost_kernel) && ghost_app == \old(ghost_app); */
static int64_t wait(const uint64_t arg[6], uint32_t bits)
{
    uint64_t user = arg[0], deadline;
    uint32_t word;
    int64_t status = deadline_of(arg[3], arg[1], &deadline);

    if (status != 0)
        return status;
    if (bits == 0 || user % sizeof word != 0)
        return -EINVAL;
    if (copy_in_u32(&word, user) != 0)
        return -EFAULT;
    if (word != (uint32_t)arg[2])
        return -EAGAIN;
    status = sched_block(user, bits, deadline);
    return status == -EINTR && deadline == SCHED_FOREVER ? -ERESTARTSYS : status;
}

/*@ requires positive: least >= 0;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == (count < least ? least : count); */
static uint32_t at_least(int32_t count, int32_t least)
{
    return (uint32_t)(count < least ? least : count);
}

/* Linux wakes one before it compares the count. */
/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns ghost_kernel;
    ensures status: \result == -EFAULT || \result == -EINVAL || 0 <= \result <= INT32_MAX;
    ensures aligned: arg[0] % 4 != 0 || bits == 0 ==> \result == -EINVAL;
    ensures most: \result > 1 ==> \result <= (int32_t)arg[2];
    ensures refused: \result < 0 ==> ghost_kernel == \old(ghost_kernel); */
static int64_t wake(const uint64_t arg[6], uint32_t bits)
{
    int32_t count = (int32_t)arg[2];
    int64_t status = judge_word(arg[0], arg[1]);

    if (bits == 0)
        return -EINVAL;
    return status != 0 ? status : sched_wake(arg[0], bits, at_least(count, 1));
}

/* Some go on, others wait for another word from now on; both are counted. */
/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns ghost_kernel;
    ensures status: \result == -EFAULT || \result == -EINVAL || (\result == -EAGAIN && is_compared) || 0 <= \result;
    ensures counts: (int32_t)arg[2] < 0 || (int32_t)arg[3] < 0 ==> \result == -EINVAL;
    ensures aligned: arg[0] % 4 != 0 || arg[4] % 4 != 0 ==> \result == -EINVAL || \result == -EFAULT;
    ensures most: \result >= 0 ==> \result <= (int32_t)arg[2] + (int32_t)arg[3];
    ensures refused: \result < 0 ==> ghost_kernel == \old(ghost_kernel); */
static int64_t requeue(const uint64_t arg[6], bool is_compared)
{
    uint64_t user = arg[0], user_other = arg[4];
    int32_t wakes = (int32_t)arg[2], moves = (int32_t)arg[3];
    int64_t status = judge_word(user, arg[1]);
    uint32_t word, woken;

    if (wakes < 0 || moves < 0)
        return -EINVAL;
    if (status == 0)
        status = judge_word(user_other, arg[1]);
    if (status != 0)
        return status;
    if (is_compared && copy_in_u32(&word, user) != 0)
        return -EFAULT;
    if (is_compared && word != (uint32_t)arg[5])
        return -EAGAIN;
    woken = sched_wake(user, SCHED_ANY, at_least(wakes, 0));
    return woken + waiters_move(user, user_other, at_least(moves, 0));
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \false; exits \false; assigns ghost_kernel, ghost_app, ghost_ns, ghost_base, ghost_deadline, ghost_in_word[0 .. 1];
    ensures status: \result == 0 || \result == -EFAULT || \result == -EINVAL || \result == -EAGAIN || \result == -ETIMEDOUT || \result == -EINTR || \result == -ERESTARTSYS || \result == -ENOSYS || \result >= 0;
    ensures clock: (arg[1] & FUTEX_CLOCK_REALTIME) != 0 && ((uint32_t)arg[1] & FUTEX_CMD_MASK) != FUTEX_WAIT_BITSET ==> \result == -ENOSYS;
    ensures wakes: ((uint32_t)arg[1] & FUTEX_CMD_MASK) == FUTEX_WAKE && arg[0] % 4 != 0 ==> \result == -EINVAL || \result == -ENOSYS;
    ensures refused: \result == -ENOSYS || \result == -EFAULT || \result == -EINVAL || \result == -EAGAIN ==> ghost_kernel == \old(ghost_kernel) && ghost_app == \old(ghost_app); */
int64_t sys_futex(const uint64_t arg[6])
{
    uint32_t command = (uint32_t)arg[1] & FUTEX_CMD_MASK;

    if ((arg[1] & FUTEX_CLOCK_REALTIME) && command != FUTEX_WAIT_BITSET)
        return -ENOSYS;
    switch (command) {
    case FUTEX_WAIT:
        return wait(arg, FUTEX_BITSET_MATCH_ANY);
    case FUTEX_WAIT_BITSET:
        return wait(arg, (uint32_t)arg[5]);
    case FUTEX_WAKE:
        return wake(arg, FUTEX_BITSET_MATCH_ANY);
    case FUTEX_WAKE_BITSET:
        return wake(arg, (uint32_t)arg[5]);
    case FUTEX_REQUEUE:
        return requeue(arg, false);
    case FUTEX_CMP_REQUEUE:
        return requeue(arg, true);
    default:
        return -ENOSYS;
    }
}

void futex_wake_one(uint64_t user)
{
    (void)sched_wake(user, SCHED_ANY, 1);
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    requires runs: ghost_self < THREAD_MAX;
    terminates \true; exits \false; assigns thread_areas[ghost_self].thread.robust_list;
    ensures exact: \result == (\old(arg[1]) == 24 ? 0 : -EINVAL);
    ensures refused: \result != 0 ==> thread_areas[ghost_self].thread.robust_list == \old(thread_areas[ghost_self].thread.robust_list);
    ensures set: \result == 0 ==> thread_areas[ghost_self].thread.robust_list == \old(arg[0]); */
int64_t sys_set_robust_list(const uint64_t arg[6])
{
    if (arg[1] != sizeof(struct robust_list_head))
        return -EINVAL;
    thread_current()->robust_list = arg[0];
    return 0;
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    requires runs: ghost_self < THREAD_MAX;
    terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0];
    ensures status: \result == 0 || \result == -EFAULT || \result == -ESRCH;
    ensures none: \result == -ESRCH <==> ThreadMeant((uint32_t)arg[0]) == THREAD_NONE;
    ensures refused: \result == -ESRCH ==> ghost_app == \old(ghost_app);
    ensures told: \result == 0 ==> CopiedTo(arg[1], 8)
      && ghost_out_word[0] == thread_areas[ThreadMeant((uint32_t)arg[0])].thread.robust_list; */
int64_t sys_get_robust_list(const uint64_t arg[6])
{
    uint32_t slot = thread_meant(arg[0]);

    if (slot == THREAD_NONE)
        return -ESRCH;
    if (copy_out_u64(arg[2], sizeof(struct robust_list_head)) != 0)
        return -EFAULT;
    return copy_out_u64(arg[1], thread_at(slot)->robust_list);
}

/* The word of a mutex that the ending thread held, or was about to take. Another thread may mark it as waited for at the same moment: then it
   is looked at again, but not for ever. */
/*@ terminates \true; exits \false; assigns ghost_app, ghost_kernel, ghost_out_at, ghost_out_size, ghost_out_word[0 .. 1];
    ensures status: \result == 0 || \result == -EFAULT;
    ensures aligned: user % 4 != 0 ==> \result == -EFAULT && ghost_app == \old(ghost_app);
    ensures died: NothingOut{Pre, Post} || (ghost_out_at == user && DeadMarked(id)); */
static int release_word(uint64_t user, uint32_t id)
{
    enum { TRIES = 1000 };
    uint32_t word, seen;

    if (user % sizeof word != 0 || copy_in_u32(&seen, user) != 0)
        return -EFAULT;
    /*@ loop invariant bound: 0 <= i <= TRIES;
        loop invariant died: NothingOut{Pre, Here} || (ghost_out_at == user && DeadMarked(id));
        loop assigns i, word, seen, ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0 .. 1];
        loop variant TRIES - i; */
    for (uint32_t i = 0; i < TRIES; i++) {
        word = seen;
        if ((word & FUTEX_TID_MASK) != id)
            return 0;
        if (user_swap_word(user, &seen, word & FUTEX_WAITERS ? FUTEX_WAITERS | FUTEX_OWNER_DIED : FUTEX_OWNER_DIED) !=
            0)
            return -EFAULT;
        if (seen == word) {
            futex_wake_one(user);
            return 0;
        }
    }
    return 0;
}

/* struct robust_list_head, in words. Bit 0 of a link marks a mutex with priority inheritance, which there is none of; the mutex's word lies
   at an offset from the link. */
enum { FIRST, OFFSET, PENDING, HEAD_WORDS };

void futex_release_robust(uint64_t user_head, uint32_t id)
{
    uint64_t user_entry, user_next, head[HEAD_WORDS];

    if (user_head == 0 || copy_in_words(head, user_head, HEAD_WORDS) != 0)
        return;
    user_entry = head[FIRST] & ~1ULL;
    /*@ loop invariant bound: 0 <= i <= ROBUST_LIST_LIMIT;
        loop invariant died: NothingOut{Pre, Here} || DeadMarked(id);
        loop assigns i, user_entry, user_next, ghost_app, ghost_kernel, ghost_out_at, ghost_out_size, ghost_out_word[0 .. 1], ghost_in_u64;
        loop variant ROBUST_LIST_LIMIT - i; */
    for (uint32_t i = 0; i < ROBUST_LIST_LIMIT && user_entry != user_head; i++, user_entry = user_next & ~1ULL) {
        /* The next link is read first: who is woken may take the entry out. */
        if (copy_in_u64(&user_next, user_entry) != 0)
            return;
        if (user_entry != (head[PENDING] & ~1ULL) && release_word(user_entry + head[OFFSET], id) != 0)
            return;
    }
    if (head[PENDING] != 0)
        (void)release_word((head[PENDING] & ~1ULL) + head[OFFSET], id);
}
