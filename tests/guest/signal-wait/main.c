/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "../check.h"

#define FUTEX_WAIT 0

static volatile int count;
static int ends[2];
static char write_in_handler;

static void on_alarm(int signal)
{
    (void)signal;
    count++;
    if (write_in_handler && count == 1 && write(ends[1], "x", 1) != 1)
        puts("cannot write");
}

static void handle(int flags)
{
    struct sigaction action = { .sa_handler = on_alarm, .sa_flags = flags };

    sigaction(SIGALRM, &action, NULL);
}

/* SIGALRM comes in so many milliseconds; 0: never. */
static void soon(int milliseconds)
{
    struct itimerval timer = { .it_value.tv_usec = milliseconds * 1000 };

    CHECK_EQ(setitimer(ITIMER_REAL, &timer, NULL), 0);
}

/* And again and again, until it ends a wait: the first may come before that has begun. */
static void often(void)
{
    struct itimerval timer = { { 0, 10000 }, { 0, 10000 } };

    CHECK_EQ(setitimer(ITIMER_REAL, &timer, NULL), 0);
}

static void check_ended(void)
{
    struct timespec second = { 10, 0 }, left = { 0, 0 };
    struct pollfd wanted = { .fd = ends[0], .events = POLLIN };
    uint32_t word = 0;
    fd_set set;
    char byte;

    handle(0);
    often();
    CHECK_ERRNO(read(ends[0], &byte, 1), EINTR);
    CHECK_ERRNO(syscall(SYS_futex, &word, FUTEX_WAIT, 0, NULL, NULL, 0), EINTR);
    /* These are never made again. */
    handle(SA_RESTART);
    CHECK_ERRNO(nanosleep(&second, &left), EINTR);
    CHECK(left.tv_sec == 9);
    left.tv_sec = 0;
    CHECK_EQ(clock_nanosleep(CLOCK_MONOTONIC, 0, &second, &left), EINTR);
    CHECK_EQ(left.tv_sec, 9);
    CHECK_ERRNO(poll(&wanted, 1, -1), EINTR);
    CHECK_ERRNO(poll(&wanted, 1, 10000), EINTR);
    FD_ZERO(&set);
    FD_SET(ends[0], &set);
    CHECK_ERRNO(select(ends[0] + 1, &set, NULL, NULL, NULL), EINTR);
    CHECK_ERRNO(pause(), EINTR);
    CHECK_ERRNO(syscall(SYS_futex, &word, FUTEX_WAIT, 0, &second, NULL, 0), EINTR);
    CHECK(count >= 9);
    soon(0);
}

static void check_restarted(void)
{
    char byte = 0;

    handle(SA_RESTART);
    write_in_handler = 1;
    count = 0;
    often();
    CHECK_EQ(read(ends[0], &byte, 1), 1);
    CHECK_EQ(byte, 'x');
    soon(0);
    write_in_handler = 0;
}

/* What is ignored ends no wait. */
static void check_ignored(void)
{
    struct timespec time = { 0, 30000000 };

    signal(SIGALRM, SIG_IGN);
    soon(10);
    CHECK_EQ(nanosleep(&time, NULL), 0);
}

static void check_suspend(void)
{
    sigset_t set, old, during, now;
    struct pollfd wanted = { .fd = ends[0], .events = POLLIN };
    struct timespec time = { 10, 0 };

    handle(0);
    sigemptyset(&set);
    sigaddset(&set, SIGALRM);
    sigprocmask(SIG_BLOCK, &set, &old);
    count = 0;
    raise(SIGALRM);
    CHECK_EQ(count, 0);
    during = old;
    sigdelset(&during, SIGALRM);
    CHECK_ERRNO(sigsuspend(&during), EINTR);
    CHECK_EQ(count, 1);
    sigprocmask(SIG_SETMASK, NULL, &now);
    CHECK(sigismember(&now, SIGALRM));
    soon(10);
    CHECK_ERRNO(sigsuspend(&during), EINTR);
    CHECK_EQ(count, 2);
    soon(10);
    CHECK_ERRNO(ppoll(&wanted, 1, &time, &during), EINTR);
    CHECK_EQ(count, 3);
    sigprocmask(SIG_SETMASK, NULL, &now);
    CHECK(sigismember(&now, SIGALRM));
    soon(10);
    time.tv_sec = 0;
    time.tv_nsec = 40000000;
    CHECK_EQ(ppoll(&wanted, 1, &time, &set), 0); /* blocked there too */
    CHECK_EQ(count, 3);
    sigprocmask(SIG_SETMASK, &old, NULL);
    CHECK_EQ(count, 4);
}

