/* SPDX-License-Identifier: BSD-2-Clause */
/* Who waits for what, against a model: all waiters in the order they came. Few keys, so that buckets and keys are shared. */
/* links: kernel/waiters.c kernel/queue.c */
#include "kernel/waiters.h"
#include "check.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define THREADS 40u

static struct entry {
    uint32_t thread, bits;
    uint64_t key;
} model[THREADS];
static uint32_t count;

static uint64_t some_key(void)
{
    /* the third and fourth share a bucket with the first */
    static const uint64_t keys[] = { 0x1000, 0x1004, 0x1100, 0x401000, 0x8000000000000000ull };

    return keys[random() % 5];
}

static struct entry model_take(uint32_t at)
{
    struct entry taken = model[at];

    memmove(&model[at], &model[at + 1], (--count - at) * sizeof model[0]);
    return taken;
}

static void model_add(uint32_t thread, uint64_t key, uint32_t bits)
{
    model[count++] = (struct entry){ thread, bits, key };
}

static uint32_t model_find(uint32_t thread)
{
    uint32_t at = 0;

    while (at < count && model[at].thread != thread)
        at++;
    return at;
}

static void check_take(uint64_t key, uint32_t bits)
{
    uint32_t taken = waiters_take(key, bits), at = 0;

    while (at < count && (model[at].key != key || (model[at].bits & bits) == 0))
        at++;
    CHECK_EQ(taken, at < count ? model_take(at).thread : WAITERS_NONE);
}

static void check_move(uint64_t key, uint64_t other, uint32_t most)
{
    struct entry moved[THREADS];
    uint32_t wanted = 0;

    for (uint32_t at = 0; at < count && wanted < most;) {
        if (model[at].key == key)
            moved[wanted++] = model_take(at);
        else
            at++;
    }
    CHECK_EQ(waiters_move(key, other, most), wanted);
    for (uint32_t i = 0; i < wanted; i++)
        model_add(moved[i].thread, other, moved[i].bits);
}

static void step(void)
{
    uint32_t thread = (uint32_t)random() % THREADS, bits = 1u << random() % 3 | 1u << random() % 3;
    uint64_t key = some_key();

    switch (random() % 8) {
    case 0:
        check_take(key, bits);
        break;
    case 1:
        check_move(key, some_key(), (uint32_t)random() % 6);
        break;
    case 2:
        check_move(key, key, UINT32_MAX);
        break;
    default:
        if (model_find(thread) == count) {
            waiters_add(thread, key, bits);
            model_add(thread, key, bits);
        } else if (random() % 3 == 0) {
            waiters_remove(thread);
            model_take(model_find(thread));
        }
    }
}

int main(void)
{
    srandom(1);
    queue_start();
    for (uint32_t i = 0; i < 200000; i++)
        step();
    while (count > 0)
        check_take(model[0].key, UINT32_MAX);
    for (uint32_t i = 0; i < 100; i++)
        check_take(some_key(), UINT32_MAX);
    return check_done();
}
