/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames that are granted to ourselves and mapped by ourselves at an address where there is no memory. A page of a translated
   domain has one address only: mapping it in the hole takes it away from where it was, so no such frame is used again. */
#include "check.h"

#include <stddef.h>

#include <xen/xen.h>

#include <xen/grant_table.h>

#include "grant_map.h"
#include "lib/string.h"
#include "mm/frame.h"
#include "mm/kmap.h"
#include "xen/grant_page.h"
#include "xen/hypercall.h"

/* The domain that this test runs as, and a hole below the devices. */
enum { DOM0 = 0 };
#define HOLE 0xc0000000u

static struct grant_cell *table;
static struct grant_pool pool;
static volatile uint8_t *peer_view; /* what the other end sees of a grant: HOLE */

/* The other end: Xen's word for a mapping of the reference at HOLE, and its handle. */
static int map(uint32_t gref, uint32_t flags, grant_handle_t *handle)
{
    struct gnttab_map_grant_ref op = { .host_addr = HOLE, .flags = GNTMAP_host_map | flags, .ref = gref, .dom = DOM0 };

    CHECK_EQ(hypercall3(__HYPERVISOR_grant_table_op, GNTTABOP_map_grant_ref, (uint64_t)&op, 1), 0);
    *handle = op.handle;
    return op.status;
}

static int unmap(grant_handle_t handle)
{
    struct gnttab_unmap_grant_ref op = { .host_addr = HOLE, .handle = handle };

    CHECK_EQ(hypercall3(__HYPERVISOR_grant_table_op, GNTTABOP_unmap_grant_ref, (uint64_t)&op, 1), 0);
    return op.status;
}

/* Shared, seen by the other end, written by it, and ended. */
static void check_round(void)
{
    uint32_t frame = frame_alloc(), gref;
    uint8_t *bytes = frame_memory(frame);
    grant_handle_t handle;

    gref = grant_share(&pool, table, DOM0, frame, false);
    CHECK(gref >= GRANT_RESERVED && gref < GRANT_COUNT);
    memcpy(bytes, "silence", 8);
    CHECK_EQ(map(gref, 0, &handle), GNTST_okay);
    CHECK(peer_view[0] == 's' && peer_view[6] == 'e' && peer_view[7] == 0);
    peer_view[4095] = 77;
    CHECK_EQ(peer_view[4095], 77);
    CHECK_EQ(table[gref].flags, GTF_permit_access + GTF_reading + GTF_writing);
    CHECK_EQ(unmap(handle), GNTST_okay);
    CHECK_EQ(table[gref].flags, GTF_permit_access);
    CHECK_EQ(grant_try_end(&pool, table, gref), 0);
    CHECK_EQ(map(gref, 0, &handle), GNTST_general_error); /* nothing is granted there any more */
    CHECK_EQ(grant_try_end(&pool, table, gref), GRANT_NOT_LIVE);
}

/* Threat 14: still mapped when we end it. The frame stays given away until the other end lets go, and the reference is nobody
   else's, even when every other one is taken. */
static void check_busy(void)
{
    uint32_t frame = frame_alloc(), other = frame_alloc(), gref = grant_share(&pool, table, DOM0, frame, false);
    static uint32_t taken[GRANT_COUNT];
    uint32_t count = 0, next;
    grant_handle_t handle;

    CHECK_EQ(map(gref, 0, &handle), GNTST_okay);
    CHECK_EQ(grant_try_end(&pool, table, gref), GRANT_BUSY);
    CHECK_EQ(table[gref].flags, GTF_permit_access + GTF_reading + GTF_writing);
    CHECK(grant_quarantine(&pool, gref) && grant_is_quarantined(&pool, gref));
    while ((next = grant_share(&pool, table, DOM0, other, true)) != GRANT_NONE)
        taken[count++] = next;
    CHECK_EQ(count, GRANT_COUNT - GRANT_RESERVED - 1);
    for (uint32_t i = 0; i < count; i++)
        if (!CHECK(taken[i] != gref) || !CHECK_EQ(grant_try_end(&pool, table, taken[i]), 0))
            break;
    CHECK_EQ(grant_try_end(&pool, table, gref), GRANT_BUSY);
    peer_view[0] = 1; /* it may still write there */
    CHECK_EQ(peer_view[0], 1);
    CHECK_EQ(unmap(handle), GNTST_okay);
    CHECK_EQ(grant_try_end(&pool, table, gref), 0);
    CHECK(!grant_is_quarantined(&pool, gref));
    frame_free(other);
}

/* Read-only: Xen lets nobody write. */
static void check_readonly(void)
{
    uint32_t frame = frame_alloc(), gref = grant_share(&pool, table, DOM0, frame, true);
    grant_handle_t handle;

    CHECK_EQ(map(gref, 0, &handle), GNTST_general_error);
    CHECK_EQ(map(gref, GNTMAP_readonly, &handle), GNTST_okay);
    CHECK_EQ(table[gref].flags, GTF_permit_access + GTF_readonly + GTF_reading);
    CHECK_EQ(grant_try_end(&pool, table, gref), GRANT_BUSY);
    CHECK_EQ(unmap(handle), GNTST_okay);
    CHECK_EQ(grant_try_end(&pool, table, gref), 0);
}

/* Both frames of the table are Xen's: the last reference works, and one of another domain is not ours to map. */
static void check_table(void)
{
    uint32_t frame = frame_alloc(), gref, last = GRANT_COUNT - 1;
    grant_handle_t handle;

    table[last] = (struct grant_cell){ .flags = GTF_permit_access, .domid = DOM0, .frame = frame };
    CHECK_EQ(map(last, 0, &handle), GNTST_okay);
    CHECK_EQ(unmap(handle), GNTST_okay);
    table[last].flags = 0;
    gref = grant_share(&pool, table, 5, frame, false);
    CHECK_EQ(map(gref, 0, &handle), GNTST_general_error);
    CHECK_EQ(grant_try_end(&pool, table, gref), 0);
}

/* The same through what the drivers use: a page that is closed while it is mapped is nobody's until the other end lets go. Last,
   for it maps the table anew. */
static void check_pages(void)
{
    grant_ref_t gref = grant_page_open(DOM0), other;
    grant_handle_t handle;

    CHECK(gref != GRANT_NONE);
    CHECK_EQ(map(gref, 0, &handle), GNTST_okay);
    grant_page_close(gref);
    grant_page_retry();
    CHECK_EQ(grant_page_count_quarantined(), 1);
    other = grant_page_open(DOM0);
    CHECK(other != GRANT_NONE && other != gref && grant_page_memory(other) != grant_page_memory(gref));
    grant_page_close(other);
    CHECK_EQ(grant_page_count_quarantined(), 1);
    CHECK_EQ(unmap(handle), GNTST_okay);
    grant_page_retry();
    CHECK_EQ(grant_page_count_quarantined(), 0);
    CHECK_EQ(map(gref, 0, &handle), GNTST_general_error);
}

void check_grants(void)
{
    table = grant_map();
    peer_view = kmap_shared(HOLE);
    if (!CHECK(table != NULL) || !CHECK(peer_view != NULL))
        return;
    grant_pool_init(&pool);
    check_round();
    check_busy();
    check_readonly();
    check_table();
    check_pages();
}
