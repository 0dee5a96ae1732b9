/* SPDX-License-Identifier: BSD-2-Clause */
/* mm/user.h's two copies, one for each type that system calls take and give. The prover knows a copy by its type only, and believes
   what stands here: spec/proof.md. Each answers 0 or -EFAULT. */
#ifndef KERNEL_ABI_COPY_H
#define KERNEL_ABI_COPY_H
#include <linux/errno.h>
#include <linux/resource.h>
#include <linux/time.h>
#include <linux/time_types.h>
#include <linux/times.h>

#include "kernel/signal_queue.h"
#include "lib/state.h"
#include "mm/user.h"

/*@ predicate CopyStatus(integer status) = status == 0 || status == -EFAULT; */

/*@ requires valid: \valid(value);
    terminates \true; exits \false; assigns *value;
    ensures status: CopyStatus(\result); */
static inline int copy_in_u32(uint32_t *value, uint64_t user)
{
    return user_copy_in(value, user, sizeof *value);
}

/*@ requires valid: \valid(value);
    terminates \true; exits \false; assigns *value;
    ensures status: CopyStatus(\result); */
static inline int copy_in_u64(uint64_t *value, uint64_t user)
{
    return user_copy_in(value, user, sizeof *value);
}

/*@ terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0];
    ensures status: CopyStatus(\result);
    ensures copied: CopiedTo(user, 4) && ghost_out_word[0] == value; */
static inline int copy_out_u32(uint64_t user, uint32_t value)
{
    return user_copy_out(user, &value, sizeof value);
}

/*@ terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0];
    ensures status: CopyStatus(\result);
    ensures copied: CopiedTo(user, 8) && ghost_out_word[0] == value; */
static inline int copy_out_u64(uint64_t user, uint64_t value)
{
    return user_copy_out(user, &value, sizeof value);
}

/*@ requires valid: \valid(time);
    terminates \true; exits \false; assigns *time;
    ensures status: CopyStatus(\result); */
static inline int copy_in_timespec(struct __kernel_timespec *time, uint64_t user)
{
    return user_copy_in(time, user, sizeof *time);
}

/*@ requires valid: \valid(info);
    terminates \true; exits \false; assigns *info;
    ensures status: CopyStatus(\result); */
static inline int copy_in_signal_info(struct signal_info *info, uint64_t user)
{
    return user_copy_in(info, user, sizeof *info);
}

/* Seconds and nanoseconds, of timespec; or microseconds, of timeval: two words. */
/*@ requires valid: \valid_read(time);
    terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0 .. 1];
    ensures status: CopyStatus(\result);
    ensures copied: CopiedTo(user, 16) && CopiedWords((uint64_t)time->tv_sec, (uint64_t)time->tv_nsec); */
static inline int copy_out_timespec(uint64_t user, const struct __kernel_timespec *time)
{
    return user_copy_out(user, time, sizeof *time);
}

/*@ requires valid: \valid_read(time);
    terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0 .. 1];
    ensures status: CopyStatus(\result);
    ensures copied: CopiedTo(user, 16) && CopiedWords((uint64_t)time->tv_sec, (uint64_t)time->tv_usec); */
static inline int copy_out_timeval(uint64_t user, const struct __kernel_old_timeval *time)
{
    return user_copy_out(user, time, sizeof *time);
}

/*@ requires valid: \valid_read(times);
    terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0 .. 1];
    ensures status: CopyStatus(\result);
    ensures copied: CopiedTo(user, sizeof(struct tms)) && CopiedWords((uint64_t)times->tms_utime, (uint64_t)times->tms_stime); */
static inline int copy_out_tms(uint64_t user, const struct tms *times)
{
    return user_copy_out(user, times, sizeof *times);
}

/*@ requires valid: \valid_read(usage);
    terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0 .. 1];
    ensures status: CopyStatus(\result);
    ensures copied: CopiedTo(user, sizeof(struct rusage))
      && CopiedWords((uint64_t)usage->ru_utime.tv_sec, (uint64_t)usage->ru_utime.tv_usec); */
static inline int copy_out_rusage(uint64_t user, const struct rusage *usage)
{
    return user_copy_out(user, usage, sizeof *usage);
}

#endif
