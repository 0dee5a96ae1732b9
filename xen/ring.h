/* SPDX-License-Identifier: BSD-2-Clause */
/* Request/response rings, the frontend's side (public/io/ring.h): a page of slots in which we put requests and the peer
   puts responses. The peer owns rsp_prod and req_event and may write anything anywhere in the page at any time; our own
   indices and the ids in flight are ours alone and never read back. A peer that lies breaks the ring, for good. */
#ifndef XEN_RING_H
#define XEN_RING_H
#include <stdbool.h>
#include <stdint.h>

#include "lib/bits.h"
#include "lib/shm.h"
#include "lib/wrap.h"
#include "xen/id_pool.h"

#define RING_PAGE_WORDS 1024u
#define RING_HEADER     16u /* words before the first slot */
#define RING_WORDS_MAX  28u /* of a request */
#define RING_RESPONSE   3u  /* words of a response, at most */

/* Where the shared indices are, in words. */
enum { RING_REQ_PROD, RING_REQ_EVENT, RING_RSP_PROD, RING_RSP_EVENT };

/* blkif: 32 slots of 28 words; netif's tx: 256 of 3; rx: 256 of 2. */
enum ring_kind { RING_BLOCK, RING_NET_TX, RING_NET_RX };

/* Nothing there; no slot left; the peer lied, now or before (Linux's EAGAIN, ENOSPC, EPROTO). */
enum { RING_NONE = -11, RING_FULL = -28, RING_BROKEN = -71 };

/* The words of a response as they were copied; those that its kind does not have are 0. */
struct ring_response {
    uint32_t word[RING_RESPONSE];
};

struct ring_front {
    uint32_t *page;
    enum ring_kind kind;
    bool broken;
    uint32_t req_prod;                 /* free-running index of the next request to put */
    uint32_t req_published;            /* of the next one that the peer was not told of */
    uint32_t rsp_cons;                 /* of the next response to take */
    uint64_t unsent[ID_POOL_MAX / 64]; /* ids that the peer was not told of, while they are lent */
    struct id_pool ids;
};

#include "spec/ring.acsl"

/* Starts a ring in a page whose slots are zero (SHARED_RING_INIT): both events at 1, so the first of each kind notifies. */
/*@ requires ring: \valid(r);
    requires page: \valid(page + (0 .. RING_PAGE_WORDS - 1));
    requires kind: RingKindGood(kind);
    requires separate: \separated(r, page + (0 .. RING_PAGE_WORDS - 1), &ghost_now);
    terminates \true; exits \false; assigns *r, ghost_now, page[0 .. RING_HEADER - 1];
    ensures good: RingMemory(r) && RingGood(r) && r->page == page && r->kind == kind && !r->broken;
    ensures start: r->req_prod == 0 && r->req_published == 0 && r->rsp_cons == 0;
    ensures empty: RingInFlight(r) == 0 && \forall integer i; !IdBusy(&r->ids, i);
    ensures header: \forall integer j; 0 <= j < RING_HEADER ==>
      Wrote32(\old(ghost_now) + j, page + j, j == RING_REQ_EVENT || j == RING_RSP_EVENT ? 1 : 0);
    ensures end: ghost_now == \old(ghost_now) + RING_HEADER; */
void ring_open(struct ring_front *r, uint32_t *page, enum ring_kind kind);

/* How many requests there is room for; 0 when the ring is broken. */
/*@ requires ring: \valid_read(r) && RingGood(r);
    terminates \true; exits \false; assigns \nothing;
    ensures room: \result == (r->broken ? 0 : RingSlots(r->kind) - RingInFlight(r)); */
uint32_t ring_room(const struct ring_front *r);

/* Puts one request of the kind's words into the next slot, for a later ring_publish. Its id is chosen here, below the
   number of slots, and written into the slot's id field (blkif_request.id, netif_tx_request.id, netif_rx_request.id): that
   id; or RING_FULL; or RING_BROKEN. */
