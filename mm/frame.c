/* SPDX-License-Identifier: BSD-2-Clause */
/* A pool is one range of RAM. Frames at and above its high-water mark were never used; freed ones lie on a stack. Nothing is
   touched before it is first handed out. */
#include "mm/frame.h"
#include "lib/log.h"
#include "lib/string.h"
#include "mm/kmap.h"

struct table *direct_map;
uint8_t *frame_kind, *frame_state;
uint32_t *frame_stack;
struct frame_pool frame_pool[FRAME_POOLS_MAX];
uint32_t frame_end, frame_pool_count;

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
    frame_pool_count = 0;
}

bool frame_add_pool(uint32_t first, uint32_t end, bool is_mapped)
{
    if (frame_pool_count == FRAME_POOLS_MAX || first >= end || end > frame_end)
        return false;
    frame_pool[frame_pool_count] = (struct frame_pool){ first, first, end, is_mapped ? end : first, 0 };
    frame_pool_count++;
    return true;
}

/* Only a frame that nobody owns; all others stay as they are. */
/*@ requires good: FrameMemory && p < frame_pool_count && PoolGood(p) && PoolFree(p) > 0;
    terminates \true; exits \false;
    assigns frame_pool[p].nfree, frame_pool[p].high, frame_pool[p].mapped,
      frame_state[frame_pool[p].first .. frame_pool[p].end - 1], ghost_use[frame_pool[p].first .. frame_pool[p].end - 1],
      ghost_place[frame_pool[p].first .. frame_pool[p].end - 1], ghost_at[frame_pool[p].first .. frame_pool[p].end - 1];
    ensures good: PoolGood(p);
    ensures taken: PoolHas(p, \result) && PoolState{Pre}(p, \result) == FRAME_FREE
      && PoolState(p, \result) == FRAME_OWNED && FrameHeld(\result);
    ensures fresh: \old(frame_pool[p].nfree) == 0 ? FrameFresh{Pre}(\result) : FrameBack{Pre}(\result);
    ensures mapped: \result < frame_pool[p].mapped;
    ensures count: PoolFree(p) == PoolFree{Pre}(p) - 1;
    ensures others: PoolOthersSame{Pre, Here}(p, \result);
    ensures uses: \forall integer g; 0 <= g < FRAME_MAX && g != \result ==> ghost_use[g] == \old(ghost_use[g]); */
static uint32_t pool_alloc(uint32_t p)
{
    uint32_t f;

    if (frame_pool[p].nfree > 0) {
        frame_pool[p].nfree--;
        f = frame_stack[frame_pool[p].first + frame_pool[p].nfree];
    } else {
        f = frame_pool[p].high;
        if (f == frame_pool[p].mapped)
            frame_pool[p].mapped = kmap_grow(f, frame_pool[p].end);
        frame_pool[p].high++;
        /*@ ghost ghost_at[f] = f; */
        /*@ ghost ghost_place[f] = f; */
    }
    frame_state[f] = FRAME_OWNED;
    /*@ ghost ghost_use[f] = 1; */
    /*@ assert others: PoolOthersSame{Pre, Here}(p, f); */
    /*@ assert at: PoolAt(p); */
    /*@ assert place: PoolPlace(p); */
    /*@ assert split: PoolSplit(p); */
    /*@ assert use: PoolUse(p); */
    return f;
}

/* Only an owned frame; what is granted or quarantined cannot be freed. */
/*@ requires good: FrameMemory && p < frame_pool_count && PoolGood(p);
    requires owned: PoolHas(p, f) && PoolState(p, f) == FRAME_OWNED;
    terminates \true; exits \false;
    assigns frame_pool[p].nfree, frame_state[f], ghost_use[f],
      frame_stack[frame_pool[p].first .. frame_pool[p].end - 1],
      ghost_place[frame_pool[p].first .. frame_pool[p].end - 1], ghost_at[frame_pool[p].first .. frame_pool[p].end - 1];
    ensures good: PoolGood(p);
    ensures freed: PoolState(p, f) == FRAME_FREE && FrameBack(f);
    ensures count: PoolFree(p) == PoolFree{Pre}(p) + 1;
    ensures others: PoolOthersSame{Pre, Here}(p, f); */
