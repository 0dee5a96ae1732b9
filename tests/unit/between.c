/* SPDX-License-Identifier: BSD-2-Clause */
/* links: xen/grant.c xen/pvclock.c tests/unit/fake/mmio.c */
/* Others write between any two accesses of the kernel, each of which the test sees: Xen to its wall clock, a peer to a grant's flags. */
#include "xen/grant.h"
#include "xen/pvclock.h"

#include <stddef.h>

#include "check.h"
#include "fake/mmio.h"

enum { CLOCK, GRANTS, WORDS = 4096, UNTOUCHED = 77, BOUND = 1000, FLIPPED = 0x4000, DOMAIN = 7 };
#define OLD_WALL ((0x100000000 + 0xffffffff) * 1000000000ull + 999999999) /* every word of the next one is another */
#define NEW_WALL (0x200000000 * 1000000000ull)

static uint32_t memory[2][WORDS];
static unsigned looks;

/* Xen: before that look the clock goes on; or it never comes to rest. */
static unsigned goes_on_at;
static bool is_restless;

/* The peer: so many of the kernel's attempts find flags that it has just changed, to that. */
static unsigned races;
static uint32_t race_flips, race_sets;

static uint32_t *wall_word(size_t offset)
{
    return &memory[CLOCK][offset / 4];
}

static void set_wall(uint32_t version, uint32_t high, uint32_t low, uint32_t ns)
{
    *wall_word(offsetof(struct shared_info, wc_version)) = version;
    *wall_word(offsetof(struct shared_info, wc_sec_hi)) = high;
    *wall_word(offsetof(struct shared_info, wc_sec)) = low;
    *wall_word(offsetof(struct shared_info, wc_nsec)) = ns;
}

uint32_t mmio_read(unsigned page, uint32_t offset)
{
    if (page == CLOCK && looks++ == goes_on_at)
        set_wall(4, 2, 0, 0);
    if (page == CLOCK && is_restless && offset == offsetof(struct shared_info, wc_version))
        *wall_word(offset) += 2;
    return memory[page][offset / 4];
}

void mmio_write(unsigned page, uint32_t offset, uint32_t value)
{
    CHECK_EQ(page, GRANTS);
    memory[page][offset / 4] = value;
}

void mmio_race(unsigned page, uint32_t offset, uint32_t *word)
{
    looks++;
    if (page != GRANTS || offset % sizeof(struct grant_cell) != 0 || races == 0)
        return;
    races--;
    *word = (*word ^ race_flips) | race_sets;
}

/* The wall clock goes on before any of the five words is read, or of those of a second try: it is the old one or the new one, whole. */
static void check_wall(const struct shared_info *shared)
{
    uint64_t wall = UNTOUCHED;

    for (goes_on_at = 0; goes_on_at < 6; goes_on_at++) {
        looks = 0;
        set_wall(2, 1, 0xffffffff, 999999999);
        CHECK(pvclock_take_wall(shared, &wall));
        if (!CHECK_EQ(wall, goes_on_at < 5 ? NEW_WALL : OLD_WALL))
            printf("    before look %u\n", goes_on_at);
    }
    wall = UNTOUCHED;
    looks = 0;
    goes_on_at = UINT32_MAX;
    is_restless = true;
    CHECK(!pvclock_take_wall(shared, &wall));
    CHECK_EQ(wall, UNTOUCHED);
    CHECK(looks > 5 && looks < BOUND);
}

static void check_grant(struct grant_cell *table)
{
    static const struct {
        unsigned races;
        uint32_t flips, sets;
        int result;
    } rows[] = {
        { 0, 0, 0, 0 },
        { 1, FLIPPED, 0, 0 },
        { 1, 0, GTF_reading, GRANT_BUSY },
        { 1, 0, GTF_writing, GRANT_BUSY },
        { UINT32_MAX, FLIPPED, 0, GRANT_BUSY }, /* for ever */
    };
    static struct grant_pool pool;

    grant_pool_init(&pool);
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint32_t gref = grant_share(&pool, table, DOMAIN, 0x1234, false),
                 *cell = &memory[GRANTS][gref * sizeof *table / 4];

        CHECK_EQ(*cell, GTF_permit_access | DOMAIN << 16);
        races = rows[i].races;
        race_flips = rows[i].flips;
        race_sets = rows[i].sets;
        looks = 0;
        if (!CHECK_EQ(grant_try_end(&pool, table, gref), rows[i].result))
            printf("    row %u\n", i);
        CHECK(looks < BOUND);
        races = 0;
        /* What the peer has begun to use is still what it was, and can be ended when it has done. */
        if (rows[i].result == GRANT_BUSY) {
            CHECK_EQ(*cell & (GTF_permit_access | rows[i].sets), GTF_permit_access | rows[i].sets);
            *cell &= ~rows[i].sets;
            CHECK_EQ(grant_try_end(&pool, table, gref), 0);
        }
        CHECK_EQ(*cell & 0xffff, 0);
    }
}

int main(void)
{
    const volatile uint32_t *shared = fake_mmio_page();

    CHECK(sizeof(struct shared_info) <= 4 * WORDS);
    check_wall((const struct shared_info *)shared);
    check_grant((struct grant_cell *)fake_mmio_page());
    return check_done();
}
