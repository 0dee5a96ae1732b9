/* SPDX-License-Identifier: BSD-2-Clause */
/* How long the calls that wait for files wait. */
#ifndef KERNEL_ABI_TIMEOUT_H
#define KERNEL_ABI_TIMEOUT_H
#include <stdint.h>

#include "drivers/platform.h"
#include "kernel/sched.h"

#define NS_PER_SECOND 1000000000ull
#define NS_PER_MILLI  1000000ull

#include "spec/timeout.acsl"

/* The moment so many milliseconds from now: 0 stands for not waiting at all, less for SCHED_FOREVER. */
/*@ terminates \true; exits \false; assigns ghost_ns;
    ensures forever: milliseconds < 0 ==> \result == SCHED_FOREVER;
    ensures exact: milliseconds >= 0 ==> \result == TimeoutAfter(0, milliseconds * NS_PER_MILLI); */
uint64_t timeout_after(int32_t milliseconds);

/* A timeout that the application gives by address, in units of unit nanoseconds. */
struct timeout {
    uint64_t user;
    uint64_t unit;
    uint64_t deadline; /* monotonic, 0: not waiting at all */
};

/* Takes it from user address user (0: no timeout): 0, -EFAULT, -EINVAL. */
/*@ requires valid: \valid(timeout) && (unit == 1 || unit == 1000);
    terminates \true; exits \false; assigns *timeout, ghost_ns, ghost_in_word[0 .. 1];
    ensures status: \result == 0 || \result == -EFAULT || \result == -EINVAL;
    ensures kept: timeout->user == user && timeout->unit == unit;
    ensures forever: \result != 0 || user == 0 ==> timeout->deadline == SCHED_FOREVER;
    ensures none: user == 0 ==> \result == 0;
    ensures given: user != 0 && \result == 0 ==> ghost_in_word[0] >= 0 && ghost_in_word[1] >= 0
      && (unit == 1 ==> ghost_in_word[1] < NS_PER_SECOND);
    ensures refused: user != 0 && \result == -EINVAL ==> ghost_in_word[0] < 0 || ghost_in_word[1] < 0
      || (unit == 1 && ghost_in_word[1] >= NS_PER_SECOND);
    ensures nanoseconds: user != 0 && unit == 1 && \result == 0 ==>
      timeout->deadline == TimeoutAfter(ghost_in_word[0], ghost_in_word[1]);
    ensures microseconds: user != 0 && unit == 1000 && \result == 0 ==>
      timeout->deadline == TimeoutAfter(ghost_in_word[0] + ghost_in_word[1] / 1000000, ghost_in_word[1] % 1000000 * 1000); */
int timeout_take(struct timeout *timeout, uint64_t user, uint64_t unit);

/* Puts what is left of it where it came from. */
/*@ requires valid: \valid_read(timeout) && (timeout->unit == 1 || timeout->unit == 1000);
    terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0 .. 1], ghost_ns;
    ensures nothing: timeout->user == 0 || timeout->deadline == SCHED_FOREVER ==> ghost_app == \old(ghost_app);
    ensures told: timeout->user != 0 && timeout->deadline != SCHED_FOREVER ==> CopiedTo(timeout->user, 16);
    ensures left: timeout->user != 0 && 0 < timeout->deadline < SCHED_FOREVER && timeout->deadline > ghost_ns ==>
      CopiedWords((timeout->deadline - ghost_ns) / NS_PER_SECOND,
                  (timeout->deadline - ghost_ns) % NS_PER_SECOND / timeout->unit);
    ensures over: timeout->user != 0 && timeout->deadline != SCHED_FOREVER
      && (timeout->deadline == 0 || timeout->deadline <= ghost_ns) ==> CopiedWords(0, 0); */
void timeout_give(const struct timeout *timeout);

#endif
