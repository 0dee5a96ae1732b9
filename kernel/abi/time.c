/* SPDX-License-Identifier: BSD-2-Clause */
#include <linux/errno.h>
#include <linux/resource.h>
#include <linux/time.h>
#include <linux/time_types.h>
#include <linux/times.h>

#include "drivers/platform.h"
#include "kernel/abi/time.h"
#include "kernel/sched.h"
#include "kernel/thread.h"
#include "lib/limits.h"
#include "mm/user.h"

#define NS_PER_S    1000000000ULL
#define NS_PER_US   1000ULL
#define NS_PER_TICK 10000000ULL /* CLOCK_TICKS of 100 in kernel/stack.c */
#define SECONDS_MAX (SCHED_FOREVER / NS_PER_S - 1)

int64_t time_copy_in(uint64_t user, uint64_t *ns)
{
    struct __kernel_timespec t;

    if (user_copy_in(&t, user, sizeof t) != 0)
        return -EFAULT;
    if (t.tv_sec < 0 || t.tv_nsec < 0 || (uint64_t)t.tv_nsec >= NS_PER_S)
        return -EINVAL;
    *ns = (uint64_t)t.tv_sec > SECONDS_MAX ? SCHED_FOREVER : (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
    return 0;
}

uint64_t time_to_monotonic(uint64_t realtime_ns)
{
    uint64_t base = platform.clock_wall_base();

    return realtime_ns > base ? realtime_ns - base : 0;
}

static int64_t timespec_copy_out(uint64_t user, uint64_t ns)
{
    struct __kernel_timespec t = { (int64_t)(ns / NS_PER_S), (long long)(ns % NS_PER_S) };

    return user_copy_out(user, &t, sizeof t);
}

static uint64_t realtime(void)
{
    return platform.clock_wall_base() + platform.clock_monotonic();
}

/* Linux's number of the CPU clock of a thread or process: ~id << 3, 4 for a thread's, and which of three kinds. */
static bool is_cpu_clock(uint32_t clock)
{
    enum { KIND = 3, KIND_NONE = 3, OF_THREAD = 4, NUMBERS = 0x80000000u };
    uint32_t id = ~(uint32_t)((int32_t)clock >> 3);

    if (!(clock & NUMBERS) || (clock & KIND) == KIND_NONE)
        return false;
    return id == 0 || (clock & OF_THREAD ? thread_find(id) != THREAD_NONE : id == PROCESS_ID);
}

/* The clocks that exist: real time, and time since boot under several names. CPU time is time since boot: one program. */
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
        *ns = platform.clock_monotonic();
        return true;
    default:
        *ns = platform.clock_monotonic();
        return is_cpu_clock((uint32_t)id);
    }
}

int64_t sys_clock_gettime(const uint64_t arg[6])
{
    uint64_t ns;

    if (!clock_read(arg[0], &ns))
        return -EINVAL;
    return timespec_copy_out(arg[1], ns);
}

int64_t sys_clock_getres(const uint64_t arg[6])
{
    uint64_t ns;

    if (!clock_read(arg[0], &ns))
        return -EINVAL;
    return arg[1] == 0 ? 0 : timespec_copy_out(arg[1], 1);
}

/* Ended by a signal, a sleep for some time tells what was left of it; user_left may be 0. */
static int64_t sleep_for(uint64_t ns, uint64_t user_left)
{
    uint64_t deadline = sum_at_most(platform.clock_monotonic(), ns), now;

    if (sched_sleep(deadline) == 0)
        return 0;
    now = platform.clock_monotonic();
    if (user_left != 0 && timespec_copy_out(user_left, deadline > now ? deadline - now : 0) != 0)
        return -EFAULT;
    return -EINTR;
}

int64_t sys_nanosleep(const uint64_t arg[6])
{
    uint64_t ns;
    int64_t status = time_copy_in(arg[0], &ns);

    return status != 0 ? status : sleep_for(ns, arg[1]);
}

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

int64_t sys_gettimeofday(const uint64_t arg[6])
{
    uint64_t ns = realtime();
    struct __kernel_old_timeval t = { (long)(ns / NS_PER_S), (long)(ns % NS_PER_S / NS_PER_US) };

    if (arg[0] != 0 && user_copy_out(arg[0], &t, sizeof t) != 0)
        return -EFAULT;
    return arg[1] == 0 ? 0 : user_zero(arg[1], sizeof(struct timezone));
}

int64_t sys_time(const uint64_t arg[6])
{
    int64_t seconds = (int64_t)(realtime() / NS_PER_S);

    if (arg[0] != 0 && user_copy_out(arg[0], &seconds, sizeof seconds) != 0)
        return -EFAULT;
    return seconds;
}

int64_t sys_times(const uint64_t arg[6])
{
    struct tms t = { 0 };

    t.tms_utime = (long)(platform.clock_monotonic() / NS_PER_TICK);
    if (arg[0] != 0 && user_copy_out(arg[0], &t, sizeof t) != 0)
        return -EFAULT;
    return t.tms_utime;
}

int64_t sys_getrusage(const uint64_t arg[6])
{
    struct rusage usage = { 0 };
    uint64_t ns = platform.clock_monotonic();

    if ((int32_t)arg[0] < RUSAGE_CHILDREN || (int32_t)arg[0] > RUSAGE_THREAD)
        return -EINVAL;
    if ((int32_t)arg[0] != RUSAGE_CHILDREN) {
        usage.ru_utime.tv_sec = (long)(ns / NS_PER_S);
        usage.ru_utime.tv_usec = (long)(ns % NS_PER_S / NS_PER_US);
    }
    return user_copy_out(arg[1], &usage, sizeof usage);
}
