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

static uint32_t pt_frame(uint64_t e)
{
    return (uint32_t)(e / FRAME_SIZE % FIELD);
}

/* The table below slot s of table f. */
static uint32_t pt_step(uint32_t f, uint32_t s)
{
    uint64_t e = direct_map[f].e[s];

    return e % 2 == 1 ? pt_frame(e) : FRAME_NONE;
}

static uint32_t pt_leaf(uint32_t root, uint64_t p)
{
    uint32_t t = pt_step(root, (uint32_t)(p / SPAN4));

    if (t == FRAME_NONE)
        return FRAME_NONE;
    t = pt_step(t, (uint32_t)(p / SPAN3 % SLOTS));
    if (t == FRAME_NONE)
        return FRAME_NONE;
    return pt_step(t, (uint32_t)(p / SPAN2 % SLOTS));
}

/* A leaf is present, or kept: then only ENTRY_KEPT and the frame say what is there. Accessed and dirty are set beforehand, so
   that the MMU never writes an entry. */
static uint64_t pt_entry(uint32_t f, uint32_t rights)
{
    uint64_t e = (uint64_t)f * FRAME_SIZE;

    if (rights == PT_NONE)
        return e + ENTRY_KEPT;
    return e + ENTRY_P + ENTRY_U + ENTRY_A + (rights == PT_WRITE ? ENTRY_W + ENTRY_D : 0) +
           (rights == PT_EXEC ? 0 : NX);
}

static uint32_t pt_down(uint32_t f, uint32_t s)
{
    uint32_t t = pt_step(f, s);

    if (t != FRAME_NONE)
        return t;
    t = frame_alloc();
    if (t == FRAME_NONE)
        return FRAME_NONE;
    frame_kind[t] = (uint8_t)(frame_kind[f] - 1);
    direct_map[f].e[s] = (uint64_t)t * FRAME_SIZE + ENTRY_P + ENTRY_W + ENTRY_U + ENTRY_A;
    return t;
}

/* All tables for page p, made when missing. */
static uint32_t pt_grow(uint32_t root, uint64_t p)
{
    uint32_t t = pt_down(root, (uint32_t)(p / SPAN4));

    if (t == FRAME_NONE)
        return FRAME_NONE;
    t = pt_down(t, (uint32_t)(p / SPAN3 % SLOTS));
    if (t == FRAME_NONE)
        return FRAME_NONE;
    return pt_down(t, (uint32_t)(p / SPAN2 % SLOTS));
}

int pt_map(uint32_t root, uint64_t p, uint32_t f, uint32_t rights)
{
    uint32_t t;

    if (p < 1 || p >= PT_USER_PAGES || f >= frame_end || frame_kind[f] != KIND_USER || rights > PT_NONE)
        return -EINVAL;
    t = pt_grow(root, p);
    if (t == FRAME_NONE)
        return -ENOMEM;
    if (direct_map[t].e[p % SLOTS] != 0)
        return -EEXIST;
    direct_map[t].e[p % SLOTS] = pt_entry(f, rights);
    return 0;
}

int pt_unmap(uint32_t root, uint64_t p, uint32_t *f)
{
    uint32_t t;

    if (p < 1 || p >= PT_USER_PAGES)
        return -EINVAL;
    t = pt_leaf(root, p);
    if (t == FRAME_NONE || direct_map[t].e[p % SLOTS] == 0)
        return -ENOENT;
    *f = pt_frame(direct_map[t].e[p % SLOTS]);
    direct_map[t].e[p % SLOTS] = 0;
    return 0;
}

int pt_protect(uint32_t root, uint64_t p, uint32_t rights)
{
    uint32_t t;

    if (p < 1 || p >= PT_USER_PAGES || rights > PT_NONE)
        return -EINVAL;
    t = pt_leaf(root, p);
    if (t == FRAME_NONE || direct_map[t].e[p % SLOTS] == 0)
        return -ENOENT;
    direct_map[t].e[p % SLOTS] = pt_entry(pt_frame(direct_map[t].e[p % SLOTS]), rights);
    return 0;
}

uint64_t pt_next(uint32_t root, uint64_t p, uint64_t end)
{
    while (p < end) {
        uint32_t t = pt_step(root, (uint32_t)(p / SPAN4));
        uint64_t span = SPAN4;

        if (t != FRAME_NONE) {
            t = pt_step(t, (uint32_t)(p / SPAN3 % SLOTS));
            span = SPAN3;
        }
        if (t != FRAME_NONE) {
            t = pt_step(t, (uint32_t)(p / SPAN2 % SLOTS));
            span = SPAN2;
        }
        if (t == FRAME_NONE) {
            p = (p / span + 1) * span;
            continue;
        }
        do {
            if (direct_map[t].e[p % SLOTS] != 0)
                return p;
            p++;
        } while (p < end && p % SLOTS != 0);
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
    if (e % 2 == 0)
        *rights = PT_NONE;
    else if (e / ENTRY_W % 2 == 1)
        *rights = PT_WRITE;
    else
        *rights = e / NX == 1 ? PT_READ : PT_EXEC;
    return pt_frame(e);
}
