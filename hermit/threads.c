/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include <hermit/syscall.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "hermit/result.h"

#define MIDDLE_PRIO 8

/* What a new thread takes along, and what it says before its maker goes on. */
struct start {
    void (*entry)(void *);
    void *argument;
    tid_t id;
    sem_t is_known;
};

static __thread tid_t own_id; /* there is no fork that would change it */
static __thread bool is_cloned;

tid_t sys_getpid(void)
{
    if (__builtin_expect(own_id == 0, 0))
        own_id = (tid_t)syscall(SYS_gettid);
    return own_id;
}

int sys_getprio(tid_t *id)
{
    return id && *id != sys_getpid() ? -EINVAL : MIDDLE_PRIO;
}

int sys_setprio(tid_t *id, int prio)
{
    (void)id;
    (void)prio;
    return -ENOSYS;
}

static void *run(void *arg)
{
    struct start *start = arg;
    void (*entry)(void *) = start->entry;
    void *argument = start->argument;

    is_cloned = true;
    start->id = sys_getpid();
    sem_post(&start->is_known);
    entry(argument);
    return NULL;
}

int sys_clone(tid_t *id, void *ep, void *argv)
{
    struct start start = { (void (*)(void *))ep, argv, 0, { { 0 } } };
    pthread_t thread;
    int error;

    if (!ep)
        return -EINVAL;
    sem_init(&start.is_known, 0, 0);
    error = pthread_create(&thread, NULL, run, &start);
    if (error != 0)
        return -error;
    pthread_detach(thread);
    while (sem_wait(&start.is_known) != 0)
        continue;
    if (id)
        *id = start.id;
    return 0;
}

void sys_exit(int status)
{
    if (is_cloned)
        pthread_exit(NULL);
    _exit(status);
}

int sys_kill(tid_t dest, int signum)
{
    return (int)result_of(syscall(SYS_tgkill, getpid(), dest, signum));
}

/* A fault is not a message: its own end is kept. */
static bool is_sent(int signum)
{
    return signum != SIGKILL && signum != SIGSTOP && signum != SIGSEGV && signum != SIGBUS && signum != SIGILL &&
           signum != SIGFPE && signum != SIGTRAP && signum != SIGABRT && signum != SIGCHLD;
}

int sys_signal(signal_handler_t handler)
{
    struct sigaction action = { .sa_flags = SA_RESTART };

    action.sa_handler = handler ? handler : SIG_DFL;
    for (int signum = 1; signum < SIGSYS; signum++)
        if (is_sent(signum) && sigaction(signum, &action, NULL) != 0)
            return -errno;
    return 0;
}