/*@ requires ring: RingMemory(r) && RingGood(r);
    requires request: \valid_read(request + (0 .. RingWords(r->kind) - 1));
    requires separate: \separated(request + (0 .. RING_WORDS_MAX - 1), r, r->page + (0 .. RING_PAGE_WORDS - 1), &ghost_now);
    terminates \true; exits \false;
    assigns r->req_prod, r->ids.free, r->unsent[0 .. 3], ghost_now, r->page[RING_HEADER .. RING_PAGE_WORDS - 1];
    ensures good: RingGood(r);
    ensures codes: 0 <= \result < RingSlots(r->kind) || \result == RING_FULL || \result == RING_BROKEN;
    ensures broken: \result == RING_BROKEN <==> r->broken;
    ensures full: \result == RING_FULL <==> !r->broken && RingInFlight{Pre}(r) == RingSlots(r->kind);
    ensures refused: \result < 0 ==> RingSame{Pre, Post}(r) && ghost_now == \old(ghost_now);
    ensures lent: \result >= 0 ==> !IdBusy{Pre}(&r->ids, \result) && IdBusy(&r->ids, \result) && RingUnsent(r, \result);
    ensures others: IdOthersBusy{Pre, Post}(&r->ids, \result) && RingOthersUnsent{Pre, Post}(r, \result);
    ensures cursor: \result >= 0 ==> r->req_prod == WrapAdd(\old(r->req_prod), 1);
    ensures slot: \result >= 0 ==> \forall integer j; 0 <= j < RingWords(r->kind) ==>
      Wrote32(\old(ghost_now) + j, r->page + (RingSlot(r->kind, \old(r->req_prod)) + j),
        RingRequestWord(r->kind, j, \old(request[j]), \result));
    ensures end: \result >= 0 ==> ghost_now == \old(ghost_now) + RingWords(r->kind); */
int ring_put(struct ring_front *r, const uint32_t *request);

/* Tells the peer of all that was put (RING_PUSH_REQUESTS_AND_CHECK_NOTIFY): 1 when its event channel must be notified, 0
   when not; or RING_BROKEN. */
/*@ requires ring: RingMemory(r) && RingGood(r);
    terminates \true; exits \false; assigns r->req_published, r->unsent[0 .. 3], ghost_now, r->page[RING_REQ_PROD];
    ensures good: RingGood(r);
    ensures codes: \result == 0 || \result == 1 || \result == RING_BROKEN;
    ensures broken: \result == RING_BROKEN <==> r->broken;
    ensures refused: r->broken ==> RingSame{Pre, Post}(r) && ghost_now == \old(ghost_now);
    ensures slots_first: !r->broken ==> IoKind(\old(ghost_now)) == SHM_WMB;
    ensures publish: !r->broken ==> Wrote32(\old(ghost_now) + 1, r->page + RING_REQ_PROD, r->req_prod);
    ensures index_first: !r->broken ==> IoKind(\old(ghost_now) + 2) == SHM_MB;
    ensures event: !r->broken ==> Read32(\old(ghost_now) + 3, r->page + RING_REQ_EVENT);
    ensures all: !r->broken ==> r->req_published == r->req_prod
      && \forall integer i; 0 <= i < ID_POOL_MAX ==> !RingUnsent(r, i);
    ensures notify: !r->broken ==> (\result == 1 <==>
      WrapSub(r->req_prod, IoValue(\old(ghost_now) + 3)) < WrapSub(r->req_prod, \old(r->req_published)));
    ensures end: !r->broken ==> ghost_now == \old(ghost_now) + 4; */
int ring_publish(struct ring_front *r);

/* Takes one response: the id of the request that it completes, which is free again, and the response's words, each read
   once; or RING_NONE; or RING_BROKEN, and then nothing changed but that mark. */
