/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include "../check.h"

static volatile int ran_in, runs, ready, stop;
static int ends[2];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int my_id(void)
{
    return (int)syscall(SYS_gettid);
}

static void on_signal(int signal)
{
    (void)signal;
    ran_in = my_id();
    runs++;
}

/* Reads from an empty pipe until a signal ends that. */
static void *reader(void *arg)
{
    char byte;

    *(int *)arg = my_id();
    ready = 1;
    CHECK_ERRNO(read(ends[0], &byte, 1), EINTR);
    stop = 1;
    return NULL;
}

static void *spinner(void *arg)
{
    *(int *)arg = my_id();
    ready = 1;
    while (!stop)
        ;
    return NULL;
}

static pthread_t start(void *(*body)(void *), int *id)
{
    pthread_t thread;

    ready = stop = runs = ran_in = 0;
    CHECK_EQ(pthread_create(&thread, NULL, body, id), 0);
    while (!ready)
        ;
    return thread;
}

/* The first signal may come before the wait has begun: again, until the wait is over. */
static void check_waiting(void)
{
    int id = 0;
    pthread_t thread = start(reader, &id);

    while (!stop) {
        pthread_kill(thread, SIGUSR1);
        usleep(1000);
    }
    pthread_join(thread, NULL);
    CHECK(runs > 0);
    CHECK_EQ(ran_in, id);
    CHECK(id != getpid());
}

static void check_spinning(void)
{
    int id = 0;
    pthread_t thread = start(spinner, &id);

    CHECK_EQ(syscall(SYS_tgkill, getpid(), id, SIGUSR1), 0);
    while (runs == 0)
        ;
    stop = 1;
    pthread_join(thread, NULL);
    CHECK_EQ(runs, 1);
    CHECK_EQ(ran_in, id);
    CHECK_ERRNO(syscall(SYS_tgkill, getpid(), 4194303, SIGUSR1), ESRCH);
    CHECK_ERRNO(syscall(SYS_tgkill, getpid() + 1, getpid(), 0), ESRCH);
    CHECK_ERRNO(syscall(SYS_tgkill, getpid(), getpid(), 65), EINVAL);
    CHECK_ERRNO(syscall(SYS_tkill, 0, SIGUSR1), EINVAL);
    CHECK_EQ(syscall(SYS_tkill, my_id(), 0), 0);
}

static void *waits_for_stop(void *arg)
{
    (void)arg;
    while (!stop)
        ;
    return NULL;
}

/* Sent before the thread has executed an instruction. */
static void check_new(void)
{
    for (int i = 0; i < 20; i++) {
        pthread_t thread;

        stop = runs = 0;
        CHECK_EQ(pthread_create(&thread, NULL, waits_for_stop, NULL), 0);
        pthread_kill(thread, SIGUSR1);
        while (runs == 0)
            ;
        stop = 1;
        pthread_join(thread, NULL);
        CHECK_EQ(runs, 1);
        CHECK(ran_in != getpid());
    }
}

static void block(int how)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGALRM);
    pthread_sigmask(how, &set, NULL);
}

/* The first thread blocks it, so another one takes it. */
static void check_process(void)
{
    struct itimerval timer = { .it_value.tv_usec = 10000 };
    int id = 0;
    pthread_t thread = start(spinner, &id);

    block(SIG_BLOCK);
    kill(getpid(), SIGUSR1);
    while (runs == 0)
        ;
    CHECK_EQ(ran_in, id);
    setitimer(ITIMER_REAL, &timer, NULL);
    while (runs == 1)
        ;
    CHECK_EQ(ran_in, id);
    stop = 1;
    pthread_join(thread, NULL);
    /* Nobody takes it now: it waits for the mask. */
    kill(getpid(), SIGUSR1);
    CHECK_EQ(runs, 2);
    block(SIG_UNBLOCK);
    CHECK_EQ(runs, 3);
    CHECK_EQ(ran_in, my_id());
}

static void *taker(void *arg)
{
    sigset_t set;
    siginfo_t info;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    ready = 1;
    for (int i = 0; i < 3; i++) {
        CHECK_EQ(sigwaitinfo(&set, &info), SIGUSR1);
        CHECK_EQ(info.si_code, SI_USER);
        *(volatile int *)arg = i + 1;
    }
    return NULL;
}

/* A thread for signals, as servers have one: all block them, it waits for them. */
static void check_taker(void)
{
    volatile int taken = 0;
    pthread_t thread;

    block(SIG_BLOCK);
    thread = start(taker, (int *)&taken);
    for (int i = 0; i < 3; i++) {
        kill(getpid(), SIGUSR1);
        while (taken == i)
            usleep(100);
    }
    pthread_join(thread, NULL);
    block(SIG_UNBLOCK);
    CHECK_EQ(runs, 0);
}

static void *sleeper(void *arg)
{
    (void)arg;
    ready = 1;
    for (;;)
        pause();
    return NULL;
}

/* musl cancels by a signal. */
static void check_cancel(void)
{
    int id;
    void *result;
    pthread_t thread = start(sleeper, &id);

    CHECK_EQ(pthread_cancel(thread), 0);
    CHECK_EQ(pthread_join(thread, &result), 0);
    CHECK(result == PTHREAD_CANCELED);
}

static void *locker(void *arg)
{
    (void)arg;
    ready = 1;
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
    return NULL;
}

/* A wait for a mutex goes on after the handler. */
static void check_mutex(void)
{
    int id;
    pthread_t thread;

    pthread_mutex_lock(&lock);
    thread = start(locker, &id);
    for (int i = 0; i < 5; i++) {
        usleep(1000);
        pthread_kill(thread, SIGUSR1);
    }
    pthread_mutex_unlock(&lock);
    pthread_join(thread, NULL);
    CHECK(runs > 0);
}

int main(void)
{
    signal(SIGUSR1, on_signal);
    signal(SIGALRM, on_signal);
    siginterrupt(SIGUSR1, 1);
    CHECK_EQ(pipe(ends), 0);
    check_waiting();
    check_spinning();
    check_new();
    check_process();
    check_taker();
    check_cancel();
    check_mutex();
    return check_done();
}
