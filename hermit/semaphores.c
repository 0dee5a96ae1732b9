/* SPDX-License-Identifier: BSD-2-Clause */
#include <hermit/syscall.h>
#include <time.h>

#include "hermit/result.h"

#define NS_PER_S  1000000000L
#define NS_PER_MS 1000000L

int sys_sem_init(sem_t **sem, unsigned int value)
{
    sem_t *made;

    if (!sem)
        return -EINVAL;
    made = malloc(sizeof *made);
    if (!made)
        return -ENOMEM;
    if (sem_init(made, 0, value) != 0) {
        free(made);
        return -EINVAL;
    }
    *sem = made;
    return 0;
}

int sys_sem_destroy(sem_t *sem)
{
    if (!sem)
        return -EINVAL;
    sem_destroy(sem);
    free(sem);
    return 0;
}

int sys_sem_wait(sem_t *sem)
{
    return sys_sem_timedwait(sem, 0);
}

int sys_sem_post(sem_t *sem)
{
    return sem ? (int)result_of(sem_post(sem)) : -EINVAL;
}

static int wait_until(sem_t *sem, const struct timespec *deadline)
{
    return deadline ? sem_timedwait(sem, deadline) : sem_wait(sem);
}

int sys_sem_timedwait(sem_t *sem, unsigned int ms)
{
    struct timespec deadline;
    int status;

    if (!sem)
        return -EINVAL;
    clock_gettime(CLOCK_REALTIME, &deadline);
    deadline.tv_nsec += (long)(ms % 1000) * NS_PER_MS;
    deadline.tv_sec += (time_t)(ms / 1000) + deadline.tv_nsec / NS_PER_S;
    deadline.tv_nsec %= NS_PER_S;
    do
        status = wait_until(sem, ms ? &deadline : NULL);
    while (status != 0 && errno == EINTR);
    if (status != 0)
        return errno == ETIMEDOUT ? -ETIME : -errno;
    return 0;
}

int sys_sem_cancelablewait(sem_t *sem, unsigned int ms)
{
    return sys_sem_timedwait(sem, ms);
}
