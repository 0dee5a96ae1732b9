/* SPDX-License-Identifier: BSD-2-Clause */
#include <linux/errno.h>
#include <linux/resource.h>
#include <linux/time.h>
#include <linux/time_types.h>
#include <linux/times.h>

#include "kernel/abi/copy.h"
#include "kernel/abi/time.h"
#include "kernel/sched.h"
#include "kernel/thread.h"
#include "lib/limits.h"

#define NS_PER_S    1000000000ULL
#define NS_PER_US   1000ULL
#define NS_PER_TICK 10000000ULL /* CLOCK_TICKS of 100 in kernel/stack.c */
#define SECONDS_MAX (SCHED_FOREVER / NS_PER_S - 1)

int64_t time_copy_in(uint64_t user, uint64_t *ns)
{
    struct __kernel_timespec t;

    if (copy_in_timespec(&t, user) != 0)
        return -EFAULT;
    if (t.tv_sec < 0 || t.tv_nsec < 0 || (uint64_t)t.tv_nsec >= NS_PER_S)
        return -EINVAL;
    *ns = (uint64_t)t.tv_sec > SECONDS_MAX ? SCHED_FOREVER : (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
    return 0;
}

uint64_t time_to_monotonic(uint64_t realtime_ns)
{
    uint64_t base = platform_wall_base();

    return realtime_ns > base ? realtime_ns - base : 0;
}

/*@ terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0 .. 1];
    ensures status: CopyStatus(\result);
    ensures copied: CopiedTo(user, 16) && CopiedWords(ns / NS_PER_S, ns % NS_PER_S); */
static int64_t timespec_copy_out(uint64_t user, uint64_t ns)
{
    struct __kernel_timespec t = { (int64_t)(ns / NS_PER_S), (long long)(ns % NS_PER_S) };

    return copy_out_timespec(user, &t);
}

/*@ terminates \true; exits \false; assigns ghost_ns, ghost_base;
    ensures exact: \result == TimeReal; */
static uint64_t realtime(void)
{
    return sum_at_most(platform_wall_base(), platform_now());
}

/* Linux's number of the CPU clock of a thread or process: ~id << 3, 4 for a thread's, and which of three kinds. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures number: \result ==> clock >= 0x80000000 && clock % 4 != 3;
    ensures own: clock >= 0xfffffff8 && clock % 4 != 3 ==> \result; */
static bool is_cpu_clock(uint32_t clock)
{
    enum { KINDS = 4, KIND_NONE = 3, OF_THREAD = 4, NUMBERS = 0x80000000u };
    uint32_t id = (UINT32_MAX - clock) / 8; /* ~clock >> 3 */

    if (clock < NUMBERS || clock % KINDS == KIND_NONE)
        return false;
    return id == 0 || (clock & OF_THREAD ? thread_find(id) != THREAD_NONE : id == PROCESS_ID);
}

/* The clocks that exist: real time, and time since boot under several names. CPU time is time since boot: one program. */
/*@ requires valid: \valid(ns);
    terminates \true; exits \false; assigns *ns, ghost_ns, ghost_base;
    ensures known: TimeKnown((uint32_t)id) ==> \result;
    ensures other: \result && !TimeKnown((uint32_t)id) ==> (uint32_t)id >= 0x80000000;
    ensures real: TimeIsReal((uint32_t)id) ==> *ns == TimeReal;
    ensures boot: \result && !TimeIsReal((uint32_t)id) ==> *ns == ghost_ns; */
static bool clock_read(uint64_t id, uint64_t *ns)
{
    switch ((uint32_t)id) {
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE:
    case CLOCK_TAI:
        *ns = realtime();
        return true;
    case CLOCK_MONOTONIC:
    case CLOCK_MONOTONIC_RAW:
    case CLOCK_MONOTONIC_COARSE:
    case CLOCK_BOOTTIME:
    case CLOCK_PROCESS_CPUTIME_ID:
    case CLOCK_THREAD_CPUTIME_ID:
        *ns = platform_now();
        return true;
    default:
        break;
    }
    *ns = platform_now();
    return is_cpu_clock((uint32_t)id);
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0 .. 1], ghost_ns, ghost_base;
    ensures status: CopyStatus(\result) || \result == -EINVAL;
    ensures known: TimeKnown((uint32_t)arg[0]) ==> \result != -EINVAL;
    ensures refused: \result == -EINVAL ==> ghost_app == \old(ghost_app);
    ensures copied: \result == 0 ==> CopiedTo(arg[1], 16);
    ensures real: \result == 0 && TimeIsReal((uint32_t)arg[0]) ==> CopiedWords(TimeReal / NS_PER_S, TimeReal % NS_PER_S);
    ensures boot: \result == 0 && !TimeIsReal((uint32_t)arg[0]) ==> CopiedWords(ghost_ns / NS_PER_S, ghost_ns % NS_PER_S); */
int64_t sys_clock_gettime(const uint64_t arg[6])
{
    uint64_t ns;

    if (!clock_read(arg[0], &ns))
        return -EINVAL;
    return timespec_copy_out(arg[1], ns);
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0 .. 1], ghost_ns, ghost_base;
    ensures status: CopyStatus(\result) || \result == -EINVAL;
    ensures known: TimeKnown((uint32_t)arg[0]) ==> \result != -EINVAL;
    ensures refused: \result == -EINVAL || arg[1] == 0 ==> ghost_app == \old(ghost_app);
    ensures copied: \result == 0 && arg[1] != 0 ==> CopiedTo(arg[1], 16) && CopiedWords(0, 1); */
int64_t sys_clock_getres(const uint64_t arg[6])
{
    uint64_t ns;

    if (!clock_read(arg[0], &ns))
        return -EINVAL;
    return arg[1] == 0 ? 0 : timespec_copy_out(arg[1], 1);
}

/* Ended by a signal, a sleep for some time tells what was left of it; user_left may be 0. */
/*@ terminates \false; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0 .. 1], ghost_kernel, ghost_ns, ghost_deadline;
    ensures status: \result == 0 || \result == -EFAULT || \result == -EINTR;
    ensures slept: \result == 0 ==> ghost_deadline == TimeAhead(ns);
    ensures told: user_left != 0 && \result == -EINTR ==> CopiedTo(user_left, 16); */
static int64_t sleep_for(uint64_t ns, uint64_t user_left)
{
    uint64_t deadline = sum_at_most(platform_now(), ns), now;

    if (sched_sleep(deadline) == 0)
        return 0;
    now = platform_now();
    if (user_left != 0 && timespec_copy_out(user_left, deadline > now ? deadline - now : 0) != 0)
        return -EFAULT;
    return -EINTR;
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \false; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0 .. 1], ghost_kernel, ghost_ns, ghost_deadline, ghost_in_word[0 .. 1];
    ensures status: \result == 0 || \result == -EFAULT || \result == -EINTR || \result == -EINVAL;
    ensures given: \result == 0 || \result == -EINTR ==> TimeGiven;
    ensures slept: \result == 0 ==> ghost_deadline == TimeAhead(TimeIn);
    ensures refused: \result == -EINVAL ==> ghost_kernel == \old(ghost_kernel) && ghost_app == \old(ghost_app);
    ensures told: arg[1] != 0 && \result == -EINTR ==> CopiedTo(arg[1], 16); */
int64_t sys_nanosleep(const uint64_t arg[6])
{
    uint64_t ns;
    int64_t status = time_copy_in(arg[0], &ns);

    return status != 0 ? status : sleep_for(ns, arg[1]);
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \false; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0 .. 1], ghost_kernel, ghost_ns, ghost_base, ghost_deadline,
      ghost_in_word[0 .. 1];
    ensures status: \result == 0 || \result == -EFAULT || \result == -EINTR || \result == -EINVAL;
    ensures clock: (uint32_t)arg[0] != CLOCK_REALTIME && (uint32_t)arg[0] != CLOCK_MONOTONIC
      && (uint32_t)arg[0] != CLOCK_BOOTTIME && (uint32_t)arg[0] != CLOCK_TAI ==> \result == -EINVAL;
    ensures given: \result == 0 || \result == -EINTR ==> TimeGiven;
    ensures slept: \result == 0 && (arg[1] & 1) == 0 ==> ghost_deadline == TimeAhead(TimeIn);
    ensures until: \result == 0 && (arg[1] & 1) == 1 && ((uint32_t)arg[0] == CLOCK_MONOTONIC || (uint32_t)arg[0] == CLOCK_BOOTTIME) ==>
      ghost_deadline == TimeIn;
    ensures real: \result == 0 && (arg[1] & 1) == 1 && ((uint32_t)arg[0] == CLOCK_REALTIME || (uint32_t)arg[0] == CLOCK_TAI) ==>
      ghost_deadline == (TimeIn > ghost_base ? TimeIn - ghost_base : 0);
    ensures refused: \result == -EINVAL ==> ghost_kernel == \old(ghost_kernel) && ghost_app == \old(ghost_app);
    ensures told: (arg[1] & 1) == 0 && arg[3] != 0 && \result == -EINTR ==> CopiedTo(arg[3], 16);
    ensures absolute: (arg[1] & 1) == 1 ==> ghost_out_at == \old(ghost_out_at); */
int64_t sys_clock_nanosleep(const uint64_t arg[6])
{
    enum { ABSOLUTE = 1 }; /* TIMER_ABSTIME */
    uint64_t id = (uint32_t)arg[0], ns;
    int64_t status;

    if (id != CLOCK_REALTIME && id != CLOCK_MONOTONIC && id != CLOCK_BOOTTIME && id != CLOCK_TAI)
        return -EINVAL;
    status = time_copy_in(arg[2], &ns);
    if (status != 0)
        return status;
    if (!(arg[1] & ABSOLUTE))
        return sleep_for(ns, arg[3]);
    return sched_sleep(id == CLOCK_REALTIME || id == CLOCK_TAI ? time_to_monotonic(ns) : ns);
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0 .. 1], ghost_ns, ghost_base;
    ensures status: CopyStatus(\result);
    ensures time: \result == 0 && arg[0] != 0 ==> CopiedWords(TimeReal / NS_PER_S, TimeReal % NS_PER_S / NS_PER_US);
    ensures only: arg[0] != 0 && arg[1] == 0 ==> CopiedTo(arg[0], 16);
    ensures zone: \result == 0 && arg[1] != 0 ==> CopiedTo(arg[1], sizeof(struct timezone));
    ensures nothing: arg[0] == 0 && arg[1] == 0 ==> \result == 0 && ghost_app == \old(ghost_app); */
int64_t sys_gettimeofday(const uint64_t arg[6])
{
    uint64_t ns = realtime();
    struct __kernel_old_timeval t = { (long)(ns / NS_PER_S), (long)(ns % NS_PER_S / NS_PER_US) };

    if (arg[0] != 0 && copy_out_timeval(arg[0], &t) != 0)
        return -EFAULT;
    return arg[1] == 0 ? 0 : user_zero(arg[1], sizeof(struct timezone));
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0 .. 1], ghost_ns, ghost_base;
    ensures result: \result == TimeReal / NS_PER_S || (arg[0] != 0 && \result == -EFAULT);
    ensures copied: arg[0] != 0 ==> CopiedTo(arg[0], 8) && ghost_out_word[0] == TimeReal / NS_PER_S;
    ensures nothing: arg[0] == 0 ==> ghost_app == \old(ghost_app); */
int64_t sys_time(const uint64_t arg[6])
{
    int64_t seconds = (int64_t)(realtime() / NS_PER_S);

    if (arg[0] != 0 && copy_out_u64(arg[0], (uint64_t)seconds) != 0)
        return -EFAULT;
    return seconds;
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0 .. 1], ghost_ns;
    ensures result: \result == ghost_ns / NS_PER_TICK || (arg[0] != 0 && \result == -EFAULT);
    ensures copied: arg[0] != 0 ==> CopiedTo(arg[0], sizeof(struct tms)) && CopiedWords(ghost_ns / NS_PER_TICK, 0);
    ensures nothing: arg[0] == 0 ==> ghost_app == \old(ghost_app); */
int64_t sys_times(const uint64_t arg[6])
{
    struct tms t = { .tms_utime = (long)(platform_now() / NS_PER_TICK) };

    if (arg[0] != 0 && copy_out_tms(arg[0], &t) != 0)
        return -EFAULT;
    return t.tms_utime;
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0 .. 1], ghost_ns;
    ensures status: CopyStatus(\result) || \result == -EINVAL;
    ensures who: \result == -EINVAL <==> (int32_t)arg[0] < RUSAGE_CHILDREN || (int32_t)arg[0] > RUSAGE_THREAD;
    ensures refused: \result == -EINVAL ==> ghost_app == \old(ghost_app);
    ensures copied: \result != -EINVAL ==> CopiedTo(arg[1], sizeof(struct rusage))
      && ((int32_t)arg[0] == RUSAGE_CHILDREN ? CopiedWords(0, 0)
          : CopiedWords(ghost_ns / NS_PER_S, ghost_ns % NS_PER_S / NS_PER_US)); */
int64_t sys_getrusage(const uint64_t arg[6])
{
    struct rusage usage = { 0 };
    uint64_t ns = platform_now();

    if ((int32_t)arg[0] < RUSAGE_CHILDREN || (int32_t)arg[0] > RUSAGE_THREAD)
        return -EINVAL;
    if ((int32_t)arg[0] != RUSAGE_CHILDREN) {
        usage.ru_utime.tv_sec = (long)(ns / NS_PER_S);
        usage.ru_utime.tv_usec = (long)(ns % NS_PER_S / NS_PER_US);
    }
    return copy_out_rusage(arg[1], &usage);
}
