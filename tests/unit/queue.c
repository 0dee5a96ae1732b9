/* SPDX-License-Identifier: BSD-2-Clause */
/* Queues of threads against a model: an array of members for each queue. */
/* links: kernel/queue.c */
#include "kernel/queue.h"
#include "check.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define NOWHERE 0xffffffffu

static struct {
    uint32_t member[QUEUE_THREADS], count;
} model[QUEUE_COUNT];
static uint32_t where[QUEUE_THREADS];

static void model_remove(uint32_t thread)
{
    uint32_t *m = model[where[thread]].member, i = 0;

    while (m[i] != thread)
        i++;
    memmove(&m[i], &m[i + 1], (--model[where[thread]].count - i) * sizeof *m);
    where[thread] = NOWHERE;
}

static void check_queue(uint32_t q)
{
    uint32_t place = QUEUE_THREADS + q, at = place;

    for (uint32_t i = 0; i < model[q].count; i++) {
        CHECK_EQ(queue_after(at), model[q].member[i]);
        CHECK_EQ(queue_before(queue_after(at)), at);
        at = queue_after(at);
    }
    CHECK_EQ(queue_after(at), place);
    CHECK_EQ(queue_before(place), at);
    CHECK_EQ(queue_is_empty(place), model[q].count == 0);
}

static void step(void)
{
    uint32_t thread = (uint32_t)random() % QUEUE_THREADS, q = (uint32_t)random() % QUEUE_COUNT;

    if (where[thread] == NOWHERE) {
        queue_append(QUEUE_THREADS + q, thread);
        model[q].member[model[q].count++] = thread;
        where[thread] = q;
        check_queue(q);
    } else {
        q = where[thread];
        queue_remove(thread);
        model_remove(thread);
        check_queue(q);
    }
}

int main(void)
{
    srandom(1);
    queue_start();
    memset(where, 0xff, sizeof where);
    for (uint32_t i = 0; i < 200000; i++)
        step();
    for (uint32_t q = 0; q < QUEUE_COUNT; q++)
        check_queue(q);
    return check_done();
}
