/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/waiters.h"

_Static_assert(WAITERS_BUCKETS < QUEUE_COUNT, "one queue is for those who do not wait");

struct waiter waiter[QUEUE_THREADS];

/* Futex words are multiples of 4, and a program's lie together. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures bucket: \result == BucketOf(key);
    ensures range: QUEUE_THREADS <= \result < QUEUE_THREADS + WAITERS_BUCKETS; */
static uint32_t bucket_of(uint64_t key)
{
    return QUEUE_THREADS + (uint32_t)((key / 4 + key / 4096) % WAITERS_BUCKETS);
}

void waiters_add(uint32_t thread, uint64_t key, uint32_t bits)
{
    waiter[thread].key = key;
    waiter[thread].bits = bits;
    queue_append(bucket_of(key), thread);
}

void waiters_remove(uint32_t thread)
{
    queue_remove(thread);
}

uint32_t waiters_take(uint64_t key, uint32_t bits)
{
    uint32_t bucket = bucket_of(key);

    /*@ loop invariant place: i < QUEUE_PLACES && ghost_queue[i] == bucket;
        loop invariant passed: \forall integer t; IsMeant(t, key, bits) ==> i != bucket && ghost_turn[t] >= ghost_turn[i];
        loop assigns i;
        loop variant i == bucket ? 0 : QUEUE_THREADS + 1 - ghost_turn[i]; */
    for (uint32_t i = queue_after(bucket); i != bucket; i = queue_after(i)) {
        if (waiter[i].key == key && (waiter[i].bits & bits) != 0) {
            queue_remove(i);
            return i;
        }
    }
    return WAITERS_NONE;
}

uint32_t waiters_move(uint64_t key, uint64_t other, uint32_t most)
{
    uint32_t bucket = bucket_of(key), last = queue_before(bucket), moved = 0, next;

    /* Both keys may be in one bucket: who was moved stands behind the last that is looked at. */
    for (uint32_t i = queue_after(bucket); i != bucket && moved < most; i = i == last ? bucket : next) {
        next = queue_after(i);
        if (waiter[i].key == key) {
            queue_remove(i);
            waiters_add(i, other, waiter[i].bits);
            moved++;
        }
    }
    return moved;
}
