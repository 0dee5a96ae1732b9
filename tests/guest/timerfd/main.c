/* SPDX-License-Identifier: BSD-2-Clause */
/* A timer counts its expirations: once, at an interval, at a moment long ago; reads and all that waits wait for it. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

#define MS   1000000L
#define SOME ((struct itimerspec *)16)

static uint64_t count(int fd)
{
    uint64_t n = 0;

    CHECK_EQ(read(fd, &n, sizeof n), 8);
    return n;
}

static void set(int fd, int flags, struct timespec value, long interval)
{
    struct itimerspec setting = { { 0, interval }, value };

    CHECK_EQ(timerfd_settime(fd, flags, &setting, NULL), 0);
}

static void check_once(int clock)
{
    int fd = timerfd_create(clock, TFD_NONBLOCK | TFD_CLOEXEC);
    struct itimerspec left;
    uint64_t n;

    CHECK(fd >= 0);
    CHECK_ERRNO(read(fd, &n, sizeof n), EAGAIN);
    set(fd, 0, (struct timespec){ 1000, 0 }, 7);
    CHECK_EQ(timerfd_gettime(fd, &left), 0);
    CHECK(left.it_value.tv_sec >= 999 && left.it_value.tv_sec <= 1000 && left.it_interval.tv_nsec == 7);
    CHECK_ERRNO(read(fd, &n, sizeof n), EAGAIN);
    set(fd, 0, (struct timespec){ 0, 2 * MS }, 0);
    CHECK_EQ(fcntl(fd, F_SETFL, 0), 0);
    CHECK_EQ(count(fd), 1);
    CHECK_EQ(timerfd_gettime(fd, &left), 0);
    CHECK(left.it_value.tv_sec == 0 && left.it_value.tv_nsec == 0);
    CHECK_EQ(close(fd), 0);
}

static void check_interval(void)
{
    int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    struct timespec now, pause = { 0, 5 * MS };
    struct itimerspec none = { { 0, 0 }, { 0, 0 } }, old;
    uint64_t n;

    set(fd, 0, (struct timespec){ 0, MS }, MS);
    nanosleep(&pause, NULL);
    CHECK(count(fd) >= 5);
    nanosleep(&pause, NULL);
    CHECK_EQ(timerfd_settime(fd, 0, &none, &old), 0);
    CHECK(old.it_interval.tv_nsec == MS && old.it_value.tv_nsec > 0 && old.it_value.tv_nsec <= MS);
    CHECK_ERRNO(read(fd, &n, sizeof n), EAGAIN);
    /* from a moment long ago on: all that were missed */
    CHECK_EQ(clock_gettime(CLOCK_MONOTONIC, &now), 0);
    CHECK(now.tv_sec > 0 || now.tv_nsec > 1000);
    set(fd, TFD_TIMER_ABSTIME, (struct timespec){ 0, 1 }, 1);
    CHECK(count(fd) >= (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec - 1);
    CHECK_EQ(close(fd), 0);
}

static void check_absolute(int clock)
{
    int fd = timerfd_create(clock, 0);
    struct timespec at, now;

    CHECK_EQ(clock_gettime(clock, &at), 0);
    at.tv_nsec += 3 * MS;
    if (at.tv_nsec >= 1000 * MS) {
        at.tv_sec++;
        at.tv_nsec -= 1000 * MS;
    }
    set(fd, TFD_TIMER_ABSTIME, at, 0);
    CHECK_EQ(count(fd), 1);
    CHECK_EQ(clock_gettime(clock, &now), 0);
    CHECK(now.tv_sec > at.tv_sec || (now.tv_sec == at.tv_sec && now.tv_nsec >= at.tv_nsec));
    set(fd, TFD_TIMER_ABSTIME, (struct timespec){ 1, 0 }, 0);
    CHECK_EQ(count(fd), 1);
    CHECK_EQ(close(fd), 0);
}

