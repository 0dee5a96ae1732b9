/* SPDX-License-Identifier: BSD-2-Clause */
/* mm/user.h's two copies, one for each type that system calls take and give. The prover knows a copy by its type only, and believes
   what stands here: spec/proof.md. Each answers 0 or -EFAULT. */
#ifndef KERNEL_ABI_COPY_H
#define KERNEL_ABI_COPY_H
#include <linux/errno.h>
#include <linux/resource.h>
#include <linux/signal.h>
#include <linux/time.h>
#include <linux/time_types.h>
#include <linux/times.h>

#include "kernel/signal.h"
#include "lib/state.h"
#include "mm/user.h"
#include "mm/user_range.h"

/*@ predicate CopyStatus(integer status) = status == 0 || status == -EFAULT; */

/*@ requires valid: \valid(value);
    terminates \true; exits \false; assigns *value;
    ensures status: CopyStatus(\result); */
static inline int copy_in_u32(uint32_t *value, uint64_t user)
{
    return user_copy_in(value, user, sizeof *value);
}

/*@ requires valid: \valid(value);
    terminates \true; exits \false; assigns *value, ghost_in_word[0];
    ensures status: CopyStatus(\result);
    ensures copied: ghost_in_word[0] == *value; */
static inline int copy_in_i32(int32_t *value, uint64_t user)
{
    return user_copy_in(value, user, sizeof *value);
}

/*@ requires valid: \valid(value);
    terminates \true; exits \false; assigns *value, ghost_in_u64;
    ensures status: CopyStatus(\result);
    ensures copied: ghost_in_u64 == *value; */
static inline int copy_in_u64(uint64_t *value, uint64_t user)
{
    return user_copy_in(value, user, sizeof *value);
}

/*@ requires valid: \valid(words + (0 .. n - 1)) && n <= 8;
    terminates \true; exits \false; assigns words[0 .. n - 1];
    ensures status: CopyStatus(\result); */
static inline int copy_in_words(uint64_t *words, uint64_t user, uint64_t n)
{
    return user_copy_in(words, user, n * sizeof *words);
}

/* A word's low n bytes; the others stay. */
/*@ requires valid: \valid(value) && n <= 8;
    terminates \true; exits \false; assigns *value, ghost_in_u64;
    ensures status: CopyStatus(\result);
    ensures copied: ghost_in_u64 == *value; */
