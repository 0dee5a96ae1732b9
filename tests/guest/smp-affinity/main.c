/* SPDX-License-Identifier: BSD-2-Clause */
/* What a program is told about CPUs is so: how many, which one it runs on, and where it may run. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "check.h"

static int cpus;

/* By system call: sched_getcpu may ask the vDSO. */
static int cpu_now(void)
{
    unsigned cpu = 999, node = 999;

    CHECK(syscall(SYS_getcpu, &cpu, &node, 0) == 0 && node == 0);
    return (int)cpu;
}

static cpu_set_t only(int cpu)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    return set;
}

static void go_to(int cpu)
{
    cpu_set_t set = only(cpu), got;

    CHECK_EQ(sched_setaffinity(0, sizeof set, &set), 0);
    CHECK_EQ(cpu_now(), cpu);
    CHECK_EQ(sched_getcpu(), cpu);
    CPU_ZERO(&got);
    CHECK_EQ(sched_getaffinity(0, sizeof got, &got), 0);
    CHECK(CPU_EQUAL(&set, &got));
}

static atomic_int must_stop, where = -1;
static atomic_int tid;

/* Says where it runs, in no call that blocks. */
static void *tell(void *arg)
{
    atomic_store(&tid, (int)syscall(SYS_gettid));
    while (!atomic_load(&must_stop))
        atomic_store(&where, sched_getcpu());
    return arg;
}

static void *inherit(void *arg)
{
    CHECK_EQ(cpu_now(), (int)(long)arg);
    return 0;
}

int main(int argc, char **argv)
{
    cpu_set_t set;
    pthread_t thread;
    char text[64] = "";
    FILE *online = fopen("/sys/devices/system/cpu/online", "r");

    cpus = argc > 1 ? atoi(argv[1]) : (int)sysconf(_SC_NPROCESSORS_ONLN);
    CHECK_EQ(sysconf(_SC_NPROCESSORS_ONLN), cpus);
    CHECK_EQ(sysconf(_SC_NPROCESSORS_CONF), cpus);
    CHECK_EQ(get_nprocs(), cpus);
    CHECK(online && fgets(text, sizeof text, online));
    CHECK(cpus == 1 ? strcmp(text, "0\n") == 0 : atoi(strchr(text, '-') + 1) == cpus - 1);
    CHECK_EQ(sched_getaffinity(0, sizeof set, &set), 0);
    CHECK_EQ(CPU_COUNT(&set), cpus);
    for (int round = 0; round < 50; round++)
        go_to(round % cpus);
    go_to(cpus - 1);
    CHECK_EQ(pthread_create(&thread, 0, inherit, (void *)(long)(cpus - 1)), 0);
    pthread_join(thread, 0);
    /* Another thread is moved while it runs. */
    CHECK_EQ(pthread_create(&thread, 0, tell, 0), 0);
    while (atomic_load(&tid) == 0)
        sched_yield();
    for (int round = 0; round < 20; round++) {
        set = only(round % cpus);
        CHECK_EQ(sched_setaffinity(atomic_load(&tid), sizeof set, &set), 0);
        while (atomic_load(&where) != round % cpus)
            sched_yield();
        for (int i = 0; i < 100; i++)
            CHECK_EQ(atomic_load(&where), round % cpus);
    }
    atomic_store(&must_stop, 1);
    pthread_join(thread, 0);
    CPU_ZERO(&set);
    CHECK_ERRNO(sched_setaffinity(0, sizeof set, &set), EINVAL);
    set = only(cpus);
    CHECK_ERRNO(sched_setaffinity(0, sizeof set, &set), EINVAL);
    CPU_SET(0, &set);
    CHECK_EQ(sched_setaffinity(0, sizeof set, &set), 0);
    CHECK_EQ(cpu_now(), 0);
    CHECK_ERRNO(sched_setaffinity(999999, sizeof set, &set), ESRCH);
    CHECK_ERRNO(sched_getaffinity(0, 4, &set), EINVAL);
    return check_done();
}
