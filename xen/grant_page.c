/* SPDX-License-Identifier: BSD-2-Clause */
#include "xen/grant_page.h"

#include <xen/memory.h>

#include "mm/frame.h"
#include "mm/kmap.h"
#include "xen/host.h"

_Static_assert(GRANT_COUNT * sizeof(struct grant_cell) == 2 * FRAME_SIZE, "two frames");

static struct {
    enum { TABLE_UNKNOWN, TABLE_MAPPED, TABLE_NONE } state;
    struct grant_cell *table;
    struct grant_pool pool;
    uint32_t quarantined;
} grants;

/* One page of the table, seen through the window, where the next call's page follows. */
static uint8_t *map_page(uint32_t index)
{
    uint32_t frame = xen_place_page(XENMAPSPACE_grant_table, index);

    return frame == FRAME_NONE ? 0 : kmap_shared((uint64_t)frame * FRAME_SIZE);
}

static void map_table(void)
{
    uint8_t *first = map_page(0), *second = first ? map_page(1) : 0;

    grants.state = second && second == first + FRAME_SIZE ? TABLE_MAPPED : TABLE_NONE;
    grants.table = (struct grant_cell *)first;
    grant_pool_init(&grants.pool);
}

grant_ref_t grant_page_open(domid_t domain)
{
    uint32_t frame;
    grant_ref_t gref;

    if (grants.state == TABLE_UNKNOWN)
        map_table();
    if (grants.state == TABLE_NONE)
        return GRANT_NONE;
    frame = frame_alloc();
    if (frame == FRAME_NONE)
        return GRANT_NONE;
    gref = grant_share(&grants.pool, grants.table, domain, frame, false);
    if (gref == GRANT_NONE)
        frame_free(frame);
    return gref;
}

void *grant_page_memory(grant_ref_t gref)
{
    return frame_memory(grants.pool.frame[gref]);
}

void grant_page_close(grant_ref_t gref)
{
    uint32_t frame = grants.pool.frame[gref];

    if (grant_try_end(&grants.pool, grants.table, gref) == 0)
        frame_free(frame);
    else if (grant_quarantine(&grants.pool, gref))
        grants.quarantined++;
}

void grant_page_retry(void)
{
    for (grant_ref_t gref = GRANT_RESERVED; gref < GRANT_COUNT && grants.quarantined > 0; gref++) {
        uint32_t frame = grants.pool.frame[gref];

        if (!grant_is_quarantined(&grants.pool, gref) || grant_try_end(&grants.pool, grants.table, gref) != 0)
            continue;
        grants.quarantined--;
        frame_free(frame);
    }
}

uint32_t grant_page_count_quarantined(void)
{
    return grants.quarantined;
}