static inline int copy_in_low(uint64_t *value, uint64_t user, uint64_t n)
{
    return user_copy_in(value, user, n);
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

/*@ requires size: n <= 8;
    terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0];
    ensures status: CopyStatus(\result);
    ensures copied: CopiedTo(user, n) && ghost_out_word[0] == value; */
static inline int copy_out_low(uint64_t user, uint64_t value, uint64_t n)
{
    return user_copy_out(user, &value, n);
}

/*@ requires valid: \valid(time);
    terminates \true; exits \false; assigns *time, ghost_in_word[0 .. 1];
    ensures status: CopyStatus(\result);
    ensures copied: ghost_in_word[0] == time->tv_sec && ghost_in_word[1] == time->tv_nsec; */
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

/*@ requires valid: \valid_read(info);
    terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size;
    ensures status: CopyStatus(\result);
    ensures copied: CopiedTo(user, sizeof(struct signal_info));
    ensures half: \result == 0 ==> InUserHalf(user, sizeof(struct signal_info)); */
static inline int copy_out_signal_info(uint64_t user, const struct signal_info *info)
{
    return user_copy_out(user, info, sizeof *info);
}

/*@ requires valid: \valid(action);
    terminates \true; exits \false; assigns *action;
    ensures status: CopyStatus(\result); */
static inline int copy_in_signal_action(struct signal_action *action, uint64_t user)
{
    return user_copy_in(action, user, sizeof *action);
}

/*@ requires valid: \valid_read(action);
    terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0 .. 3];
    ensures status: CopyStatus(\result);
    ensures copied: CopiedTo(user, sizeof(struct signal_action)) && CopiedWords(action->handler, action->flags)
      && ghost_out_word[2] == action->restorer && ghost_out_word[3] == action->mask; */
static inline int copy_out_signal_action(uint64_t user, const struct signal_action *action)
{
    return user_copy_out(user, action, sizeof *action);
}

/*@ requires valid: \valid(limit);
    terminates \true; exits \false; assigns *limit;
    ensures status: CopyStatus(\result); */
static inline int copy_in_rlimit(struct rlimit64 *limit, uint64_t user)
{
    return user_copy_in(limit, user, sizeof *limit);
}

/*@ requires valid: \valid_read(limit);
    terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0 .. 1];
    ensures status: CopyStatus(\result);
    ensures copied: CopiedTo(user, sizeof(struct rlimit64)) && CopiedWords(limit->rlim_cur, limit->rlim_max); */
static inline int copy_out_rlimit(uint64_t user, const struct rlimit64 *limit)
{
    return user_copy_out(user, limit, sizeof *limit);
}

/*@ requires valid: \valid(timer);
    terminates \true; exits \false; assigns *timer;
    ensures status: CopyStatus(\result); */
static inline int copy_in_itimerval(struct __kernel_old_itimerval *timer, uint64_t user)
{
    return user_copy_in(timer, user, sizeof *timer);
}

/*@ requires valid: \valid_read(timer);
    terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0 .. 3];
    ensures status: CopyStatus(\result);
    ensures copied: CopiedTo(user, sizeof(struct __kernel_old_itimerval)) && CopiedWords((uint64_t)timer->it_interval.tv_sec, (uint64_t)timer->it_interval.tv_usec)
      && ghost_out_word[2] == (uint64_t)timer->it_value.tv_sec && ghost_out_word[3] == (uint64_t)timer->it_value.tv_usec; */
static inline int copy_out_itimerval(uint64_t user, const struct __kernel_old_itimerval *timer)
{
    return user_copy_out(user, timer, sizeof *timer);
}

/*@ requires valid: \valid_read(bytes + (0 .. n - 1));
    terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size;
    ensures status: CopyStatus(\result);
    ensures copied: CopiedTo(user, n);
    ensures half: \result == 0 ==> InUserHalf(user, n); */
static inline int copy_out_bytes(uint64_t user, const uint8_t *bytes, uint64_t n)
{
    return user_copy_out(user, bytes, n);
}

/*@ requires valid: \valid(stack);
    terminates \true; exits \false; assigns *stack;
    ensures status: CopyStatus(\result); */
static inline int copy_in_stack(stack_t *stack, uint64_t user)
{
    return user_copy_in(stack, user, sizeof *stack);
}

/*@ requires valid: \valid_read(stack);
    terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0 .. 2];
    ensures status: CopyStatus(\result);
    ensures copied: CopiedTo(user, sizeof(stack_t)) && ghost_out_word[0] == (uint64_t)stack->ss_sp
      && ghost_out_word[1] == (uint32_t)stack->ss_flags && ghost_out_word[2] == stack->ss_size; */
static inline int copy_out_stack(uint64_t user, const stack_t *stack)
{
    return user_copy_out(user, stack, sizeof *stack);
}

/* prctl's name of a thread. */
/*@ requires valid: \valid_read(name + (0 .. THREAD_NAME_SIZE - 1));
    terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size;
    ensures status: CopyStatus(\result);
    ensures copied: CopiedTo(user, THREAD_NAME_SIZE); */
static inline int copy_out_name(uint64_t user, const char *name)
{
    return user_copy_out(user, name, THREAD_NAME_SIZE);
}

/*@ requires valid: \valid(bytes + (0 .. n - 1));
    terminates \true; exits \false; assigns bytes[0 .. n - 1];
    ensures status: CopyStatus(\result); */
static inline int copy_in_bytes(uint8_t *bytes, uint64_t user, uint64_t n)
{
    return user_copy_in(bytes, user, n);
}

/*@ requires valid: \valid_read(timer);
    terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0 .. 3];
    ensures status: CopyStatus(\result);
    ensures copied: CopiedTo(user, 32) && CopiedWords((uint64_t)timer->it_interval.tv_sec, (uint64_t)timer->it_interval.tv_nsec)
      && ghost_out_word[2] == (uint64_t)timer->it_value.tv_sec && ghost_out_word[3] == (uint64_t)timer->it_value.tv_nsec; */
static inline int copy_out_itimerspec(uint64_t user, const struct __kernel_itimerspec *timer)
{
    return user_copy_out(user, timer, sizeof *timer);
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