/*@ requires ring: RingMemory(r) && RingGood(r);
    requires response: \valid(response);
    requires separate: \separated(response, r, r->page + (0 .. RING_PAGE_WORDS - 1), &ghost_now);
    terminates \true; exits \false;
    assigns r->rsp_cons, r->broken, r->ids.free, r->ids.perm[0 .. ID_POOL_MAX - 1], r->ids.pos[0 .. ID_POOL_MAX - 1],
      *response, ghost_now;
    ensures good: RingGood(r);
    ensures codes: 0 <= \result < RingSlots(r->kind) || \result == RING_NONE || \result == RING_BROKEN;
    ensures marked: \result == RING_BROKEN <==> r->broken;
    ensures dead: \old(r->broken) ==> r->broken && ghost_now == \old(ghost_now);
    ensures index: !\old(r->broken) ==> Read32(\old(ghost_now), r->page + RING_RSP_PROD);
    ensures none: !\old(r->broken) ==> (\result == RING_NONE <==> RingWaiting{Pre}(r, IoValue(\old(ghost_now))) == 0);
    ensures none_ends: \result == RING_NONE ==> ghost_now == \old(ghost_now) + 1;
    ensures too_many: !\old(r->broken) && RingWaiting{Pre}(r, IoValue(\old(ghost_now))) > RingAwaited{Pre}(r) ==>
      r->broken && ghost_now == \old(ghost_now) + 1;
    ensures bad_id: !\old(r->broken) && 0 < RingWaiting{Pre}(r, IoValue(\old(ghost_now))) <= RingAwaited{Pre}(r) ==>
      (r->broken <==> !RingAwaits{Pre}(r, RingAnswerId(r->kind, \old(ghost_now) + 2)));
    ensures refused: \result < 0 ==> RingSame{Pre, Post}(r)
      && \forall integer j; 0 <= j < RING_RESPONSE ==> response->word[j] == \old(response->word[j]);
    ensures once: \result >= 0 ==> \result == RingAnswerId(r->kind, \old(ghost_now) + 2)
      && RingAwaits{Pre}(r, \result) && !IdBusy(&r->ids, \result) && RingInFlight(r) == RingInFlight{Pre}(r) - 1;
    ensures others: IdOthersBusy{Pre, Post}(&r->ids, \result);
    ensures cursor: \result >= 0 ==> r->rsp_cons == WrapAdd(\old(r->rsp_cons), 1);
    ensures index_first: \result >= 0 ==> IoKind(\old(ghost_now) + 1) == SHM_RMB;
    ensures read: \result >= 0 ==>
      RingAnswerRead(r->page, r->kind, RingSlot(r->kind, \old(r->rsp_cons)), \old(ghost_now) + 2);
    ensures copied: \result >= 0 ==> \forall integer j; 0 <= j < RingAnswerWords(r->kind) ==>
      response->word[j] == IoValue(\old(ghost_now) + 2 + j);
    ensures rest: \result >= 0 ==> \forall integer j; RingAnswerWords(r->kind) <= j < RING_RESPONSE ==>
      response->word[j] == 0;
    ensures bounded: ghost_now <= \old(ghost_now) + 2 + RingAnswerWords(r->kind);
    ensures end: \result >= 0 ==> ghost_now == \old(ghost_now) + 2 + RingAnswerWords(r->kind); */
int ring_pop(struct ring_front *r, struct ring_response *response);

/* After ring_pop said RING_NONE, before waiting (RING_FINAL_CHECK_FOR_RESPONSES): asks the peer for an event at the next
   response, then looks again: 1 when there is one after all, 0 when the caller may wait; or RING_BROKEN. */
/*@ requires ring: RingMemory(r) && RingGood(r);
    terminates \true; exits \false; assigns r->broken, ghost_now, r->page[RING_RSP_EVENT];
    ensures good: RingGood(r);
    ensures codes: \result == 0 || \result == 1 || \result == RING_BROKEN;
    ensures marked: \result == RING_BROKEN <==> r->broken;
    ensures dead: \old(r->broken) ==> r->broken && ghost_now == \old(ghost_now);
    ensures ask: !\old(r->broken) ==> Wrote32(\old(ghost_now), r->page + RING_RSP_EVENT, WrapAdd(r->rsp_cons, 1));
    ensures ask_first: !\old(r->broken) ==> IoKind(\old(ghost_now) + 1) == SHM_MB;
    ensures look: !\old(r->broken) ==> Read32(\old(ghost_now) + 2, r->page + RING_RSP_PROD);
    ensures too_many: !\old(r->broken) ==>
      (r->broken <==> RingWaiting(r, IoValue(\old(ghost_now) + 2)) > RingAwaited(r));
    ensures none: !\old(r->broken) ==> (\result == 0 <==> RingWaiting(r, IoValue(\old(ghost_now) + 2)) == 0);
    ensures end: !\old(r->broken) ==> ghost_now == \old(ghost_now) + 3; */
int ring_final_check(struct ring_front *r);

/* Was a request with that id put and not answered? Whoever closes a ring asks this of every id below the slots' number. */
/*@ requires ring: \valid_read(r) && RingGood(r);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> IdBusy(&r->ids, id); */
bool ring_is_in_flight(const struct ring_front *r, uint32_t id);

/* For a lie that only the driver can see, such as an answer to a read that speaks of a write: the ring is broken. */
/*@ requires ring: \valid(r);
    terminates \true; exits \false; assigns r->broken;
    ensures broken: r->broken; */
void ring_break(struct ring_front *r);

#endif
