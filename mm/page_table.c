/* SPDX-License-Identifier: BSD-2-Clause */
/* direct_map[f] is frame f seen as a table; frame_kind says which frames are tables of which level. Divisions by constants
   are written out for the prover; the compiler makes shifts and masks of them. */
#include <linux/errno.h>

#include "mm/frame.h"
#include "mm/page_table.h"

#define SLOTS 512u
#define SPAN4 134217728ULL /* pages below one entry of level 4, 3, 2 */
#define SPAN3 262144ULL
#define SPAN2 512ULL
#define NX    0x8000000000000000ULL
#define FIELD 1099511627776ULL /* 2^40: frame field, bits 12..51 */

enum { ENTRY_P = 1, ENTRY_W = 2, ENTRY_U = 4, ENTRY_A = 0x20, ENTRY_D = 0x40, ENTRY_KEPT = 0x200 };

/*@ requires fits: PtFrame(e) <= 0xffffffff;
    terminates \true; exits \false; assigns \nothing;
    ensures frame: \result == PtFrame(e); */
static uint32_t pt_frame(uint64_t e)
{
    return (uint32_t)(e / FRAME_SIZE % FIELD);
}

/* The table below slot s of table f. */
/*@ requires good: FrameMemory && PtGood && f < frame_end && s < SLOTS && PtInner(f, s);
    terminates \true; exits \false; assigns \nothing;
    ensures step: \result == PtStep(f, s);
    ensures below: \result != FRAME_NONE ==> \result < frame_end && FrameKind(\result) == FrameKind(f) - 1; */
static uint32_t pt_step(uint32_t f, uint32_t s)
{
    uint64_t e = direct_map[f].e[s];

    return e % 2 == 1 ? pt_frame(e) : FRAME_NONE;
}

/* The leaf table for page p, or FRAME_NONE: then all pages of the same multiple of span have none. */
/*@ requires good: FrameMemory && PtGood && PtRoot(root) && PtPage(p) && \valid(span);
    terminates \true; exits \false; assigns *span;
    ensures span: *span == SPAN4 || *span == SPAN3 || *span == SPAN2;
    ensures leaf: \result == PtLeaf(root, p);
    ensures table: \result != FRAME_NONE ==> \result < frame_end && FrameKind(\result) == KIND_TABLE1;
    ensures all: \forall integer q; 0 <= q && q / *span == p / *span ==> PtLeaf(root, q) == \result; */
static uint32_t pt_look(uint32_t root, uint64_t p, uint32_t *span)
{
    uint32_t t = pt_step(root, (uint32_t)(p / SPAN4));

    *span = SPAN4;
    if (t == FRAME_NONE)
        return FRAME_NONE;
    t = pt_step(t, (uint32_t)(p / SPAN3 % SLOTS));
    *span = SPAN3;
    if (t == FRAME_NONE)
        return FRAME_NONE;
    *span = SPAN2;
    return pt_step(t, (uint32_t)(p / SPAN2 % SLOTS));
}

/*@ requires good: FrameMemory && PtGood && PtRoot(root) && PtPage(p);
    terminates \true; exits \false; assigns \nothing;
    ensures leaf: \result == PtLeaf(root, p);
    ensures table: \result != FRAME_NONE ==> \result < frame_end && FrameKind(\result) == KIND_TABLE1; */
static uint32_t pt_leaf(uint32_t root, uint64_t p)
{
    uint32_t span;

    return pt_look(root, p, &span);
}

/* A leaf is present, or kept: then only ENTRY_KEPT and the frame say what is there. Accessed and dirty are set beforehand, so
   that the MMU never writes an entry. */
/*@ requires frame: f < FRAME_MAX && rights <= PT_NONE;
    terminates \true; exits \false; assigns \nothing;
    ensures entry: \result == PtEntry(f, rights); */
static uint64_t pt_entry(uint32_t f, uint32_t rights)
{
    uint64_t e = (uint64_t)f * FRAME_SIZE;

    if (rights == PT_NONE)
        return e + ENTRY_KEPT;
    return e + ENTRY_P + ENTRY_U + ENTRY_A + (rights == PT_WRITE ? ENTRY_W + ENTRY_D : 0) +
           (rights == PT_EXEC ? 0 : NX);
}

