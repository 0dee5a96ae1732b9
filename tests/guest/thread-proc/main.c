/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

#define THREADS 6

static pthread_barrier_t started, counted;

static void *wait_twice(void *argument)
{
    pthread_barrier_wait(&started);
    pthread_barrier_wait(&counted);
    return argument;
}

static const char *read_file(const char *path)
{
    static char text[4096];
    FILE *file = fopen(path, "r");

    memset(text, 0, sizeof text);
    CHECK(file && fread(text, 1, sizeof text - 1, file) > 0);
    if (file)
        fclose(file);
    return text;
}

/* The number behind a name in /proc/self/status. */
static long status_of(const char *name)
{
    const char *found = strstr(read_file("/proc/self/status"), name);

    return found ? strtol(found + strlen(name), NULL, 10) : -1;
}

/* The field with a number as proc(5) counts; the second is the name in brackets. */
static long stat_field(int number)
{
    char *field = strrchr(read_file("/proc/self/stat"), ')'), *rest = NULL;

    for (int i = 2; field && i < number; i++)
        field = strtok_r(i == 2 ? field + 1 : NULL, " ", &rest);
    return field ? strtol(field, NULL, 10) : -1;
}

/* glibc looks for the stack of the first thread in /proc/self/maps, where it comes last. */
static void check_stack(void)
{
    enum { AREAS = 300 };
    static char *area[AREAS];
    pthread_attr_t attributes;
    void *start = NULL;
    size_t size = 0, lines = 0;
    char line[512];
    FILE *maps;

    for (int i = 0; i < AREAS; i++) {
        area[i] = mmap(NULL, 4096, i % 2 ? PROT_READ : PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        CHECK(area[i] != MAP_FAILED);
    }
    CHECK_EQ(pthread_getattr_np(pthread_self(), &attributes), 0);
    CHECK_EQ(pthread_attr_getstack(&attributes, &start, &size), 0);
    CHECK(line > (char *)start && line < (char *)start + size);
    pthread_attr_destroy(&attributes);
    maps = fopen("/proc/self/maps", "r");
    while (maps && fgets(line, sizeof line, maps)) {
        unsigned long from = 0, to = 0;

        CHECK(sscanf(line, "%lx-%lx ", &from, &to) == 2 && from < to && line[strlen(line) - 1] == '\n');
        lines++;
    }
    CHECK(lines >= AREAS);
    fclose(maps);
}

static void check_clocks(pthread_t other)
{
    struct timespec now;
    clockid_t clock;

    CHECK(pthread_getcpuclockid(pthread_self(), &clock) == 0 && clock_gettime(clock, &now) == 0);
    CHECK(pthread_getcpuclockid(other, &clock) == 0 && clock_gettime(clock, &now) == 0);
    CHECK_EQ(clock_getres(clock, &now), 0);
    CHECK(clock_getcpuclockid(getpid(), &clock) == 0 && clock_gettime(clock, &now) == 0);
    CHECK_ERRNO(clock_gettime(-1, &now), EINVAL);
    CHECK_ERRNO(clock_gettime((clockid_t)(~4000000u << 3 | 6), &now), EINVAL);
}

int main(void)
{
    pthread_t thread[THREADS];

    pthread_barrier_init(&started, NULL, THREADS + 1);
    pthread_barrier_init(&counted, NULL, THREADS + 1);
    CHECK_EQ(status_of("\nThreads:"), 1);
    CHECK_EQ(stat_field(20), 1);
    for (int i = 0; i < THREADS; i++)
        CHECK_EQ(pthread_create(&thread[i], NULL, wait_twice, NULL), 0);
    pthread_barrier_wait(&started);
    CHECK_EQ(status_of("\nThreads:"), THREADS + 1);
    CHECK_EQ(stat_field(20), THREADS + 1);
    CHECK_EQ(status_of("\nTracerPid:"), 0);
    check_clocks(thread[0]);
    check_stack();
    pthread_barrier_wait(&counted);
    for (int i = 0; i < THREADS; i++)
        CHECK_EQ(pthread_join(thread[i], NULL), 0);
    return check_done();
}
