/* SPDX-License-Identifier: BSD-2-Clause */
/* What of OpenMP needs threads that wait for each other; the team has four because the environment says so. */
#include <omp.h>
#include <stdbool.h>
#include <string.h>

#include "check.h"

#define COUNT 2000

static int own;
#pragma omp threadprivate(own)

static void check_loops(void)
{
    static int seen[3][COUNT];
    long sum = 0;
    int greatest = 0;

#pragma omp parallel
    {
#pragma omp for schedule(static, 7) nowait
        for (int i = 0; i < COUNT; i++)
            seen[0][i]++;
#pragma omp for schedule(dynamic, 3)
        for (int i = 0; i < COUNT; i++)
            seen[1][i]++;
#pragma omp for schedule(guided) reduction(+ : sum) reduction(max : greatest)
        for (int i = 0; i < COUNT; i++) {
            seen[2][i]++;
            sum += i;
            greatest = i > greatest ? i : greatest;
        }
    }
    CHECK_EQ(sum, (long)COUNT * (COUNT - 1) / 2);
    CHECK_EQ(greatest, COUNT - 1);
    for (int i = 0; i < COUNT; i++)
        CHECK(seen[0][i] == 1 && seen[1][i] == 1 && seen[2][i] == 1);
}

static void check_exclusion(void)
{
    long in_critical = 0, in_atomic = 0, in_lock = 0, in_nest = 0;
    omp_lock_t lock;
    omp_nest_lock_t nest;

    omp_init_lock(&lock);
    omp_init_nest_lock(&nest);
#pragma omp parallel
    for (int i = 0; i < 500; i++) {
#pragma omp critical(one)
        in_critical++;
#pragma omp atomic
        in_atomic++;
        omp_set_lock(&lock);
        in_lock++;
        omp_unset_lock(&lock);
        omp_set_nest_lock(&nest);
        omp_set_nest_lock(&nest);
        in_nest++;
        omp_unset_nest_lock(&nest);
        omp_unset_nest_lock(&nest);
    }
    CHECK(in_critical == 2000 && in_atomic == 2000 && in_lock == 2000 && in_nest == 2000);
    omp_destroy_lock(&lock);
    omp_destroy_nest_lock(&nest);
}

/* Barriers: nobody is two phases ahead. Ordered: the order of one. */
static void check_order(void)
{
    int phase[4] = { 0 }, handed = 0, singles = 0, masters = 0, next = 0;

#pragma omp parallel
    {
        int me = omp_get_thread_num(), value = 0;

        for (int step = 1; step <= 50; step++) {
            phase[me] = step;
#pragma omp barrier
            for (int i = 0; i < 4; i++)
                if (phase[i] != step) {
#pragma omp atomic
                    check_failures++;
                }
#pragma omp barrier
        }
#pragma omp single copyprivate(value)
        {
            singles++;
            value = 77;
        }
#pragma omp master
        masters++;
#pragma omp atomic
        handed += value;
#pragma omp for ordered schedule(dynamic)
        for (int i = 0; i < 100; i++) {
#pragma omp ordered
            {
                check_failures += next != i;
                next = i + 1;
            }
        }
    }
    CHECK(handed == 4 * 77 && singles == 1 && masters == 1 && next == 100);
}

static void check_teams(void)
{
    int inner = 0, sections[3] = { 0 }, kept = 0;

    omp_set_max_active_levels(2);
#pragma omp parallel num_threads(3)
#pragma omp parallel num_threads(2)
    {
#pragma omp atomic
        inner += omp_get_level();
    }
    CHECK_EQ(inner, 3 * 2 * 2);
#pragma omp parallel sections
    {
#pragma omp section
        sections[0]++;
#pragma omp section
        sections[1]++;
#pragma omp section
        sections[2]++;
    }
    CHECK(sections[0] == 1 && sections[1] == 1 && sections[2] == 1);
#pragma omp parallel
    own = omp_get_thread_num() + 10;
#pragma omp parallel reduction(+ : kept)
    kept += own == omp_get_thread_num() + 10;
    CHECK_EQ(kept, 4);
}

static void check_cancel(void)
{
    bool on = omp_get_cancellation();
    int after = 0;

#pragma omp parallel
    {
#pragma omp cancel parallel if (omp_get_thread_num() == 2)
        while (true) {
#pragma omp cancellation point parallel
        }
        after = 1;
    }
    CHECK(on && after == 0);
}

int main(void)
{
    int team = 0;

#pragma omp parallel
#pragma omp master
    team = omp_get_num_threads();
    CHECK_EQ(team, 4);
    CHECK_EQ(omp_get_max_threads(), 4);
    check_loops();
    check_exclusion();
    check_order();
    check_teams();
    check_cancel();
    return check_done();
}
