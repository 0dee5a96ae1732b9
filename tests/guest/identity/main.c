/* SPDX-License-Identifier: BSD-2-Clause */
/* The one process is process 1 of root on one CPU; uname says Linux with a version that starts with Anchorite; sysinfo
   tells no more memory than 64 MiB; limits can be read and set; getrandom never gives the same twice. */
#define _GNU_SOURCE
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "check.h"

static void check_ids(void)
{
    gid_t group[2];
    uid_t id[3] = { 9, 9, 9 };

    CHECK_EQ(getpid(), 1);
    CHECK_EQ(gettid(), 1);
    CHECK_EQ(getppid(), 0);
    CHECK_EQ(getpgrp(), 1);
    CHECK_EQ(getsid(0), 1);
    CHECK(getuid() == 0 && geteuid() == 0 && getgid() == 0 && getegid() == 0);
    CHECK_EQ(getresuid(&id[0], &id[1], &id[2]), 0);
    CHECK(id[0] == 0 && id[1] == 0 && id[2] == 0);
    CHECK(getgroups(2, group) >= 0);
    CHECK_EQ(setuid(0), 0);
    CHECK_ERRNO(getpgid(4711), ESRCH);
}

static void check_names(void)
{
    struct utsname name;
    char host[65] = "";

    CHECK_EQ(uname(&name), 0);
    CHECK(strcmp(name.sysname, "Linux") == 0 && strcmp(name.machine, "x86_64") == 0);
    CHECK(strncmp(name.version, "Anchorite on ", 13) == 0);
    CHECK(atoi(name.release) >= 5);
    CHECK_EQ(gethostname(host, sizeof host), 0);
    CHECK(strcmp(host, name.nodename) == 0);
}

static void check_resources(void)
{
    struct sysinfo info;
    struct rlimit limit;
    struct rusage usage;
    cpu_set_t set;

    CHECK_EQ(sysinfo(&info), 0);
    CHECK(info.totalram * info.mem_unit > 32UL << 20 && info.totalram * info.mem_unit <= 64UL << 20);
    CHECK(info.freeram < info.totalram && info.procs == 1);
    CHECK_EQ(sched_getaffinity(0, sizeof set, &set), 0);
    CHECK_EQ(CPU_COUNT(&set), 1);
    CHECK_EQ(sysconf(_SC_NPROCESSORS_ONLN), 1);
    CHECK_EQ(getrlimit(RLIMIT_STACK, &limit), 0);
    CHECK_EQ(limit.rlim_cur, 8 << 20);
    CHECK_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
    CHECK(limit.rlim_cur >= 64);
    CHECK_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
    CHECK_ERRNO(getrlimit(99, &limit), EINVAL);
    CHECK_EQ(getrusage(RUSAGE_SELF, &usage), 0);
}

static void check_random(void)
{
    unsigned char bytes[20][64] = { 0 };

    for (int i = 0; i < 20; i++)
        CHECK_EQ(getrandom(bytes[i], sizeof bytes[i], i % 2 ? GRND_NONBLOCK : 0), sizeof bytes[i]);
    for (int i = 0; i < 20; i++)
        for (int j = 0; j < i; j++)
            CHECK(memcmp(bytes[i], bytes[j], 16) != 0 && memcmp(bytes[i] + 48, bytes[j] + 48, 16) != 0);
    CHECK_EQ(getrandom(NULL, 0, 0), 0);
    CHECK_ERRNO(getrandom(bytes, 1, 0x80), EINVAL);
}

int main(void)
{
    check_ids();
    check_names();
    check_resources();
    check_random();
    return check_done();
}
