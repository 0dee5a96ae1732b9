/* SPDX-License-Identifier: BSD-2-Clause */
/* The application's half of the page tables (T3): four levels of 4 KiB pages (SDM volume 3, 4.5). Pages are numbered
   address / 4096; page zero and the kernel half cannot be named here. No entry is ever writable and executable. The caller
   drops the TLB entry of what it changes. */
#ifndef MM_PAGE_TABLE_H
#define MM_PAGE_TABLE_H
#include <stdint.h>

#include "mm/frame.h"

#define PT_USER_PAGES 0x800000000ULL /* 2^35: the lower half */

/* PT_NONE keeps the frame in its place, but the CPU sees nothing there. */
enum pt_rights { PT_READ = 0, PT_WRITE = 1, PT_EXEC = 2, PT_NONE = 3 };

#include "spec/page_table.acsl"

/* Frame root, not one of the allocator's, is the root of an application's tables; its lower half is empty. */
/*@ requires good: FramesGood && PtGood && PtZeroFree;
    requires root: root < frame_end && !FrameHeld(root);
    requires not_pooled: \forall integer i; 0 <= i < frame_pool_count ==> !PoolHas(i, root);
    requires not_zeroed: !FrameBack(root);
    requires empty: \forall integer s; 0 <= s < 256 ==> direct_map[root].e[s] == 0;
    terminates \true; exits \false; assigns frame_kind[root], ghost_use[root];
    ensures good: FramesGood && PtGood && PtZeroFree;
    ensures root: PtRoot(root);
    ensures empty: \forall integer p; PtPage(p) ==> PtAt(root, p) == 0;
    ensures same: \forall integer r, p; PtRoot{Pre}(r) && PtPage(p) ==>
      PtRoot(r) && r != root && PtAt(r, p) == PtAt{Pre}(r, p);
    ensures kept: PtKindsKept{Pre, Post}; */
void pt_adopt(uint32_t root);

/* Puts frame f (KIND_USER) at page p: 0; -EINVAL for a bad page, frame or right; -EEXIST when a frame is there;
   -ENOMEM when there is no frame for a table. A refusal maps nothing. */
/*@ requires good: FramesGood && PtGood && PtZeroFree && PtRoot(root);
    requires owned: f < frame_end ==> FrameHeld(f);
    terminates \true; exits \false;
    assigns frame_pool[0 .. FRAME_POOLS_MAX - 1], frame_state[0 .. frame_end - 1], frame_kind[0 .. frame_end - 1],
      direct_map[0 .. frame_end - 1], ghost_use[0 .. FRAME_MAX - 1], ghost_place[0 .. FRAME_MAX - 1],
      ghost_at[0 .. FRAME_MAX - 1], ghost_up[0 .. FRAME_MAX - 1], ghost_slot[0 .. FRAME_MAX - 1];
    ensures good: FramesGood && PtGood && PtZeroFree && PtRoot(root);
    ensures codes: \result == 0 || \result == -EINVAL || \result == -EEXIST || \result == -ENOMEM;
    ensures invalid: \result == -EINVAL <==> !(1 <= p < PT_USER_PAGES && f < frame_end
      && FrameKind{Pre}(f) == KIND_USER && rights <= PT_NONE);
    ensures exists: \result == -EEXIST ==> PtAt{Pre}(root, p) != 0;
    ensures mapped: \result == 0 ==> PtAt{Pre}(root, p) == 0 && PtAt(root, p) == PtEntry(f, rights);
    ensures refused: \result != 0 ==> PtSame{Pre, Post};
    ensures others: PtOthersSame{Pre, Post}(root, p);
    ensures kept: PtKindsKept{Pre, Post} && PtMemoryKept{Pre, Post}; */
int pt_map(uint32_t root, uint64_t p, uint32_t f, uint32_t rights);

/* Takes the frame at page p away: which it was, or FRAME_NONE when none is there or no page has that number. */
/*@ requires good: FramesGood && PtGood && PtZeroFree && PtRoot(root);
    terminates \true; exits \false; assigns direct_map[0 .. frame_end - 1];
    ensures good: FramesGood && PtGood && PtZeroFree && PtRoot(root);
    ensures none: \result == FRAME_NONE <==> !(1 <= p < PT_USER_PAGES) || PtAt{Pre}(root, p) == 0;
    ensures taken: \result != FRAME_NONE ==> \result == PtFrame(PtAt{Pre}(root, p)) && PtAt(root, p) == 0;
    ensures user: \result != FRAME_NONE ==> \result < frame_end && FrameKind(\result) == KIND_USER;
    ensures refused: \result == FRAME_NONE ==> PtSame{Pre, Post};
    ensures others: PtOthersSame{Pre, Post}(root, p);
    ensures kept: PtMemoryKept{Pre, Post}; */
uint32_t pt_unmap(uint32_t root, uint64_t p);

/* New rights for the frame at page p: 0, -EINVAL or -ENOENT. */
/*@ requires good: FramesGood && PtGood && PtZeroFree && PtRoot(root);
    terminates \true; exits \false; assigns direct_map[0 .. frame_end - 1];
    ensures good: FramesGood && PtGood && PtZeroFree && PtRoot(root);
    ensures codes: \result == 0 || \result == -EINVAL || \result == -ENOENT;
    ensures invalid: \result == -EINVAL <==> !(1 <= p < PT_USER_PAGES && rights <= PT_NONE);
    ensures none: \result == -ENOENT ==> PtAt{Pre}(root, p) == 0;
    ensures changed: \result == 0 ==> PtAt{Pre}(root, p) != 0
      && PtAt(root, p) == PtEntry(PtFrame(PtAt{Pre}(root, p)), rights);
    ensures refused: \result != 0 ==> PtSame{Pre, Post};
    ensures others: PtOthersSame{Pre, Post}(root, p);
    ensures kept: PtMemoryKept{Pre, Post}; */
int pt_protect(uint32_t root, uint64_t p, uint32_t rights);

/* The first page in [p, end) that holds a frame, or end. Skips what has no tables. */
/*@ requires good: FrameMemory && PtGood && PtRoot(root) && end <= PT_USER_PAGES;
    terminates \true; exits \false; assigns \nothing;
    ensures range: p < end ==> p <= \result <= end;
    ensures none: p >= end ==> \result == end;
    ensures found: \result < end ==> PtAt(root, \result) != 0;
    ensures first: \forall integer q; p <= q < \result ==> PtAt(root, q) == 0; */
uint64_t pt_next(uint32_t root, uint64_t p, uint64_t end);

/* The frame at page p and its rights in *rights, or FRAME_NONE. */
/*@ requires good: FrameMemory && PtGood && PtRoot(root) && \valid(rights);
    terminates \true; exits \false; assigns *rights;
    ensures none: \result == FRAME_NONE <==> !PtPage(p) || PtAt(root, p) == 0;
    ensures unread: \result == FRAME_NONE ==> *rights == \old(*rights);
    ensures found: \result != FRAME_NONE ==> \result < frame_end && FrameKind(\result) == KIND_USER
      && *rights <= PT_NONE && PtAt(root, p) == PtEntry(\result, *rights); */
uint32_t pt_find(uint32_t root, uint64_t p, uint32_t *rights);

#endif
