/* SPDX-License-Identifier: BSD-2-Clause */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

static void *other(void *arg)
{
    usleep(50000);
    printf("other %d\n", (int)syscall(SYS_tgkill, getpid(), getpid(), 0) + 1); /* the process's id stays known */
    usleep(50000);
    printf("other 2\n");
    fflush(stdout);
    syscall(SYS_exit, 9);
    return arg;
}

int main(void)
{
    pthread_t thread;

    if (pthread_create(&thread, 0, other, 0))
        return 1;
    printf("first 1\n");
    fflush(stdout);
    syscall(SYS_exit, 5 + 256);
    return 2;
}
