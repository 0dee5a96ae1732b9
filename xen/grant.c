/* SPDX-License-Identifier: BSD-2-Clause */
#include "xen/grant.h"

#include <linux/errno.h>
#include <stddef.h>

_Static_assert(GRANT_NOT_LIVE == -EINVAL && GRANT_BUSY == -EBUSY, "Linux's numbers");
_Static_assert(GRANT_RESERVED == GNTTAB_NR_RESERVED_ENTRIES, "grant_table.h");
_Static_assert(sizeof(struct grant_cell) == sizeof(struct grant_entry_v1), "grant_table.h");
_Static_assert(offsetof(struct grant_cell, domid) == offsetof(struct grant_entry_v1, domid), "grant_table.h");
_Static_assert(offsetof(struct grant_cell, frame) == offsetof(struct grant_entry_v1, frame), "grant_table.h");

void grant_pool_init(struct grant_pool *p)
{
    /*@ loop invariant bound: 0 <= i <= GRANT_COUNT;
        loop invariant perm: \forall integer k; 0 <= k < i ==> p->perm[k] == (k + GRANT_RESERVED) % GRANT_COUNT;
        loop invariant pos: \forall integer k; 0 <= k < i ==>
          p->pos[k] == (k + GRANT_COUNT - GRANT_RESERVED) % GRANT_COUNT;
        loop invariant clear: \forall integer k; 0 <= k < i ==> p->quarantined[k] == 0;
        loop assigns i, *p;
        loop variant GRANT_COUNT - i; */
    for (uint32_t i = 0; i < GRANT_COUNT; i++) {
        p->perm[i] = (i + GRANT_RESERVED) % GRANT_COUNT;
        p->pos[i] = (i + GRANT_COUNT - GRANT_RESERVED) % GRANT_COUNT;
        p->frame[i] = 0;
        p->quarantined[i] = 0;
    }
    p->free = GRANT_COUNT - GRANT_RESERVED;
}

/*@ requires pool: \valid(p) && GrantGood(p) && p->free > 0;
    terminates \true; exits \false; assigns p->free;
    ensures good: GrantGood(p);
    ensures fresh: !GrantLive{Pre}(p, \result) && GrantLive(p, \result) && p->quarantined[\result] == 0;
    ensures others_live: GrantOthersLive{Pre, Post}(p, \result); */
static uint32_t take(struct grant_pool *p)
{
    p->free--;
    return p->perm[p->free];
}

/*@ requires pool: \valid(p) && GrantGood(p) && GrantLive(p, gref) && p->quarantined[gref] == 0;
    terminates \true; exits \false;
    assigns p->free, p->perm[0 .. GRANT_COUNT - 1], p->pos[0 .. GRANT_COUNT - 1];
    ensures good: GrantPoolGood(p);
    ensures clear: GrantQuarantineGood(p);
    ensures freed: !GrantLive(p, gref);
    ensures count: p->free == \old(p->free) + 1;
    ensures others_live: GrantOthersLive{Pre, Post}(p, gref); */
static void give_back(struct grant_pool *p, uint32_t gref)
{
    uint32_t at = p->pos[gref], first = p->perm[p->free];

    /*@ assert live_above: p->perm[at] == gref && at < GRANT_COUNT - GRANT_RESERVED && p->free <= at; */
    /*@ assert first_ours: first >= GRANT_RESERVED && p->pos[first] == p->free; */
    p->perm[at] = first;
    p->pos[first] = at;
    p->perm[p->free] = gref;
    p->pos[gref] = p->free;
    /*@ assert perm: \forall integer k; 0 <= k < GRANT_COUNT ==> p->perm[k] < GRANT_COUNT && p->pos[p->perm[k]] == k; */
    /*@ assert pos: \forall integer g; 0 <= g < GRANT_COUNT ==> p->pos[g] < GRANT_COUNT && p->perm[p->pos[g]] == g; */
    /*@ assert reserved: \forall integer k; 0 <= k < GRANT_COUNT ==>
          (p->perm[k] < GRANT_RESERVED <==> k >= GRANT_COUNT - GRANT_RESERVED); */
    p->free++;
}

