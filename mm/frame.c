/* SPDX-License-Identifier: BSD-2-Clause */
/* A pool is one range of RAM. Frames at and above its high-water mark were never used; freed ones lie on a stack. Nothing is
   touched before it is first handed out. */
#include "mm/frame.h"
#include "lib/log.h"
#include "lib/string.h"
#include "mm/kmap.h"

struct frame_pool {
    uint32_t first, high, end; /* frames first .. end-1; high .. end-1 were never used */
    uint32_t mapped;           /* frames below are in the direct map; high <= mapped <= end */
    uint32_t nfree, nowned;
    uint32_t *stack; /* freed frames: stack[0 .. nfree-1] */
};

struct table *direct_map;
uint8_t *frame_kind;
uint32_t frame_end;
static uint8_t *frame_state; /* of each frame below its pool's high-water mark */
static uint32_t *frame_stack;
static struct frame_pool pool[FRAME_POOLS_MAX];
static uint32_t pool_count;

#include "spec/frame.acsl"

uint64_t frame_metadata_size(uint32_t end)
{
    return (uint64_t)end * (sizeof *frame_stack + sizeof *frame_state + sizeof *frame_kind);
}

void frame_start(void *metadata, uint32_t end)
{
    frame_stack = metadata;
    frame_state = (uint8_t *)(frame_stack + end);
    frame_kind = frame_state + end;
    frame_end = end;
    pool_count = 0;
}

bool frame_add_pool(uint32_t first, uint32_t end, bool is_mapped)
{
    if (pool_count == FRAME_POOLS_MAX || first >= end || end > frame_end)
        return false;
    pool[pool_count] = (struct frame_pool){ first, first, end, is_mapped ? end : first, 0, 0, frame_stack + first };
    pool_count++;
    return true;
}

/* Only a frame that nobody owns; all others stay as they are. */
/*@ requires good: PoolGood(p);
    terminates \true; exits \false;
    assigns p->nfree, p->high, p->mapped, p->nowned, frame_state[0 .. p->end - 1];
    ensures good: PoolGood(p);
    ensures none: \result == FRAME_NONE <==> PoolFree{Pre}(p) == 0;
    ensures refused: \result == FRAME_NONE ==> PoolSame{Pre, Here}(p) && p->nowned == \old(p->nowned);
    ensures taken: \result != FRAME_NONE ==> PoolHas{Pre}(p, \result) && PoolState{Pre}(p, \result) == FRAME_FREE
      && PoolState(p, \result) == FRAME_OWNED;
    ensures mapped: \result != FRAME_NONE ==> \result < p->mapped;
    ensures count: \result != FRAME_NONE ==> p->nowned == \old(p->nowned) + 1 && PoolFree(p) == PoolFree{Pre}(p) - 1;
    ensures others: PoolOthersSame{Pre, Here}(p, \result);
    ensures held: \forall integer g; PoolHas(p, g) && PoolState{Pre}(p, g) != FRAME_FREE ==>
      PoolState(p, g) == PoolState{Pre}(p, g); */
static uint32_t pool_alloc(struct frame_pool *p)
{
    uint32_t f;

    if (p->nfree > 0) {
        p->nfree--;
        f = p->stack[p->nfree];
    } else if (p->high < p->end) {
        f = p->high;
        if (f == p->mapped)
            p->mapped = kmap_grow(f, p->end);
        p->high++;
    } else {
        return FRAME_NONE;
    }
    frame_state[f] = FRAME_OWNED;
    p->nowned++;
    /*@ assert others: PoolOthersSame{Pre, Here}(p, f); */
    /*@ assert in: PoolStackIn(p); */
    /*@ assert all: PoolStackAll(p); */
    return f;
}

/* Only an owned frame; what is granted or quarantined cannot be freed. */
/*@ requires good: PoolGood(p);
    terminates \true; exits \false;
    assigns p->nfree, p->nowned, frame_state[f], p->stack[0 .. p->end - p->first - 1], ghost_place[0 .. FRAME_MAX - 1];
    ensures good: PoolGood(p);
    ensures judged: \result ==> PoolHas{Pre}(p, f) && PoolState{Pre}(p, f) == FRAME_OWNED;
    ensures accepted: PoolHas{Pre}(p, f) && PoolState{Pre}(p, f) == FRAME_OWNED && \old(p->nowned) > 0 ==> \result;
    ensures refused: !\result ==> PoolSame{Pre, Here}(p) && PoolFree(p) == PoolFree{Pre}(p)
      && p->nowned == \old(p->nowned);
    ensures freed: \result ==> PoolState(p, f) == FRAME_FREE && PoolFree(p) == PoolFree{Pre}(p) + 1
      && p->nowned == \old(p->nowned) - 1;
    ensures others: PoolOthersSame{Pre, Here}(p, f); */
static bool pool_free(struct frame_pool *p, uint32_t f)
{
    if (f < p->first || f >= p->high || frame_state[f] != FRAME_OWNED || p->nowned == 0)
        return false;
    frame_state[f] = FRAME_FREE;
    p->stack[p->nfree] = f;
    /*@ ghost ghost_place[f] = p->nfree; */
    p->nfree++;
    p->nowned--;
    /*@ assert in: PoolStackIn(p); */
    /*@ assert all: PoolStackAll(p); */
    return true;
}

static uint32_t any_alloc(bool *is_fresh)
{
    uint32_t f = FRAME_NONE;

    for (uint32_t i = 0; i < pool_count && f == FRAME_NONE; i++) {
        *is_fresh = pool[i].nfree == 0;
        f = pool_alloc(&pool[i]);
    }
    if (f != FRAME_NONE)
        frame_kind[f] = KIND_OTHER;
    return f;
}

uint32_t frame_alloc_raw(void)
{
    bool is_fresh;

    return any_alloc(&is_fresh);
}

/* Freed frames were zeroed when they came back; fresh ones hold whatever the host or firmware left. */
uint32_t frame_alloc(void)
{
    bool is_fresh;
    uint32_t f = any_alloc(&is_fresh);

    if (f != FRAME_NONE && is_fresh)
        memset(frame_memory(f), 0, FRAME_SIZE);
    return f;
}

void frame_free(uint32_t frame)
{
    bool done = false;

    for (uint32_t i = 0; i < pool_count && !done; i++)
        done = pool_free(&pool[i], frame);
    if (!done)
        panic("frame 0x%x freed, but nobody owns it", frame);
    memset(frame_memory(frame), 0, FRAME_SIZE);
}

uint64_t frame_count_free(void)
{
    uint64_t n = 0;

    for (uint32_t i = 0; i < pool_count; i++)
        n += pool[i].end - pool[i].high + pool[i].nfree;
    return n;
}

uint64_t frame_count_total(void)
{
    uint64_t n = 0;

    for (uint32_t i = 0; i < pool_count; i++)
        n += pool[i].end - pool[i].first;
    return n;
}