/* The one store that changes a leaf. */
/*@ requires good: FramesGood && PtGood && t < frame_end && FrameKind(t) == KIND_TABLE1 && s < SLOTS;
    requires leaf: e == 0 || PtLeafGood(e);
    terminates \true; exits \false; assigns direct_map[t].e[s];
    ensures good: FramesGood && PtGood;
    ensures set: direct_map[t].e[s] == e;
    ensures trees: \forall integer r, p; PtRoot(r) && PtPage(p) ==> PtLeaf(r, p) == PtLeaf{Pre}(r, p);
    ensures others: \forall integer r, p; PtRoot(r) && PtPage(p) && !(PtLeaf{Pre}(r, p) == t && p % 512 == s) ==>
      PtAt(r, p) == PtAt{Pre}(r, p);
    ensures kept: PtMemoryKept{Pre, Post}; */
static void pt_store(uint32_t t, uint32_t s, uint64_t e)
{
    /*@ assert held: FrameHeld(t); */
    direct_map[t].e[s] = e;
    /*@ assert cells: \forall integer f, j; 0 <= f < frame_end && 0 <= j < SLOTS && !(f == t && j == s) ==>
          direct_map[f].e[j] == \at(direct_map[f].e[j], Pre); */
    /*@ assert zero: FramesZero; */
    /*@ assert tables: PtTablesGood; */
    /*@ assert leaves: PtLeavesGood; */
    /*@ assert steps: PtStepsSame{Pre, Here}; */
    /*@ assert trees: \forall integer r, p; PtRoot(r) && PtPage(p) ==> PtLeaf(r, p) == PtLeaf{Pre}(r, p); */
    /*@ assert inside: PtInside; */
}

/* frame_alloc, said of the tables: they do not notice. */
/*@ requires good: FramesGood && PtGood;
    terminates \true; exits \false;
    assigns frame_pool[0 .. FRAME_POOLS_MAX - 1], frame_state[0 .. frame_end - 1], frame_kind[0 .. frame_end - 1],
      direct_map[0 .. frame_end - 1], ghost_use[0 .. FRAME_MAX - 1], ghost_place[0 .. FRAME_MAX - 1],
      ghost_at[0 .. FRAME_MAX - 1];
    ensures good: FramesGood && PtGood;
    ensures none: \result == FRAME_NONE <==> FramesFull{Pre};
    ensures taken: \result != FRAME_NONE ==> \result < frame_end && !FrameHeld{Pre}(\result) && FrameHeld(\result);
    ensures clean: \result != FRAME_NONE ==> FrameKind(\result) == KIND_OTHER && FrameZero(\result);
    ensures inner: \forall integer f, s; 0 <= f < frame_end && 0 <= s < SLOTS && FrameHeld{Pre}(f) ==>
      direct_map[f].e[s] == \old(direct_map[f].e[s]);
    ensures kept: PtKindsKept{Pre, Post} && PtMemoryKept{Pre, Post} && PtStepsKept{Pre, Post};
    ensures same: PtSame{Pre, Post}; */
static uint32_t pt_take(void)
{
    uint32_t t = frame_alloc();

    /*@ assert kinds: \forall integer f; 0 <= f < frame_end ==> FrameKind(f) == FrameKind{Pre}(f); */
    /*@ assert cells: \forall integer f, s; 0 <= f < frame_end && 0 <= s < SLOTS && FrameHeld{Pre}(f) ==>
          direct_map[f].e[s] == \at(direct_map[f].e[s], Pre); */
    /*@ assert tables: PtTablesGood; */
    /*@ assert leaves: PtLeavesGood; */
    /*@ assert steps: PtStepsSame{Pre, Here}; */
    /*@ assert trees: \forall integer r, p; PtRoot(r) && PtPage(p) ==> PtLeaf(r, p) == PtLeaf{Pre}(r, p); */
    /*@ assert inside: PtInside; */
    /*@ assert same: \forall integer r, p; PtRoot(r) && PtPage(p) ==> PtAt(r, p) == PtAt{Pre}(r, p); */
    return t;
}

