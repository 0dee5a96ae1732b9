/* SPDX-License-Identifier: BSD-2-Clause */
/* In the manner of EPCC's taskbench: tasks made by one and by all, waited for in each way, with dependences, in trees. */
#include <omp.h>
#include <stdio.h>

#define TASKS 400

static long done;

static void work(void)
{
#pragma omp atomic
    done++;
}

static void by_all(void)
{
#pragma omp parallel
    for (int i = 0; i < TASKS; i++) {
#pragma omp task
        work();
    }
}

static void by_master(void)
{
#pragma omp parallel
#pragma omp master
    for (int i = 0; i < TASKS; i++) {
#pragma omp task
        work();
    }
}

static void with_waits(void)
{
#pragma omp parallel
    for (int i = 0; i < TASKS / 4; i++) {
#pragma omp task
        work();
#pragma omp taskwait
    }
}

static void with_barriers(void)
{
#pragma omp parallel
    for (int i = 0; i < TASKS / 4; i++) {
#pragma omp task
        work();
#pragma omp barrier
    }
}

static void conditional(void)
{
#pragma omp parallel
    for (int i = 0; i < TASKS; i++) {
#pragma omp task if (i % 2) untied
        work();
    }
}

static void grouped(void)
{
#pragma omp parallel
#pragma omp single
    for (int i = 0; i < TASKS / 4; i++) {
        long before;
#pragma omp taskgroup
        for (int j = 0; j < 4; j++) {
#pragma omp task
            work();
        }
#pragma omp atomic read
        before = done;
        if (before != 4 * (i + 1))
            printf("a group was left with %ld done\n", before);
    }
}

static void in_a_loop(void)
{
#pragma omp parallel
#pragma omp single
#pragma omp taskloop grainsize(3)
    for (int i = 0; i < TASKS; i++)
        work();
}

/* A chain: each task needs what the one before left. */
static void dependent(void)
{
    long value = 0;

#pragma omp parallel
#pragma omp single
    for (int i = 0; i < TASKS; i++) {
#pragma omp task depend(inout : value)
        {
            if (value == i)
                work();
            value++;
        }
    }
}

static void tree(int depth)
{
    work();
    if (depth == 0)
        return;
#pragma omp task
    tree(depth - 1);
#pragma omp task
    tree(depth - 1);
#pragma omp taskwait
}

static void branches(void)
{
#pragma omp parallel
#pragma omp single
    tree(8);
}

int main(void)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } tests[] = { { "all", by_all },          { "master", by_master },
                  { "taskwait", with_waits }, { "barrier", with_barriers },
                  { "if", conditional },      { "taskgroup", grouped },
                  { "taskloop", in_a_loop },  { "depend", dependent },
                  { "tree", branches } };

    printf("%d threads\n", omp_get_max_threads());
    for (unsigned i = 0; i < sizeof tests / sizeof tests[0]; i++) {
        done = 0;
        tests[i].run();
        printf("%-10s %5ld tasks\n", tests[i].name, done);
    }
    return 0;
}
