/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"

#define NOBODY 0x3fffff
#define KERNEL ((void *)0xffff800000000000)

/* The C libraries do not always make these calls. */
static long call(long number, long first, const void *second, const void *third)
{
    return syscall(number, first, second, third);
}

static void check_parameters(void)
{
    int priority = 7;

    CHECK_EQ(call(SYS_sched_getscheduler, 0, 0, 0), SCHED_OTHER);
    CHECK_EQ(call(SYS_sched_getscheduler, gettid(), 0, 0), SCHED_OTHER);
    CHECK_ERRNO(call(SYS_sched_getscheduler, -1, 0, 0), EINVAL);
    CHECK_ERRNO(call(SYS_sched_getscheduler, NOBODY, 0, 0), ESRCH);
    CHECK_EQ(call(SYS_sched_getparam, 0, &priority, 0), 0);
    CHECK_EQ(priority, 0);
    CHECK_ERRNO(call(SYS_sched_getparam, 0, 0, 0), EINVAL);
    CHECK_ERRNO(call(SYS_sched_getparam, -1, &priority, 0), EINVAL);
    CHECK_ERRNO(call(SYS_sched_getparam, NOBODY, &priority, 0), ESRCH);
    CHECK_ERRNO(call(SYS_sched_getparam, 0, KERNEL, 0), EFAULT);
    CHECK_EQ(call(SYS_sched_setparam, 0, &priority, 0), 0);
    CHECK_ERRNO(call(SYS_sched_setparam, 0, 0, 0), EINVAL);
    CHECK_ERRNO(call(SYS_sched_setparam, 0, KERNEL, 0), EFAULT);
    CHECK_ERRNO(call(SYS_sched_setparam, NOBODY, &priority, 0), ESRCH);
    CHECK_ERRNO(call(SYS_sched_setparam, NOBODY, KERNEL, 0), EFAULT);
    priority = 1;
    CHECK_ERRNO(call(SYS_sched_setparam, 0, &priority, 0), EINVAL);
}

static void check_policies(void)
{
    int zero = 0, one = 1, hundred = 100;

    CHECK_EQ(call(SYS_sched_setscheduler, 0, (void *)SCHED_OTHER, &zero), 0);
    CHECK_EQ(call(SYS_sched_setscheduler, 0, (void *)SCHED_OTHER, &zero), 0);
    CHECK_ERRNO(call(SYS_sched_setscheduler, 0, (void *)SCHED_OTHER, &one), EINVAL);
    CHECK_ERRNO(call(SYS_sched_setscheduler, 0, (void *)SCHED_FIFO, &zero), EINVAL);
    CHECK_ERRNO(call(SYS_sched_setscheduler, 0, (void *)SCHED_RR, &hundred), EINVAL);
    CHECK_ERRNO(call(SYS_sched_setscheduler, 0, (void *)4, &zero), EINVAL);
    CHECK_ERRNO(call(SYS_sched_setscheduler, 0, (void *)-1, &zero), EINVAL);
    CHECK_ERRNO(call(SYS_sched_setscheduler, 0, (void *)SCHED_OTHER, 0), EINVAL);
    CHECK_ERRNO(call(SYS_sched_setscheduler, 0, (void *)SCHED_OTHER, KERNEL), EFAULT);
    CHECK_ERRNO(call(SYS_sched_setscheduler, NOBODY, (void *)SCHED_OTHER, &zero), ESRCH);
    for (int policy = -1; policy < 7; policy++)
        printf("policy %d: %ld to %ld\n", policy, syscall(SYS_sched_get_priority_min, policy),
               syscall(SYS_sched_get_priority_max, policy));
}

static void check_slice(void)
{
    struct timespec slice = { -1, -1 };

    CHECK_EQ(call(SYS_sched_rr_get_interval, 0, &slice, 0), 0);
    CHECK(slice.tv_sec == 0 && slice.tv_nsec >= 0);
    CHECK_ERRNO(call(SYS_sched_rr_get_interval, -1, &slice, 0), EINVAL);
    CHECK_ERRNO(call(SYS_sched_rr_get_interval, NOBODY, &slice, 0), ESRCH);
    CHECK_ERRNO(call(SYS_sched_rr_get_interval, 0, KERNEL, 0), EFAULT);
}

static void check_library(void)
{
    struct sched_param parameters = { 5 };
    int policy = -1;

    CHECK_EQ(pthread_getschedparam(pthread_self(), &policy, &parameters), 0);
    CHECK_EQ(policy, SCHED_OTHER);
    CHECK_EQ(parameters.sched_priority, 0);
    CHECK_EQ(pthread_setschedparam(pthread_self(), policy, &parameters), 0);
}

int main(void)
{
    check_parameters();
    check_policies();
    check_slice();
    check_library();
    return check_done();
}
