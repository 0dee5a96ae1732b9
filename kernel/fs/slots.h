/* SPDX-License-Identifier: BSD-2-Clause */
/* Tables that grow by whole frames: nodes, names and open files are slots in them, known by number, never by pointer. */
#ifndef KERNEL_FS_SLOTS_H
#define KERNEL_FS_SLOTS_H
#include "mm/frame.h"
#include <stdint.h>

#define SLOTS_FRAME_SHIFT 12u

#define SLOTS_DIRECT 8u
#define SLOTS_TABLES 4u

/* Slot 0 is never given out: number 0 means none everywhere, so zeroed memory holds no references. */
struct slots {
    uint32_t shift;                /* a slot has 1 << shift bytes, at least 4, at most FRAME_SIZE */
    uint32_t limit;                /* numbers below this */
    uint32_t made;                 /* numbers below this have memory */
    uint32_t used;                 /* slots given out */
    uint32_t free;                 /* the first slot given back; they are chained through their first word */
    uint32_t direct[SLOTS_DIRECT]; /* frames of the first slots; the others by tables of 1024 frame numbers */
    uint32_t table[SLOTS_TABLES];
};

/* A frame for the files, zeroed, or 0 when there is none: frame 0 is never used, so that 0 means none in page tables too. */
uint32_t fs_frame_alloc(void);

/* A zeroed slot, or 0 when memory or numbers are used up; nothing has changed then. */
uint32_t slots_take(struct slots *slots);

/* Gives a slot back that slots_take gave. */
void slots_give(struct slots *slots, uint32_t id);

/* Where the frame number of a part behind the first ones is kept; NULL when its table does not exist. */
const uint32_t *slots_far_part(const struct slots *slots, uint32_t part);

/* The memory of a slot that was taken; it never moves. shift is the table's, as a constant: every call on a file comes by here
   several times. */
static inline void *slots_at(const struct slots *slots, uint32_t id, uint32_t shift)
{
    uint32_t in_frame = SLOTS_FRAME_SHIFT - shift; /* bits of the number that count within a frame */
    uint32_t part = id >> in_frame;
    uint32_t frame = part < SLOTS_DIRECT ? slots->direct[part] : *slots_far_part(slots, part);
    return (uint8_t *)frame_memory(frame) + ((uint64_t)(id & ((1u << in_frame) - 1)) << shift);
}

#endif