/* Empty frame t becomes a table, above which there is none yet. */
/*@ requires good: FramesGood && PtGood && KIND_TABLE1 <= kind <= KIND_TABLE3;
    requires empty: t < frame_end && FrameHeld(t) && FrameKind(t) == KIND_OTHER && FrameZero(t);
    terminates \true; exits \false; assigns frame_kind[t];
    ensures good: FramesGood && PtGood;
    ensures made: FrameKind(t) == kind && PtAlone(t);
    ensures kinds: \forall integer g; 0 <= g < frame_end && g != t ==> FrameKind(g) == FrameKind{Pre}(g);
    ensures same: PtSame{Pre, Post}; */
static void pt_raise(uint32_t t, uint8_t kind)
{
    /*@ assert alone: PtAlone(t); */
    /*@ assert unused: \forall integer g, j; 0 <= g < frame_end && 0 <= j < SLOTS && FrameKind(g) == KIND_TABLE1
          && direct_map[g].e[j] != 0 ==> PtFrame(direct_map[g].e[j]) != t; */
    frame_set_kind(t, kind);
    /*@ assert kinds: \forall integer g; 0 <= g < frame_end && g != t ==> FrameKind(g) == FrameKind{Pre}(g); */
    /*@ assert tables: PtTablesGood; */
    /*@ assert leaves: PtLeavesGood; */
}

/* The one store that changes a table above the leaves: table t, that is empty, comes below slot s of table f. */
/*@ requires good: FramesGood && PtGood && f < frame_end && s < SLOTS && PtInner(f, s);
    requires missing: PtStep(f, s) == FRAME_NONE;
    requires table: t < frame_end && FrameKind(t) == FrameKind(f) - 1 && FrameZero(t) && PtAlone(t);
    terminates \true; exits \false; assigns direct_map[f].e[s], ghost_up[t], ghost_slot[t];
    ensures good: FramesGood && PtGood;
    ensures made: PtStep(f, s) == t;
    ensures cells: \forall integer g, j; 0 <= g < frame_end && 0 <= j < SLOTS && !(g == f && j == s) ==>
      direct_map[g].e[j] == \old(direct_map[g].e[j]);
    ensures kept: PtStepsKept{Pre, Post};
    ensures same: PtSame{Pre, Post}; */
static void pt_link(uint32_t f, uint32_t s, uint32_t t)
{
    /*@ assert held: FrameHeld(f); */
    /*@ assert inside: PtInside; */
    /*@ ghost ghost_up[t] = f; ghost_slot[t] = s; */
    direct_map[f].e[s] = (uint64_t)t * FRAME_SIZE + ENTRY_P + ENTRY_W + ENTRY_U + ENTRY_A;
    /*@ assert cells: \forall integer g, j; 0 <= g < frame_end && 0 <= j < SLOTS && !(g == f && j == s) ==>
          direct_map[g].e[j] == \at(direct_map[g].e[j], Pre); */
    /*@ assert zero: FramesZero; */
    /*@ assert entry: direct_map[f].e[s] == t * 4096 + 0x27 && PtFrame(direct_map[f].e[s]) == t; */
    /*@ assert empty: \forall integer j; 0 <= j < SLOTS ==> direct_map[t].e[j] == 0; */
    /*@ assert alone: \forall integer g, j; 0 <= g < frame_end && 0 <= j < SLOTS && PtInner(g, j)
          && direct_map[g].e[j] != 0 && !(g == f && j == s) ==> PtFrame(direct_map[g].e[j]) != t; */
    /*@ assert new: PtTableGood(f, s, direct_map[f].e[s]); */
    /*@ assert old: \forall integer g, j; 0 <= g < frame_end && 0 <= j < SLOTS && PtInner(g, j)
          && direct_map[g].e[j] != 0 && !(g == f && j == s) ==> PtTableGood(g, j, direct_map[g].e[j]); */
    /*@ assert tables: PtTablesGood; */
    /*@ assert leaves: PtLeavesGood; */
    /*@ assert steps: \forall integer g, j; PtUpper(g, j) ==> PtStep(g, j) == PtStep{Pre}(g, j)
          || (PtStep(g, j) == t && PtStep{Pre}(g, j) == FRAME_NONE); */
    /*@ assert ends: \forall integer j; 0 <= j < SLOTS ==>
          PtStep(t, j) == FRAME_NONE && PtStep{Pre}(t, j) == FRAME_NONE; */
    /*@ assert third: \forall integer r, p; PtRoot(r) && PtPage(p) ==> PtStep3(r, p) == PtStep3{Pre}(r, p)
          || (PtStep3(r, p) == t && PtStep3{Pre}(r, p) == FRAME_NONE); */
    /*@ assert second: \forall integer r, p; PtRoot(r) && PtPage(p) ==> PtStep2(r, p) == PtStep2{Pre}(r, p)
          || (PtStep2(r, p) == t && PtStep2{Pre}(r, p) == FRAME_NONE); */
    /*@ assert trees: \forall integer r, p; PtRoot(r) && PtPage(p) ==> PtLeaf(r, p) == PtLeaf{Pre}(r, p)
          || (PtLeaf(r, p) == t && PtLeaf{Pre}(r, p) == FRAME_NONE); */
    /*@ assert same: \forall integer r, p; PtRoot(r) && PtPage(p) && PtLeaf(r, p) == PtLeaf{Pre}(r, p) ==>
          PtAt(r, p) == PtAt{Pre}(r, p); */
    /*@ assert grown: \forall integer r, p; PtRoot(r) && PtPage(p) && PtLeaf{Pre}(r, p) == FRAME_NONE
          && PtLeaf(r, p) == t ==> PtAt(r, p) == PtAt{Pre}(r, p); */
}