uint32_t grant_share(struct grant_pool *p, struct grant_cell *table, domid_t domid, uint32_t frame, bool readonly)
{
    uint32_t gref;

    if (p->free == 0)
        return GRANT_NONE;
    gref = take(p);
    p->frame[gref] = frame;
    /* grant_table.h, "Introducing a valid entry": frame and domid, a barrier, then flags. */
    shm_write32(&table[gref].frame, frame);
    /*@ assert perm_kept: \forall integer k; 0 <= k < GRANT_COUNT ==> p->perm[k] == \at(p->perm[k], Pre); */
    /*@ assert pos_kept: \forall integer k; 0 <= k < GRANT_COUNT ==> p->pos[k] == \at(p->pos[k], Pre); */
    /*@ assert perm: \forall integer k; 0 <= k < GRANT_COUNT ==> p->perm[k] < GRANT_COUNT && p->pos[p->perm[k]] == k; */
    /*@ assert pos: \forall integer g; 0 <= g < GRANT_COUNT ==> p->pos[g] < GRANT_COUNT && p->perm[p->pos[g]] == g; */
    /*@ assert pool_kept: GrantPoolGood(p); */
    /*@ assert quarantine_kept: GrantQuarantineGood(p); */
    shm_write16(&table[gref].domid, domid);
    shm_wmb();
    shm_write16(&table[gref].flags, readonly ? GTF_permit_access + GTF_readonly : GTF_permit_access);
    return gref;
}

/*@ requires pool: \valid_read(p) && GrantGood(p);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> GrantLive(p, gref); */
static bool is_live(const struct grant_pool *p, grant_ref_t gref)
{
    return gref >= GRANT_RESERVED && gref < GRANT_COUNT && p->pos[gref] >= p->free;
}

/* grant_table.h, "Invalidating an unused entry": flags are cleared only by a compare-exchange that saw no use. */
/*@ requires entry: \valid(entry) && \separated(entry, &ghost_now);
    terminates \true; exits \false; assigns ghost_now, entry->flags;
    ensures looked: Read16(\old(ghost_now), &entry->flags);
    ensures bounded: \old(ghost_now) + 1 <= ghost_now <= \old(ghost_now) + 1 + GRANT_TRIES;
    ensures tried: \forall integer t; \old(ghost_now) < t < ghost_now ==> GrantTry(entry, t);
    ensures ended: \result ==> ghost_now >= \old(ghost_now) + 2 && IoValue(ghost_now - 1) == IoValue(ghost_now - 2);
    ensures busy: !\result ==> GrantInUse(IoValue(ghost_now - 1))
      || ghost_now == \old(ghost_now) + 1 + GRANT_TRIES && IoValue(ghost_now - 1) != IoValue(ghost_now - 2); */
static bool clear_flags(struct grant_cell *entry)
{
    uint16_t peer_flags = shm_read16(&entry->flags), held;

    /*@ loop invariant bound: 0 <= i <= GRANT_TRIES;
        loop invariant time: ghost_now == \at(ghost_now, Pre) + 1 + i;
        loop invariant seen: peer_flags == IoValue(ghost_now - 1);
        loop invariant tried: \forall integer t; \at(ghost_now, Pre) < t < ghost_now ==> GrantTry(entry, t);
        loop invariant raced: i > 0 ==> IoValue(ghost_now - 1) != IoValue(ghost_now - 2);
        loop assigns i, peer_flags, held, ghost_now, entry->flags;
        loop variant GRANT_TRIES - i; */
    for (uint32_t i = 0; i < GRANT_TRIES; i++) {
        if (peer_flags & (GTF_reading | GTF_writing))
            return false;
        held = shm_compare_exchange16(&entry->flags, peer_flags, 0);
        if (held == peer_flags)
            return true;
        peer_flags = held;
    }
    return false;
}

int grant_try_end(struct grant_pool *p, struct grant_cell *table, grant_ref_t gref)
{
    if (!is_live(p, gref))
        return GRANT_NOT_LIVE;
    if (!clear_flags(&table[gref]))
        return GRANT_BUSY;
    p->quarantined[gref] = 0;
    give_back(p, gref);
    /*@ assert frames_kept: \forall integer g; 0 <= g < GRANT_COUNT ==> p->frame[g] == \at(p->frame[g], Pre); */
    return 0;
}

bool grant_quarantine(struct grant_pool *p, grant_ref_t gref)
{
    if (!is_live(p, gref))
        return false;
    p->quarantined[gref] = 1;
    return true;
}

bool grant_is_quarantined(const struct grant_pool *p, grant_ref_t gref)
{
    return is_live(p, gref) && p->quarantined[gref] != 0;
}
