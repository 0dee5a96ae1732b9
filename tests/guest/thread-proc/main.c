/* SPDX-License-Identifier: BSD-2-Clause */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

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
    pthread_barrier_wait(&counted);
    for (int i = 0; i < THREADS; i++)
        CHECK_EQ(pthread_join(thread[i], NULL), 0);
    return check_done();
}