static void pool_free(uint32_t p, uint32_t f)
{
    frame_state[f] = FRAME_FREE;
    frame_stack[frame_pool[p].first + frame_pool[p].nfree] = f;
    /*@ ghost uint32_t place = ghost_place[f]; */
    /*@ ghost uint32_t other = ghost_at[frame_pool[p].first + frame_pool[p].nfree]; */
    /*@ ghost ghost_at[place] = other; */
    /*@ ghost ghost_place[other] = place; */
    /*@ ghost ghost_at[frame_pool[p].first + frame_pool[p].nfree] = f; */
    /*@ ghost ghost_place[f] = (uint32_t)(frame_pool[p].first + frame_pool[p].nfree); */
    /*@ ghost ghost_use[f] = 2; */
    /*@ assert places: \forall integer g; frame_pool[p].first <= g < frame_pool[p].high && g != f && g != other ==>
          ghost_place[g] == \at(ghost_place[g], Pre) && ghost_place[g] != place
          && ghost_place[g] != frame_pool[p].first + frame_pool[p].nfree; */
    frame_pool[p].nfree++;
    /*@ assert at: PoolAt(p); */
    /*@ assert place: PoolPlace(p); */
    /*@ assert split: PoolSplit(p); */
    /*@ assert use: PoolUse(p); */
}

/* The first pool with a frame to give, or frame_pool_count. */
/*@ requires good: FrameMemory && PoolsGood;
    terminates \true; exits \false; assigns \nothing;
    ensures found: \result < frame_pool_count ==> PoolFree(\result) > 0;
    ensures none: \result >= frame_pool_count ==> \result == frame_pool_count && FramesFull; */
static uint32_t pool_with_free(void)
{
    uint32_t i = 0;

    /*@ loop invariant full: 0 <= i <= frame_pool_count
          && \forall integer j; 0 <= j < i ==> PoolFree(j) == 0;
        loop assigns i;
        loop variant frame_pool_count - i; */
    while (i < frame_pool_count && frame_pool[i].nfree == 0 && frame_pool[i].high == frame_pool[i].end)
        i++;
    return i;
}

/* The pool in which f is owned, or frame_pool_count. */
/*@ requires good: FrameMemory && PoolsGood;
    terminates \true; exits \false; assigns \nothing;
    ensures found: \result < frame_pool_count ==> PoolOwns(\result, f);
    ensures none: \result >= frame_pool_count ==> \result == frame_pool_count && !FrameOwned(f); */
static uint32_t pool_owning(uint32_t f)
{
    uint32_t i = 0;

    /*@ loop invariant none: 0 <= i <= frame_pool_count
          && \forall integer j; 0 <= j < i ==> !PoolOwns(j, f);
        loop assigns i;
        loop variant frame_pool_count - i; */
    while (i < frame_pool_count &&
           (f < frame_pool[i].first || f >= frame_pool[i].high || frame_state[f] != FRAME_OWNED))
        i++;
    return i;
}

/*@ requires good: FrameMemory && PoolsGood && i < frame_pool_count && PoolFree(i) > 0;
    terminates \true; exits \false;
    assigns frame_pool[i], frame_state[0 .. frame_end - 1], frame_kind[0 .. frame_end - 1],
      ghost_use[0 .. FRAME_MAX - 1], ghost_place[0 .. FRAME_MAX - 1], ghost_at[0 .. FRAME_MAX - 1];
    ensures good: FrameMemory && PoolsGood;
    ensures taken: \result < frame_end && FrameHeld(\result) && frame_kind[\result] == KIND_OTHER;
    ensures owned: PoolOwns(i, \result);
    ensures fresh: \old(frame_pool[i].nfree) == 0 ? FrameFresh{Pre}(\result) : FrameBack{Pre}(\result);
    ensures count: PoolFree(i) == PoolFree{Pre}(i) - 1;
    ensures others: FrameOthersKept{Pre, Post}(\result); */