/* The table below slot s of table f, made when missing. */
/*@ requires good: FramesGood && PtGood && f < frame_end && s < SLOTS && PtInner(f, s);
    terminates \true; exits \false;
    assigns frame_pool[0 .. FRAME_POOLS_MAX - 1], frame_state[0 .. frame_end - 1], frame_kind[0 .. frame_end - 1],
      direct_map[0 .. frame_end - 1], ghost_use[0 .. FRAME_MAX - 1], ghost_place[0 .. FRAME_MAX - 1],
      ghost_at[0 .. FRAME_MAX - 1], ghost_up[0 .. FRAME_MAX - 1], ghost_slot[0 .. FRAME_MAX - 1];
    ensures good: FramesGood && PtGood;
    ensures made: \result != FRAME_NONE ==> \result == PtStep(f, s) && \result < frame_end
      && FrameKind(\result) == FrameKind(f) - 1;
    ensures kept: PtKindsKept{Pre, Post} && PtMemoryKept{Pre, Post} && PtStepsKept{Pre, Post};
    ensures same: PtSame{Pre, Post}; */
static uint32_t pt_down(uint32_t f, uint32_t s)
{
    uint32_t t = pt_step(f, s);

    if (t != FRAME_NONE)
        return t;
    t = pt_take();
    /*@ assert kept: PtInner(f, s) && FrameKind(f) == FrameKind{Pre}(f); */
    /*@ assert still: PtStep(f, s) == FRAME_NONE; */
    if (t == FRAME_NONE)
        return FRAME_NONE;
    pt_raise(t, (uint8_t)(frame_kind[f] - 1));
    /*@ assert kept: PtInner(f, s) && PtStep(f, s) == FRAME_NONE && PtKindsKept{Pre, Here}; */
    pt_link(f, s, t);
    /*@ assert memory: PtMemoryKept{Pre, Here}; */
    /*@ assert steps: PtStepsKept{Pre, Here}; */
    return t;
}

/* All tables for page p, made when missing. */
/*@ requires good: FramesGood && PtGood && PtRoot(root) && PtPage(p);
    terminates \true; exits \false;
    assigns frame_pool[0 .. FRAME_POOLS_MAX - 1], frame_state[0 .. frame_end - 1], frame_kind[0 .. frame_end - 1],
      direct_map[0 .. frame_end - 1], ghost_use[0 .. FRAME_MAX - 1], ghost_place[0 .. FRAME_MAX - 1],
      ghost_at[0 .. FRAME_MAX - 1], ghost_up[0 .. FRAME_MAX - 1], ghost_slot[0 .. FRAME_MAX - 1];
    ensures good: FramesGood && PtGood && PtRoot(root);
    ensures made: \result != FRAME_NONE ==> \result == PtLeaf(root, p) && \result < frame_end
      && FrameKind(\result) == KIND_TABLE1;
    ensures kept: PtKindsKept{Pre, Post} && PtMemoryKept{Pre, Post};
    ensures same: PtSame{Pre, Post}; */
