/* SPDX-License-Identifier: BSD-2-Clause */
#include "grant_map.h"

#include <stddef.h>

#include <xen/memory.h>

#include "mm/frame.h"
#include "xen/hypercall.h"
#include "xen/judge.h"

enum { TABLE_FRAMES = GRANT_COUNT * sizeof(struct grant_cell) / FRAME_SIZE, TRIES = 16 };

_Static_assert(TABLE_FRAMES == 2, "the search below is for a pair");

/* The first of two adjacent frames: the allocator gives ascending ones as long as it has any that nobody used yet. */
static uint32_t alloc_pair(void)
{
    uint32_t held[TRIES], count = 0, first = FRAME_NONE;

    while (first == FRAME_NONE && count < TRIES) {
        held[count] = frame_alloc();
        if (held[count] == FRAME_NONE)
            break;
        if (count > 0 && held[count] == held[count - 1] + 1)
            first = held[count - 1];
        count++;
    }
    if (first != FRAME_NONE)
        count -= 2;
    while (count > 0)
        frame_free(held[--count]);
    return first;
}

struct grant_cell *grant_map(void)
{
    uint32_t first = alloc_pair(), mapped = 0;

    if (first == FRAME_NONE)
        return NULL;
    while (mapped < TABLE_FRAMES) {
        struct xen_add_to_physmap add = {
            .domid = DOMID_SELF, .space = XENMAPSPACE_grant_table, .idx = mapped, .gpfn = first + mapped
        };

        if (judge_zero(hypercall2(__HYPERVISOR_memory_op, XENMEM_add_to_physmap, (uint64_t)&add)) < 0)
            break;
        mapped++;
    }
    if (mapped == TABLE_FRAMES)
        return frame_memory(first);
    for (uint32_t i = mapped; i < TABLE_FRAMES; i++)
        frame_free(first + i);
    return NULL;
}
