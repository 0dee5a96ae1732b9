/* SPDX-License-Identifier: BSD-2-Clause */
/* A signal ends epoll_wait always, a read only when its handler says so; epoll_pwait takes it with the mask it was given; a write that
   nobody will read is SIGPIPE, unless the call asks for none. */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "check.h"

static volatile int alarms, pipes;

static void count(int signal)
{
    alarms += signal == SIGALRM;
    pipes += signal == SIGPIPE;
}

static void handle(int signal, int flags)
{
    struct sigaction action = { .sa_handler = count, .sa_flags = flags };

    CHECK_EQ(sigaction(signal, &action, NULL), 0);
}

/* Again and again, for the first may come before the wait has begun; 0: no more. */
static void alarm_every(long microseconds)
{
    struct itimerval time = { { 0, microseconds }, { 0, microseconds } };

    CHECK_EQ(setitimer(ITIMER_REAL, &time, NULL), 0);
    alarms = 0;
}

static void check_waits(int set)
{
    struct epoll_event event;
    uint64_t value = 0;
    struct itimerspec later = { { 0, 0 }, { 0, 50000000 } }, never = { { 0, 0 }, { 10000, 0 } };
    int timer = timerfd_create(CLOCK_MONOTONIC, 0), counter = eventfd(0, 0);

    handle(SIGALRM, SA_RESTART);
    alarm_every(3000);
    CHECK_ERRNO(epoll_wait(set, &event, 1, -1), EINTR);
    CHECK(alarms >= 1);
    CHECK_EQ(timerfd_settime(timer, 0, &later, NULL), 0);
    alarm_every(3000);
    CHECK_EQ(read(timer, &value, 8), 8);
    CHECK(value == 1 && alarms >= 1);
    handle(SIGALRM, 0);
    CHECK_ERRNO(read(counter, &value, 8), EINTR);
    CHECK_EQ(timerfd_settime(timer, 0, &never, NULL), 0);
    CHECK_ERRNO(read(timer, &value, 8), EINTR);
    alarm_every(0);
    close(timer);
    close(counter);
}

static void check_mask(int set)
{
    struct epoll_event event;
    sigset_t block, none, now;

    sigemptyset(&none);
    sigemptyset(&block);
    sigaddset(&block, SIGALRM);
    CHECK_EQ(sigprocmask(SIG_BLOCK, &block, NULL), 0);
    raise(SIGALRM);
    CHECK_EQ(epoll_wait(set, &event, 1, 1), 0);
    CHECK_EQ(alarms, 0);
    CHECK_ERRNO(epoll_pwait(set, &event, 1, -1, &none), EINTR);
    CHECK_EQ(alarms, 1);
    CHECK(sigprocmask(SIG_BLOCK, NULL, &now) == 0 && sigismember(&now, SIGALRM));
    CHECK_EQ(epoll_pwait(set, &event, 1, 0, &none), 0);
    CHECK(sigprocmask(SIG_BLOCK, NULL, &now) == 0 && sigismember(&now, SIGALRM));
}

static void check_pipe_signal(void)
{
    int s[2];

    handle(SIGPIPE, 0);
    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
    close(s[1]);
    CHECK_ERRNO(send(s[0], "x", 1, MSG_NOSIGNAL), EPIPE);
    CHECK_EQ(pipes, 0);
    CHECK_ERRNO(send(s[0], "x", 1, 0), EPIPE);
    CHECK_EQ(pipes, 1);
    CHECK_ERRNO(write(s[0], "x", 1), EPIPE);
    CHECK_EQ(pipes, 2);
    close(s[0]);
    CHECK_EQ(pipe(s), 0);
    close(s[0]);
    CHECK_ERRNO(write(s[1], "x", 1), EPIPE);
    CHECK_EQ(pipes, 3);
    close(s[1]);
}

int main(void)
{
    int set = epoll_create1(0);

    check_waits(set);
    check_mask(set);
    check_pipe_signal();
    return check_done();
}
