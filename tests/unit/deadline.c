/* SPDX-License-Identifier: BSD-2-Clause */
/* The heap of deadlines against a model: one number for each thread. */
/* links: kernel/deadline.c */
#include "kernel/deadline.h"
#include "check.h"
#include <stdint.h>
#include <stdlib.h>

static uint64_t model[DEADLINE_THREADS];

static uint64_t model_first(uint32_t limit)
{
    uint64_t first = DEADLINE_NEVER;

    for (uint32_t i = 0; i < limit; i++)
        first = model[i] < first ? model[i] : first;
    return first;
}

/* Threads below limit only, so that the heap is also small. */
static void step(uint32_t limit)
{
    uint32_t thread = (uint32_t)random() % limit;

    if (random() % 4 == 0) {
        uint64_t now = (uint64_t)random() % 300, first = model_first(limit);
        thread = deadline_take(now);
        CHECK_EQ(thread != DEADLINE_NONE, first <= now);
        if (thread != DEADLINE_NONE) {
            CHECK_EQ(model[thread], first);
            model[thread] = DEADLINE_NEVER;
        }
    } else if (model[thread] == DEADLINE_NEVER && random() % 3 != 0) {
        model[thread] = (uint64_t)random() % 1000;
        deadline_set(thread, model[thread]);
    } else {
        model[thread] = DEADLINE_NEVER;
        deadline_clear(thread);
    }
    CHECK_EQ(deadline_first(), model_first(limit));
}

int main(void)
{
    static const uint32_t limits[] = { 1, 2, 3, 7, 40, DEADLINE_THREADS };

    srandom(1);
    for (uint32_t i = 0; i < DEADLINE_THREADS; i++)
        model[i] = DEADLINE_NEVER;
    CHECK_EQ(deadline_first(), DEADLINE_NEVER);
    CHECK_EQ(deadline_take(DEADLINE_NEVER), DEADLINE_NONE);
    for (uint32_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
        for (uint32_t n = 0; n < 20000; n++)
            step(limits[i]);
    /* full, with pairs of equal ones, and taken out in order */
    for (uint32_t i = 0; i < DEADLINE_THREADS; i++) {
        deadline_clear(i);
        model[i] = DEADLINE_NEVER;
    }
    for (uint32_t i = 0; i < DEADLINE_THREADS; i++)
        deadline_set(i, model[i] = 1000 - i / 2);
    for (uint32_t i = 0; i < DEADLINE_THREADS; i++) {
        CHECK_EQ(deadline_first(), 1000 - DEADLINE_THREADS / 2 + 1 + i / 2);
        CHECK(deadline_take(1000) != DEADLINE_NONE);
    }
    CHECK_EQ(deadline_first(), DEADLINE_NEVER);
    return check_done();
}
