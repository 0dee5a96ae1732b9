/* SPDX-License-Identifier: BSD-2-Clause */
/* Setting a file's times. */
#include "kernel/abi/file.h"
#include "kernel/fs/node.h"
#include "kernel/fs/open.h"
#include "kernel/fs/path.h"
#include "mm/user.h"
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/time.h>
#include <linux/time_types.h>
#include <stddef.h>

#define NS_PER_SECOND 1000000000
#define NS_PER_MICRO  1000
#define SECONDS_MAX   (INT64_MAX / NS_PER_SECOND - 1)

/* utimensat(2): values of tv_nsec, which no UAPI header has. */
#define UTIME_NOW  0x3fffffff
#define UTIME_OMIT 0x3ffffffe

/* The two times of a call, access and modification, each with UTIME_NOW or UTIME_OMIT as its nanoseconds if it said so. */
struct times {
    struct __kernel_timespec time[2];
};

#include "spec/file_time.acsl"

static const struct times times_now = { { { .tv_nsec = UTIME_NOW }, { .tv_nsec = UTIME_NOW } } };

/*@ requires valid: \valid_read(time);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> TimeGood(time); */
static bool time_is_good(const struct __kernel_timespec *time)
{
    return time->tv_nsec == UTIME_NOW || time->tv_nsec == UTIME_OMIT ||
           (time->tv_nsec >= 0 && time->tv_nsec < NS_PER_SECOND);
}

/*@ requires valid: \valid(place) && \valid_read(time) && \separated(place, time) && TimeGood(time);
    terminates \true; exits \false; assigns *place;
    ensures now: time->tv_nsec == UTIME_NOW ==> *place == now;
    ensures omit: time->tv_nsec == UTIME_OMIT ==> *place == \old(*place);
    ensures said: TimeSaid(time) ==> *place == TimeSeconds(time) * NS_PER_SECOND + time->tv_nsec; */
static void time_set(int64_t *place, const struct __kernel_timespec *time, int64_t now)
{
    int64_t seconds = time->tv_sec;
    if (seconds > SECONDS_MAX)
        seconds = SECONDS_MAX;
    if (seconds < -SECONDS_MAX)
        seconds = -SECONDS_MAX;
    if (time->tv_nsec == UTIME_NOW)
        *place = now;
    else if (time->tv_nsec != UTIME_OMIT)
        *place = seconds * NS_PER_SECOND + time->tv_nsec;
}

static int64_t times_set(struct node *node, const struct times *times)
{
    int64_t now = node_now();
    time_set(&node->atime, &times->time[0], now);
    time_set(&node->mtime, &times->time[1], now);
    node->ctime = now;
    return 0;
}

static int64_t times_set_path(uint64_t dirfd, uint64_t user_path, unsigned flags, const struct times *times)
{
    struct place place;
    int status = path_find_user(dirfd, user_path, flags, &place);
    return status != 0 ? status : times_set(node_at(place.node), times);
}

int64_t sys_utimensat(const uint64_t arg[6])
{
    struct times times = times_now;
    uint32_t flags = (uint32_t)arg[3];
    if (arg[2] != 0 && user_copy_in(&times, arg[2], sizeof(times)) != 0)
        return -EFAULT;
    if (times.time[0].tv_nsec == UTIME_OMIT && times.time[1].tv_nsec == UTIME_OMIT)
        return 0;
    if (!time_is_good(&times.time[0]) || !time_is_good(&times.time[1]))
        return -EINVAL;
    if (arg[1] == 0 && (int)arg[0] != AT_FDCWD) {
        const struct open_file *file = fd_file(arg[0]);
        if (flags != 0)
            return -EINVAL;
        return file == NULL ? -EBADF : times_set(node_at(file->node), &times);
    }
    if ((flags & ~(uint32_t)(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) != 0)
        return -EINVAL;
    unsigned walk = (flags & AT_SYMLINK_NOFOLLOW) != 0 ? 0 : PATH_FOLLOW;
    return times_set_path(arg[0], arg[1], walk | ((flags & AT_EMPTY_PATH) != 0 ? PATH_EMPTY : 0u), &times);
}

/* utimes and futimesat: microseconds. */
static int64_t times_micro(uint64_t dirfd, uint64_t user_path, uint64_t user_times)
{
    struct __kernel_old_timeval value[2];
    struct times times = times_now;
    if (user_times != 0) {
        if (user_copy_in(value, user_times, sizeof(value)) != 0)
            return -EFAULT;
        for (int i = 0; i < 2; i++) {
            if (value[i].tv_usec < 0 || value[i].tv_usec >= NS_PER_SECOND / NS_PER_MICRO)
                return -EINVAL;
            times.time[i].tv_sec = value[i].tv_sec;
            times.time[i].tv_nsec = value[i].tv_usec * NS_PER_MICRO;
        }
    }
    return times_set_path(dirfd, user_path, PATH_FOLLOW, &times);
}

int64_t sys_utimes(const uint64_t arg[6])
{
    return times_micro((uint64_t)AT_FDCWD, arg[0], arg[1]);
}

int64_t sys_futimesat(const uint64_t arg[6])
{
    return times_micro(arg[0], arg[1], arg[2]);
}

/* utime: whole seconds. */
int64_t sys_utime(const uint64_t arg[6])
{
    int64_t seconds[2];
    struct times times = times_now;
    if (arg[1] != 0) {
        if (user_copy_in(seconds, arg[1], sizeof(seconds)) != 0)
            return -EFAULT;
        times = (struct times){ { { .tv_sec = seconds[0] }, { .tv_sec = seconds[1] } } };
    }
    return times_set_path((uint64_t)AT_FDCWD, arg[0], PATH_FOLLOW, &times);
}