static void check_waits(void)
{
    int first = timerfd_create(CLOCK_MONOTONIC, 0), second = timerfd_create(CLOCK_MONOTONIC, 0);
    int all = epoll_create1(0), outer = epoll_create1(0);
    struct pollfd wait[2] = { { first, POLLIN, 0 }, { second, POLLIN, 0 } };
    struct epoll_event event = { .events = EPOLLIN | EPOLLET, .data.fd = first };

    set(first, 0, (struct timespec){ 100, 0 }, 0);
    set(second, 0, (struct timespec){ 0, MS }, 0);
    CHECK_EQ(poll(wait, 2, -1), 1);
    CHECK(wait[0].revents == 0 && wait[1].revents == POLLIN);
    CHECK_EQ(count(second), 1);
    CHECK_EQ(poll(wait, 2, 1), 0);
    CHECK_EQ(epoll_ctl(all, EPOLL_CTL_ADD, first, &event), 0);
    CHECK_EQ(epoll_wait(all, &event, 1, 1), 0);
    set(first, 0, (struct timespec){ 0, MS }, MS);
    CHECK_EQ(epoll_wait(all, &event, 1, -1), 1);
    /* nobody read it: it does not expire again */
    CHECK_EQ(epoll_wait(all, &event, 1, 5), 0);
    CHECK(count(first) >= 5);
    CHECK_EQ(epoll_wait(all, &event, 1, -1), 1);
    CHECK_EQ(event.data.fd, first);
    CHECK(count(first) >= 1);
    event.data.fd = all;
    CHECK_EQ(epoll_ctl(outer, EPOLL_CTL_ADD, all, &event), 0);
    CHECK_EQ(epoll_wait(outer, &event, 1, -1), 1);
    CHECK_EQ(event.data.fd, all);
    close(first);
    CHECK_EQ(epoll_wait(all, &event, 1, 2), 0);
    close(second);
    close(all);
    close(outer);
}

static void check_bad(void)
{
    int fd = timerfd_create(CLOCK_MONOTONIC, 0);
    struct itimerspec setting = { { 0, 0 }, { 0, 1000 * MS } };
    char text[8];

    CHECK_ERRNO(timerfd_create(CLOCK_PROCESS_CPUTIME_ID, 0), EINVAL);
    CHECK_ERRNO(timerfd_create(77, 0), EINVAL);
    CHECK_ERRNO(timerfd_create(CLOCK_MONOTONIC, 1), EINVAL);
    CHECK_ERRNO(timerfd_settime(fd, 0, &setting, NULL), EINVAL);
    setting.it_value = (struct timespec){ -1, 0 };
    CHECK_ERRNO(timerfd_settime(fd, 0, &setting, NULL), EINVAL);
    setting.it_value = (struct timespec){ 0, 1 };
    setting.it_interval = (struct timespec){ 0, -1 };
    CHECK_ERRNO(timerfd_settime(fd, 0, &setting, NULL), EINVAL);
    setting.it_interval = (struct timespec){ 0, 0 };
    CHECK_ERRNO(timerfd_settime(fd, 4, &setting, NULL), EINVAL);
    CHECK_ERRNO(timerfd_settime(99, 0, &setting, NULL), EBADF);
    CHECK_ERRNO(timerfd_settime(0, 0, &setting, NULL), EINVAL);
    CHECK_ERRNO(timerfd_settime(fd, 0, SOME, NULL), EFAULT);
    CHECK_ERRNO(timerfd_settime(fd, 0, &setting, SOME), EFAULT);
    CHECK_ERRNO(timerfd_gettime(fd, SOME), EFAULT);
    CHECK_ERRNO(timerfd_gettime(0, &setting), EINVAL);
    CHECK_ERRNO(timerfd_gettime(99, &setting), EBADF);
    CHECK_ERRNO(read(fd, text, 7), EINVAL);
    CHECK_ERRNO(write(fd, text, 8), EINVAL);
    setting.it_value = (struct timespec){ INT64_MAX, 999999999 };
    CHECK_EQ(timerfd_settime(fd, 0, &setting, NULL), 0);
    CHECK_EQ(close(fd), 0);
}

int main(void)
{
    check_once(CLOCK_MONOTONIC);
    check_once(CLOCK_REALTIME);
    check_once(CLOCK_BOOTTIME);
    check_interval();
    check_absolute(CLOCK_MONOTONIC);
    check_absolute(CLOCK_REALTIME);
    check_waits();
    check_bad();
    return check_done();
}
