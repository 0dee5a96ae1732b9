/* SPDX-License-Identifier: BSD-2-Clause */
#include <fcntl.h>
#include <hermit/syscall.h>
#include <sched.h>
#include <time.h>
#include <unistd.h>

#include "hermit/result.h"

#define TICKS_PER_S 100
#define NS_PER_S    1000000000L
#define NS_PER_MS   1000000L

int sys_fork(void)
{
    return -ENOSYS;
}

int sys_wait(int *status)
{
    (void)status;
    return -ENOSYS;
}

int sys_execve(const char *name, char *const *argv, char *const *env)
{
    (void)name;
    (void)argv;
    (void)env;
    return -ENOSYS;
}

ssize_t sys_read(int fd, char *buf, size_t len)
{
    return result_of(read(fd, buf, len));
}

ssize_t sys_write(int fd, const char *buf, size_t len)
{
    return result_of(write(fd, buf, len));
}

int sys_open(const char *name, int flags, int mode)
{
    return (int)result_of(open(name, flags, mode));
}

int sys_close(int fd)
{
    return (int)result_of(close(fd));
}

off_t sys_lseek(int fd, off_t offset, int whence)
{
    return result_of(lseek(fd, offset, whence));
}

ssize_t sys_sbrk(ssize_t incr)
{
    void *end = sbrk(incr);

    return end == (void *)-1 ? -ENOMEM : (ssize_t)end;
}

void sys_msleep(unsigned int ms)
{
    struct timespec left = { (time_t)ms / 1000, (long)(ms % 1000) * NS_PER_MS };

    while (nanosleep(&left, &left) != 0 && errno == EINTR)
        continue;
}

size_t sys_get_ticks(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (size_t)now.tv_sec * TICKS_PER_S + (size_t)(now.tv_nsec / (NS_PER_S / TICKS_PER_S));
}

void sys_yield(void)
{
    sched_yield();
}
