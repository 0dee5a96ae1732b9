/* SPDX-License-Identifier: BSD-2-Clause */
/* links: xen/grant.c */
/* A grant table whose other side maps, unmaps and flaps (threats 14, 15, 18). */
#include "xen/grant.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "lies.h"

static struct grant_cell *table;
static struct grant_pool pool;

static void check_life(void)
{
    uint32_t gref = grant_share(&pool, table, 7, 0x1234, true);

    CHECK(gref >= GRANT_RESERVED && gref < GRANT_COUNT);
    CHECK(table[gref].frame == 0x1234 && table[gref].domid == 7);
    CHECK_EQ(table[gref].flags, GTF_permit_access | GTF_readonly);
    CHECK_EQ(pool.frame[gref], 0x1234);
    table[gref].flags |= GTF_reading;
    CHECK_EQ(grant_try_end(&pool, table, gref), GRANT_BUSY);
    CHECK(!grant_is_quarantined(&pool, gref) && grant_quarantine(&pool, gref) && grant_is_quarantined(&pool, gref));
    table[gref].flags = GTF_permit_access | GTF_writing;
    CHECK_EQ(grant_try_end(&pool, table, gref), GRANT_BUSY);
    table[gref].flags = GTF_permit_access;
    CHECK_EQ(grant_try_end(&pool, table, gref), 0);
    CHECK(table[gref].flags == 0 && !grant_is_quarantined(&pool, gref));
    CHECK_EQ(grant_try_end(&pool, table, gref), GRANT_NOT_LIVE);
    CHECK(!grant_quarantine(&pool, gref));
    for (uint32_t odd = 0; odd < GRANT_RESERVED; odd++)
        CHECK_EQ(grant_try_end(&pool, table, odd), GRANT_NOT_LIVE);
    CHECK_EQ(grant_try_end(&pool, table, GRANT_COUNT), GRANT_NOT_LIVE);
    CHECK_EQ(grant_try_end(&pool, table, 0xffffffff), GRANT_NOT_LIVE);
    CHECK(!grant_is_quarantined(&pool, 0xffffffff));
}

/* All references, each once, against a plain list; the peer sets and clears its bits between the calls. */
static void check_random(void)
{
    static bool live[GRANT_COUNT];
    uint32_t count = 0;

    for (uint64_t i = lies_count(2000000); i > 0; i--) {
        uint32_t gref = (uint32_t)(lies_next() >> 40) % (GRANT_COUNT + 2);

        if (lies_next() % 2) {
            uint32_t fresh = grant_share(&pool, table, 0, gref, false);

            if (!CHECK_EQ(fresh == GRANT_NONE, count == GRANT_COUNT - GRANT_RESERVED))
                return;
            if (fresh && (!CHECK(fresh >= GRANT_RESERVED && fresh < GRANT_COUNT) || !CHECK(!live[fresh])))
                return;
            live[fresh] = fresh != GRANT_NONE;
            count += fresh != GRANT_NONE;
            continue;
        }
        bool known = gref < GRANT_COUNT && live[gref];
        uint16_t flags = (uint16_t)(GTF_permit_access | (lies_next() >> 33));
        int right = !known ? GRANT_NOT_LIVE : flags & (GTF_reading | GTF_writing) ? GRANT_BUSY : 0;

        if (known)
            table[gref].flags = flags;
        if (!CHECK_EQ(grant_try_end(&pool, table, gref), right))
            return;
        if (right == 0)
            live[gref] = false;
        count -= right == 0;
    }
}

static atomic_int stop; /* no volatile bool: gcc's bool sanitizer reads one only once */

static void *flap(void *entry)
{
    volatile uint16_t *flags = &((struct grant_cell *)entry)->flags;

    for (uint16_t i = 0; !stop; i++)
        *flags = (uint16_t)(i & ~(GTF_reading | GTF_writing));
    return NULL;
}

/* Flags that never settle: every call ends, in one way or the other. */
static void check_flapping(void)
{
    uint32_t gref = grant_share(&pool, table, 0, 1, false), busy = 0;
    pthread_t peer;

    CHECK_EQ(pthread_create(&peer, NULL, flap, &table[gref]), 0);
    for (uint64_t i = lies_count(20000); i > 0; i--) {
        int result = grant_try_end(&pool, table, gref);

        busy += result == GRANT_BUSY;
        if (!CHECK(result == 0 || result == GRANT_BUSY))
            break;
        if (result == 0 && !CHECK_EQ(grant_share(&pool, table, 0, 1, false), gref))
            break;
    }
    stop = true;
    pthread_join(peer, NULL);
    printf("flapping flags: busy %u times\n", busy);
}

int main(void)
{
    table = calloc(GRANT_COUNT, sizeof(*table));
    grant_pool_init(&pool);
    check_life();
    check_random();
    memset(table, 0, GRANT_COUNT * sizeof(*table));
    grant_pool_init(&pool);
    check_flapping();
    free(table);
    return check_done();
}