static uint32_t pool_take(uint32_t i)
{
    uint32_t f = pool_alloc(i);

    /*@ assert outside: \forall integer j, g; 0 <= j < frame_pool_count && j != i && PoolHas(j, g) ==> !PoolHas(i, g); */
    /*@ assert others: \forall integer j; 0 <= j < frame_pool_count && j != i ==> PoolUntouched{Pre, Here}(j); */
    /*@ assert rest: \forall integer j; PoolGood{Pre}(j) && PoolUntouched{Pre, Here}(j) ==> PoolGood(j); */
    /*@ assert this: PoolGood(i); */
    /*@ assert good: \forall integer j; 0 <= j < frame_pool_count ==> PoolGood(j); */
    /*@ assert apart: PoolsApart; */
    /*@ assert inside: PoolBounds(i) && f < frame_end; */
    frame_set_kind(f, KIND_OTHER);
    return f;
}

/*@ requires good: FrameMemory && PoolsGood && i < frame_pool_count && PoolOwns(i, f);
    terminates \true; exits \false;
    assigns frame_pool[i].nfree, frame_state[f], frame_stack[0 .. frame_end - 1], ghost_use[f],
      ghost_place[0 .. FRAME_MAX - 1], ghost_at[0 .. FRAME_MAX - 1];
    ensures good: FrameMemory && PoolsGood;
    ensures back: FrameHeld{Pre}(f) && FrameBack(f);
    ensures count: PoolFree(i) == PoolFree{Pre}(i) + 1; */
static void pool_give(uint32_t i, uint32_t f)
{
    /*@ assert this: PoolGood(i); */
    pool_free(i, f);
    /*@ assert outside: \forall integer j, g; 0 <= j < frame_pool_count && j != i && PoolHas(j, g) ==> !PoolHas(i, g); */
    /*@ assert others: \forall integer j; 0 <= j < frame_pool_count && j != i ==> PoolUntouched{Pre, Here}(j); */
    /*@ assert rest: \forall integer j; PoolGood{Pre}(j) && PoolUntouched{Pre, Here}(j) ==> PoolGood(j); */
    /*@ assert this: PoolGood(i); */
    /*@ assert good: \forall integer j; 0 <= j < frame_pool_count ==> PoolGood(j); */
    /*@ assert apart: PoolsApart; */
}

/* memset's bytes are not the model's array of tables: this contract is trusted (spec/proof.md). */
/*@ requires frame: f < frame_end && \valid(direct_map + f);
    terminates \true; exits \false; assigns direct_map[f];
    ensures zero: FrameZero(f); */
static void frame_clear(uint32_t f)
{
    memset(frame_memory(f), 0, FRAME_SIZE);
}

/* Trusted as well: it does not end, and touches no frame. */
/*@ terminates \false; exits \false; assigns \nothing; */
static void refuse_free(uint32_t f)
{
    panic("frame 0x%x freed, but nobody owns it", f);
}

uint32_t frame_alloc_raw(void)
{
    uint32_t i = pool_with_free();

    return i == frame_pool_count ? FRAME_NONE : pool_take(i);
}

/* Freed frames were zeroed when they came back; fresh ones hold whatever the host or firmware left. */
uint32_t frame_alloc(void)
{
    uint32_t i = pool_with_free(), f;
    bool is_fresh;

    if (i == frame_pool_count)
        return FRAME_NONE;
    is_fresh = frame_pool[i].nfree == 0;
    f = pool_take(i);
    if (is_fresh)
        frame_clear(f);
    return f;
}

void frame_free(uint32_t frame)
{
    uint32_t i = pool_owning(frame);

    if (i < frame_pool_count) {
        pool_give(i, frame);
        frame_clear(frame);
    } else {
        refuse_free(frame);
    }
}

uint64_t frame_count_free(void)
{
    uint64_t n = 0;

    /*@ loop invariant sum: 0 <= i <= frame_pool_count && n == FreeBelow(i) && n <= i * 0xffffffff;
        loop assigns i, n;
        loop variant frame_pool_count - i; */
    for (uint32_t i = 0; i < frame_pool_count; i++)
        n += frame_pool[i].end - frame_pool[i].high + frame_pool[i].nfree;
    return n;
}

uint64_t frame_count_total(void)
{
    uint64_t n = 0;

    /*@ loop invariant sum: 0 <= i <= frame_pool_count && n == SizeBelow(i) && n <= i * 0xffffffff;
        loop assigns i, n;
        loop variant frame_pool_count - i; */
    for (uint32_t i = 0; i < frame_pool_count; i++)
        n += frame_pool[i].end - frame_pool[i].first;
    return n;
}
