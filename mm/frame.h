/* SPDX-License-Identifier: BSD-2-Clause */
/* Page frames and who owns them (T2). A frame number is a physical address divided by FRAME_SIZE. */
#ifndef MM_FRAME_H
#define MM_FRAME_H
#include <stdbool.h>
#include <stdint.h>

#define FRAME_SIZE      4096u
#define FRAME_NONE      0xffffffffu
#define FRAME_MAX       16777216u /* 64 GiB: more memory is left alone */
#define FRAME_POOLS_MAX 40u

enum frame_state { FRAME_FREE, FRAME_OWNED, FRAME_GRANTED, FRAME_QUARANTINED };

/* What an owned frame is used for: levels of the application's page tables, its memory, or anything else. */
enum frame_kind { KIND_OTHER = 0, KIND_TABLE1 = 1, KIND_TABLE2 = 2, KIND_TABLE3 = 3, KIND_ROOT = 4, KIND_USER = 5 };

/* One frame seen as a page table; all of RAM seen through the direct map is an array of them. */
struct table {
    uint64_t e[512];
};
extern struct table *direct_map;

/* The kind of each frame below the end of RAM; meaningful for owned ones. */
extern uint8_t *frame_kind;
extern uint32_t frame_end;

/* The allocator's own, here because contracts name it: one range of RAM. Its freed frames are at the stack's places
   first .. first + nfree - 1. */
struct frame_pool {
    uint32_t first, high, end; /* frames first .. end-1; high .. end-1 were never used */
    uint32_t mapped;           /* frames below are in the direct map; high <= mapped <= end */
    uint32_t nfree;
};
extern struct frame_pool frame_pool[FRAME_POOLS_MAX];
extern uint32_t frame_pool_count;
extern uint8_t *frame_state; /* of each frame below its pool's high-water mark */
extern uint32_t *frame_stack;

#include "spec/frame.acsl"

/* Bytes of book-keeping for frames [0, end). */
uint64_t frame_metadata_size(uint32_t end);

/* Puts the book-keeping for frames [0, end) at metadata: 8-byte aligned, frame_metadata_size(end) bytes. Not touched
   before a frame is first handed out, so the cost does not depend on the size of memory. */
void frame_start(void *metadata, uint32_t end);

/* Frames [first, end), RAM that nothing uses, come under the allocator. A mapped pool is in the direct map already; another one
   lies below 1 GiB and is mapped as it is handed out. False when there are too many pools. */
bool frame_add_pool(uint32_t first, uint32_t end, bool is_mapped);

/* A frame nobody owns, zeroed, of KIND_OTHER; FRAME_NONE when there is none. O(1). */
/*@ requires good: FramesGood;
    terminates \true; exits \false;
    assigns frame_pool[0 .. FRAME_POOLS_MAX - 1], frame_state[0 .. frame_end - 1], frame_kind[0 .. frame_end - 1],
      direct_map[0 .. frame_end - 1], ghost_use[0 .. FRAME_MAX - 1], ghost_place[0 .. FRAME_MAX - 1],
      ghost_at[0 .. FRAME_MAX - 1];
    ensures good: FramesGood;
    ensures none: \result == FRAME_NONE <==> FramesFull{Pre};
    ensures taken: \result != FRAME_NONE ==> \result < frame_end && !FrameHeld{Pre}(\result) && FrameHeld(\result)
      && FrameOwned(\result);
    ensures clean: \result != FRAME_NONE ==> FrameKind(\result) == KIND_OTHER && FrameZero(\result);
    ensures others: FrameOthersKept{Pre, Post}(\result);
    ensures memory: FrameMemoryKept{Pre, Post}(\result); */
uint32_t frame_alloc(void);

/* The same with unspecified contents: the caller overwrites all of it before anyone else sees it. */
/*@ requires good: FramesGood;
    terminates \true; exits \false;
    assigns frame_pool[0 .. FRAME_POOLS_MAX - 1], frame_state[0 .. frame_end - 1], frame_kind[0 .. frame_end - 1],
      ghost_use[0 .. FRAME_MAX - 1], ghost_place[0 .. FRAME_MAX - 1], ghost_at[0 .. FRAME_MAX - 1];
    ensures good: FramesGood;
    ensures none: \result == FRAME_NONE <==> FramesFull{Pre};
    ensures taken: \result != FRAME_NONE ==> \result < frame_end && !FrameHeld{Pre}(\result) && FrameOwned(\result)
      && FrameHeld(\result) && FrameKind(\result) == KIND_OTHER;
    ensures others: FrameOthersKept{Pre, Post}(\result); */
uint32_t frame_alloc_raw(void);

/* The owner gives the frame back. A frame that is not owned (free, granted, quarantined, not RAM) is a kernel bug: panic. */
/*@ requires good: FramesGood;
    terminates FrameOwned(frame); exits \false;
    assigns frame_pool[0 .. FRAME_POOLS_MAX - 1], frame_state[frame], frame_stack[0 .. frame_end - 1],
      direct_map[frame], ghost_use[frame], ghost_place[0 .. FRAME_MAX - 1], ghost_at[0 .. FRAME_MAX - 1];
    ensures good: FramesGood;
    ensures back: FrameOwned{Pre}(frame) ==> FrameHeld{Pre}(frame) && FrameBack(frame) && FrameZero(frame);
    ensures refused: !FrameOwned{Pre}(frame) && frame < frame_end ==> ghost_use[frame] == \old(ghost_use[frame])
      && FrameMemoryKept{Pre, Post}(FRAME_NONE);
    ensures others: FrameOthersKept{Pre, Post}(frame) && FrameMemoryKept{Pre, Post}(frame); */
void frame_free(uint32_t frame);

/* Frames that frame_alloc can still hand out, and all that were ever under it. */
/*@ requires good: FrameMemory && PoolsGood;
    terminates \true; exits \false; assigns \nothing;
    ensures sum: \result == FreeBelow(frame_pool_count); */
uint64_t frame_count_free(void);
/*@ requires good: FrameMemory && PoolsGood;
    terminates \true; exits \false; assigns \nothing;
    ensures sum: \result == SizeBelow(frame_pool_count); */
uint64_t frame_count_total(void);

/* Its owner says what the frame is used for. */
/*@ requires good: FrameMemory && PoolsGood && frame < frame_end;
    terminates \true; exits \false; assigns frame_kind[frame];
    ensures good: FrameMemory && PoolsGood;
    ensures kind: frame_kind[frame] == kind; */
static inline void frame_set_kind(uint32_t frame, uint8_t kind)
{
    frame_kind[frame] = kind;
    /*@ assert same: \forall integer j; 0 <= j < frame_pool_count && PoolGood{Pre}(j) ==> PoolUntouched{Pre, Here}(j); */
    /*@ assert rest: \forall integer j; PoolGood{Pre}(j) && PoolUntouched{Pre, Here}(j) ==> PoolGood(j); */
}

/* The frame's bytes in the kernel's direct map. */
static inline void *frame_memory(uint32_t frame)
{
    return &direct_map[frame];
}

#endif
