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

/* The kind of each frame below the end of RAM; meaningful for owned ones. Written by frame_alloc and mm/page_table. */
extern uint8_t *frame_kind;
extern uint32_t frame_end;

/* Bytes of book-keeping for frames [0, end). */
uint64_t frame_metadata_size(uint32_t end);

/* Puts the book-keeping for frames [0, end) at metadata: 8-byte aligned, frame_metadata_size(end) bytes. Not touched
   before a frame is first handed out, so the cost does not depend on the size of memory. */
void frame_start(void *metadata, uint32_t end);

/* Frames [first, end), RAM that nothing uses, come under the allocator. A mapped pool is in the direct map already; another one
   lies below 1 GiB and is mapped as it is handed out. False when there are too many pools. */
bool frame_add_pool(uint32_t first, uint32_t end, bool is_mapped);

/* A frame nobody owns, zeroed, of KIND_OTHER; FRAME_NONE when there is none. O(1). */
uint32_t frame_alloc(void);

/* The same with unspecified contents: the caller overwrites all of it before anyone else sees it. */
uint32_t frame_alloc_raw(void);

/* The owner gives the frame back. A frame that is not owned (free, granted, quarantined, not RAM) is a kernel bug: panic. */
void frame_free(uint32_t frame);

/* Frames that frame_alloc can still hand out, and all that were ever under it. */
uint64_t frame_count_free(void);
uint64_t frame_count_total(void);

/* The frame's bytes in the kernel's direct map. */
static inline void *frame_memory(uint32_t frame)
{
    return &direct_map[frame];
}

#endif
