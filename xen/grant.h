/* SPDX-License-Identifier: BSD-2-Clause */
/* Grant references, version 1 (public/grant_table.h): frames that another domain may map. Xen sets GTF_reading and
   GTF_writing in a shared entry at any time. What we gave to whom is in the pool, which is ours alone. */
#ifndef XEN_GRANT_H
#define XEN_GRANT_H
#include <stdbool.h>
#include <stdint.h>

#include <xen/xen.h>

#include <xen/grant_table.h>

#include "lib/shm.h"

#define GRANT_COUNT    1024u /* two frames of entries */
#define GRANT_RESERVED 8u    /* GNTTAB_NR_RESERVED_ENTRIES: the toolstack's */
#define GRANT_TRIES    16u

/* No reference left; Linux's EINVAL and EBUSY. */
enum { GRANT_NONE = 0, GRANT_NOT_LIVE = -22, GRANT_BUSY = -16 };

/* struct grant_entry_v1, as others change it. */
struct grant_cell {
    uint16_t flags, domid;
    uint32_t frame;
};

/* A permutation of all references and its inverse: those at positions below `free` are free. */
struct grant_pool {
    uint32_t perm[GRANT_COUNT], pos[GRANT_COUNT], free;
    uint32_t frame[GRANT_COUNT];      /* the frame that was granted */
    uint8_t quarantined[GRANT_COUNT]; /* given up, but still mapped by the peer */
};

#include "spec/grant.acsl"

/* All references free. */
/*@ requires valid: \valid(p);
    terminates \true; exits \false; assigns *p;
    ensures good: GrantGood(p);
    ensures all_free: p->free == GRANT_COUNT - GRANT_RESERVED;
    ensures none_live: \forall integer g; GrantIsOurs(g) ==> !GrantLive(p, g); */
void grant_pool_init(struct grant_pool *p);

/* Lets the domain map the frame: a reference that was not live, or GRANT_NONE. The frame must be zeroed by the caller. */
/*@ requires pool: \valid(p) && GrantGood(p);
    requires table: \valid(table + (0 .. GRANT_COUNT - 1));
    requires separate: \separated(p, table + (0 .. GRANT_COUNT - 1), &ghost_now);
    terminates \true; exits \false;
    assigns p->free, p->frame[0 .. GRANT_COUNT - 1], ghost_now, table[0 .. GRANT_COUNT - 1].frame,
      table[0 .. GRANT_COUNT - 1].domid, table[0 .. GRANT_COUNT - 1].flags;
    ensures good: GrantGood(p);
    ensures full: \result == GRANT_NONE <==> \old(p->free) == 0;
    ensures full_ends: \result == GRANT_NONE ==> ghost_now == \old(ghost_now) && p->free == 0;
    ensures fresh: \result != GRANT_NONE ==> !GrantLive{Pre}(p, \result) && GrantLive(p, \result);
    ensures remembered: \result != GRANT_NONE ==> p->frame[\result] == frame && p->quarantined[\result] == 0;
    ensures others_live: GrantOthersLive{Pre, Post}(p, \result);
    ensures others_kept: GrantOthersKept{Pre, Post}(p, \result);
    ensures frame_first: \result != GRANT_NONE ==> Wrote32(\old(ghost_now), &table[\result].frame, frame);
    ensures domid_first: \result != GRANT_NONE ==> Wrote16(\old(ghost_now) + 1, &table[\result].domid, domid);
    ensures fence: \result != GRANT_NONE ==> IoKind(\old(ghost_now) + 2) == SHM_WMB;
    ensures flags_last: \result != GRANT_NONE ==> Wrote16(\old(ghost_now) + 3, &table[\result].flags,
      readonly ? GTF_permit_access + GTF_readonly : GTF_permit_access);
    ensures end: \result != GRANT_NONE ==> ghost_now == \old(ghost_now) + 4; */
uint32_t grant_share(struct grant_pool *p, struct grant_cell *table, domid_t domid, uint32_t frame, bool readonly);

/* Ends a live grant, also a quarantined one: 0, and the frame is ours alone again; GRANT_BUSY when the peer still maps it
   or raced us in all tries; GRANT_NOT_LIVE. The result must be used: after GRANT_BUSY the frame is not ours (XSA-396). */
/*@ requires pool: \valid(p) && GrantGood(p);
    requires table: \valid(table + (0 .. GRANT_COUNT - 1));
    requires separate: \separated(p, table + (0 .. GRANT_COUNT - 1), &ghost_now);
    terminates \true; exits \false;
    assigns p->free, p->perm[0 .. GRANT_COUNT - 1], p->pos[0 .. GRANT_COUNT - 1], p->quarantined[gref], ghost_now,
      table[gref].flags;
    ensures good: GrantGood(p);
    ensures codes: \result == 0 || \result == GRANT_NOT_LIVE || \result == GRANT_BUSY;
    ensures not_live: \result == GRANT_NOT_LIVE <==> !GrantLive{Pre}(p, gref);
    ensures not_live_ends: \result == GRANT_NOT_LIVE ==> ghost_now == \old(ghost_now);
    ensures looked: \result != GRANT_NOT_LIVE ==> Read16(\old(ghost_now), &table[gref].flags);
    ensures bounded: ghost_now <= \old(ghost_now) + 1 + GRANT_TRIES;
    ensures tried: \result != GRANT_NOT_LIVE ==> \forall integer t; \old(ghost_now) < t < ghost_now ==>
      GrantTry(&table[gref], t);
    ensures ended: \result == 0 ==> ghost_now >= \old(ghost_now) + 2 && IoValue(ghost_now - 1) == IoValue(ghost_now - 2);
    ensures busy: \result == GRANT_BUSY ==> GrantInUse(IoValue(ghost_now - 1))
      || ghost_now == \old(ghost_now) + 1 + GRANT_TRIES && IoValue(ghost_now - 1) != IoValue(ghost_now - 2);
    ensures freed: \result == 0 ==> !GrantLive(p, gref) && p->quarantined[gref] == 0 && p->free == \old(p->free) + 1;
    ensures kept: \result != 0 ==> GrantOthersLive{Pre, Post}(p, GRANT_NONE) && GrantOthersKept{Pre, Post}(p, GRANT_NONE);
    ensures others_live: GrantOthersLive{Pre, Post}(p, gref);
    ensures others_kept: GrantOthersKept{Pre, Post}(p, gref); */
int grant_try_end(struct grant_pool *p, struct grant_cell *table, grant_ref_t gref) __attribute__((warn_unused_result));

/* Marks a live grant as given up: its frame stays out of use until grant_try_end says 0. False when it is not live. */
/*@ requires pool: \valid(p) && GrantGood(p);
    terminates \true; exits \false; assigns p->quarantined[gref];
    ensures good: GrantGood(p);
    ensures live: \result <==> GrantLive(p, gref);
    ensures marked: \result ==> p->quarantined[gref] != 0;
    ensures refused: !\result && GrantIsOurs(gref) ==> p->quarantined[gref] == \old(p->quarantined[gref]); */
bool grant_quarantine(struct grant_pool *p, grant_ref_t gref);

/* Is it given up and still mapped? Retries go through all references and ask this. */
/*@ requires pool: \valid_read(p) && GrantGood(p);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> GrantLive(p, gref) && p->quarantined[gref] != 0; */
bool grant_is_quarantined(const struct grant_pool *p, grant_ref_t gref);

#endif