static void check_timed_wait(void)
{
    struct timespec time = { 0, 20000000 };
    sigset_t set, old;
    siginfo_t info;

    sigemptyset(&set);
    sigaddset(&set, SIGALRM);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, &old);
    CHECK_ERRNO(sigtimedwait(&set, &info, &time), EAGAIN);
    time.tv_nsec = 0;
    CHECK_ERRNO(sigtimedwait(&set, &info, &time), EAGAIN);
    soon(10);
    time.tv_sec = 10;
    CHECK_EQ(sigtimedwait(&set, &info, &time), SIGALRM);
    CHECK_EQ(info.si_signo, SIGALRM);
    CHECK_EQ(info.si_code, SI_KERNEL);
    kill(getpid(), SIGUSR1);
    CHECK_EQ(sigwaitinfo(&set, &info), SIGUSR1);
    CHECK_EQ(info.si_pid, getpid());
    /* Another signal, which has a handler, ends it. */
    sigdelset(&set, SIGALRM);
    sigprocmask(SIG_SETMASK, &set, NULL);
    often();
    CHECK_ERRNO(syscall(SYS_rt_sigtimedwait, &set, &info, &time, 8), EINTR); /* musl would wait again */
    soon(0);
    sigprocmask(SIG_SETMASK, &old, NULL);
    time.tv_nsec = 1000000000;
    CHECK_ERRNO(sigtimedwait(&set, &info, &time), EINVAL);
}

static void check_timer(void)
{
    struct itimerval timer = { { 0, 5000 }, { 0, 5000 } }, old;

    handle(0);
    count = 0;
    CHECK_EQ(setitimer(ITIMER_REAL, &timer, NULL), 0);
    while (count < 5) /* in ring 3 all the time */
        ;
    memset(&timer, 0, sizeof timer);
    CHECK_EQ(setitimer(ITIMER_REAL, &timer, &old), 0);
    CHECK_EQ(old.it_interval.tv_usec, 5000);
    CHECK(old.it_value.tv_sec == 0 && old.it_value.tv_usec <= 5000);
    CHECK_EQ(getitimer(ITIMER_REAL, &old), 0);
    CHECK_EQ(old.it_value.tv_usec + old.it_interval.tv_usec, 0);
    timer.it_value.tv_usec = 1000000;
    CHECK_ERRNO(setitimer(ITIMER_REAL, &timer, NULL), EINVAL);
    CHECK_ERRNO(setitimer(77, &old, NULL), EINVAL);
    CHECK_EQ(alarm(100), 0);
    CHECK_EQ(alarm(0), 100);
    CHECK_EQ(alarm(0), 0);
}

static void check_pipe(void)
{
    int broken[2];

    CHECK_EQ(pipe(broken), 0);
    close(broken[0]);
    count = 0;
    signal(SIGPIPE, on_alarm);
    CHECK_ERRNO(write(broken[1], "x", 1), EPIPE);
    CHECK_EQ(count, 1);
    signal(SIGPIPE, SIG_IGN);
    CHECK_ERRNO(write(broken[1], "x", 1), EPIPE);
    CHECK_EQ(count, 1);
}

int main(void)
{
    CHECK_EQ(pipe(ends), 0);
    check_ended();
    check_restarted();
    check_ignored();
    check_suspend();
    check_timed_wait();
    check_timer();
    check_pipe();
    return check_done();
}