static uint32_t pt_grow(uint32_t root, uint64_t p)
{
    uint32_t t3 = pt_down(root, (uint32_t)(p / SPAN4)), t2, t1;

    if (t3 == FRAME_NONE)
        return FRAME_NONE;
    /*@ assert third: FrameKind(t3) == KIND_TABLE3 && t3 == PtStep(root, p / SPAN4); */
    t2 = pt_down(t3, (uint32_t)(p / SPAN3 % SLOTS));
    if (t2 == FRAME_NONE)
        return FRAME_NONE;
    /*@ assert kept: PtKindsKept{Pre, Here} && PtMemoryKept{Pre, Here} && PtSame{Pre, Here}; */
    /*@ assert second: PtRoot(root) && FrameKind(t2) == KIND_TABLE2 && t3 == PtStep(root, p / SPAN4)
          && t2 == PtStep(t3, p / SPAN3 % 512); */
    t1 = pt_down(t2, (uint32_t)(p / SPAN2 % SLOTS));
    /*@ assert first: t1 != FRAME_NONE ==> t3 == PtStep(root, p / SPAN4) && t2 == PtStep(t3, p / SPAN3 % 512)
          && t1 == PtStep(t2, p / SPAN2 % 512); */
    /*@ assert kept: PtKindsKept{Pre, Here} && PtMemoryKept{Pre, Here}; */
    return t1;
}

/* Changes page p of this root, whose leaf table is t, and no other. */
/*@ requires good: FramesGood && PtGood && PtZeroFree && PtRoot(root) && 1 <= p < PT_USER_PAGES;
    requires leaf: t == PtLeaf(root, p) && t != FRAME_NONE && (e == 0 || PtLeafGood(e));
    terminates \true; exits \false; assigns direct_map[t].e[p % 512];
    ensures good: FramesGood && PtGood && PtZeroFree && PtRoot(root);
    ensures set: PtAt(root, p) == e;
    ensures others: PtOthersSame{Pre, Post}(root, p);
    ensures kept: PtMemoryKept{Pre, Post}; */
static void pt_set(uint32_t root, uint64_t p, uint32_t t, uint64_t e)
{
    (void)root;
    /*@ assert mine: t < frame_end && FrameKind(t) == KIND_TABLE1 && PtPageOf(t, p % 512) == p
          && ghost_up[ghost_up[ghost_up[t]]] == root; */
    /*@ assert only: \forall integer r, q; PtRoot(r) && PtPage(q) && PtLeaf(r, q) == t && q % 512 == p % 512 ==>
          r == root && q == p; */
    pt_store(t, (uint32_t)(p % SLOTS), e);
    /*@ assert others: PtOthersSame{Pre, Here}(root, p); */
}

void pt_adopt(uint32_t root)
{
    /*@ assert alone: PtAlone(root); */
    frame_set_kind(root, KIND_ROOT);
    /*@ ghost ghost_use[root] = 1; */
    /*@ assert pools: \forall integer i; 0 <= i < frame_pool_count ==> PoolUse(i); */
    /*@ assert zero: FramesZero; */
    /*@ assert frames: FramesGood; */
    /*@ assert kinds: \forall integer f; 0 <= f < frame_end && f != root ==> FrameKind(f) == FrameKind{Pre}(f); */
    /*@ assert tables: PtTablesGood; */
    /*@ assert leaves: PtLeavesGood; */
    /*@ assert steps: \forall integer f, j; 0 <= f < frame_end && 0 <= j < SLOTS && PtInner{Pre}(f, j) ==>
          PtInner(f, j) && PtStep(f, j) == PtStep{Pre}(f, j); */
    /*@ assert ends: \forall integer j; 0 <= j < 256 ==> PtStep(root, j) == FRAME_NONE; */
    /*@ assert trees: \forall integer r, p; PtRoot{Pre}(r) && PtPage(p) ==> PtLeaf(r, p) == PtLeaf{Pre}(r, p); */
    /*@ assert empty: \forall integer p; PtPage(p) ==> PtAt(root, p) == 0; */
}

int pt_map(uint32_t root, uint64_t p, uint32_t f, uint32_t rights)
{
    uint32_t t;

    if (p < 1 || p >= PT_USER_PAGES || f >= frame_end || frame_kind[f] != KIND_USER || rights > PT_NONE)
        return -EINVAL;
    t = pt_grow(root, p);
    if (t == FRAME_NONE)
        return -ENOMEM;
    /*@ assert user: FrameKind(f) == KIND_USER; */
    /*@ assert zero: PtZeroFree; */
    if (direct_map[t].e[p % SLOTS] != 0)
        return -EEXIST;
    pt_set(root, p, t, pt_entry(f, rights));
    /*@ assert kinds: PtKindsKept{Pre, Here}; */
    /*@ assert kept: PtMemoryKept{Pre, Here}; */
    return 0;
}

uint32_t pt_unmap(uint32_t root, uint64_t p)
{
    uint64_t e;
    uint32_t t;

    if (p < 1 || p >= PT_USER_PAGES)
        return FRAME_NONE;
    t = pt_leaf(root, p);
    if (t == FRAME_NONE || direct_map[t].e[p % SLOTS] == 0)
        return FRAME_NONE;
    e = direct_map[t].e[p % SLOTS];
    /*@ assert leaf: PtLeafGood(e); */
    pt_set(root, p, t, 0);
    return pt_frame(e);
}

int pt_protect(uint32_t root, uint64_t p, uint32_t rights)
{
    uint64_t e;
    uint32_t t;

    if (p < 1 || p >= PT_USER_PAGES || rights > PT_NONE)
        return -EINVAL;
    t = pt_leaf(root, p);
    if (t == FRAME_NONE || direct_map[t].e[p % SLOTS] == 0)
        return -ENOENT;
    e = direct_map[t].e[p % SLOTS];
    /*@ assert leaf: PtLeafGood(e); */
    pt_set(root, p, t, pt_entry(pt_frame(e), rights));
    return 0;
}

uint64_t pt_next(uint32_t root, uint64_t p, uint64_t end)
{
    /*@ loop invariant from: \at(p, Pre) <= p && (\at(p, Pre) < end ==> p <= PT_USER_PAGES);
        loop invariant empty: \forall integer q; \at(p, Pre) <= q < p ==> PtAt(root, q) == 0;
        loop assigns p;
        loop variant end - p; */
    while (p < end) {
        uint32_t span, t = pt_look(root, p, &span);
        uint64_t next = (p / span + 1) * span;

        /*@ assert span: next > p && next <= PT_USER_PAGES
              && \forall integer q; p <= q < next ==> q / span == p / span; */
        if (t == FRAME_NONE) {
            /*@ assert none: \forall integer q; p <= q < next ==> PtAt(root, q) == 0; */
            p = next;
            continue;
        }
        /*@ assert table: \forall integer q; p <= q < next ==> PtAt(root, q) == direct_map[t].e[q % SLOTS]; */
        /*@ loop invariant in: \at(p, LoopEntry) <= p <= next && p <= end;
            loop invariant clear: \forall integer q; \at(p, LoopEntry) <= q < p ==> PtAt(root, q) == 0;
            loop assigns p;
            loop variant next - p; */
        while (p < next && p < end) {
            if (direct_map[t].e[p % SLOTS] != 0)
                return p;
            p++;
        }
    }
    return end;
}

uint32_t pt_find(uint32_t root, uint64_t p, uint32_t *rights)
{
    uint32_t t = p < PT_USER_PAGES ? pt_leaf(root, p) : FRAME_NONE;
    uint64_t e;

    if (t == FRAME_NONE || direct_map[t].e[p % SLOTS] == 0)
        return FRAME_NONE;
    e = direct_map[t].e[p % SLOTS];
    /*@ assert leaf: PtLeafGood(e); */
    if (e % 2 == 0)
        *rights = PT_NONE;
    else if (e / ENTRY_W % 2 == 1)
        *rights = PT_WRITE;
    else
        *rights = e / NX == 1 ? PT_READ : PT_EXEC;
    return pt_frame(e);
}
