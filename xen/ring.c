/* SPDX-License-Identifier: BSD-2-Clause */
#include "xen/ring.h"

#include <linux/errno.h>
#include <stddef.h>

#include <xen/xen.h>

#include <xen/io/blkif.h>
#include <xen/io/netif.h>

/* The offset of a word of ours in bytes. */
#define WORD(n) ((n) * sizeof(uint32_t))

_Static_assert(RING_NONE == -EAGAIN && RING_FULL == -ENOSPC && RING_BROKEN == -EPROTO, "Linux's numbers");
_Static_assert(offsetof(struct blkif_sring, req_prod) == WORD(RING_REQ_PROD), "ring.h");
_Static_assert(offsetof(struct blkif_sring, req_event) == WORD(RING_REQ_EVENT), "ring.h");
_Static_assert(offsetof(struct blkif_sring, rsp_prod) == WORD(RING_RSP_PROD), "ring.h");
_Static_assert(offsetof(struct blkif_sring, rsp_event) == WORD(RING_RSP_EVENT), "ring.h");
_Static_assert(offsetof(struct blkif_sring, ring) == WORD(RING_HEADER), "ring.h");
_Static_assert(sizeof(union blkif_sring_entry) == WORD(28), "blkif.h");
_Static_assert(sizeof(union netif_tx_sring_entry) == WORD(3), "netif.h");
_Static_assert(sizeof(union netif_rx_sring_entry) == WORD(2), "netif.h");
_Static_assert(__CONST_RING_SIZE(blkif, 4096) == 32, "blkif.h");
_Static_assert(__CONST_RING_SIZE(netif_tx, 4096) == 256 && __CONST_RING_SIZE(netif_rx, 4096) == 256, "netif.h");
_Static_assert(offsetof(struct blkif_request, id) == WORD(2) && sizeof(((struct blkif_request *)0)->id) == 8,
               "blkif.h");
_Static_assert(offsetof(struct blkif_request_discard, id) == WORD(2), "blkif.h");
_Static_assert(offsetof(struct netif_tx_request, id) == WORD(2) && sizeof(((struct netif_tx_request *)0)->id) == 2,
               "netif.h");
_Static_assert(offsetof(struct netif_rx_request, id) == 0 && sizeof(((struct netif_rx_request *)0)->id) == 2,
               "netif.h");
_Static_assert(offsetof(struct blkif_response, id) == 0 && offsetof(struct blkif_response, status) < WORD(3),
               "blkif.h");
_Static_assert(offsetof(struct netif_tx_response, id) == 0 && sizeof(struct netif_tx_response) == WORD(1), "netif.h");
_Static_assert(offsetof(struct netif_rx_response, id) == 0 && sizeof(struct netif_rx_response) == WORD(2), "netif.h");

/*@ requires kind: RingKindGood(kind);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == RingSlots(kind); */
static uint32_t slots_of(enum ring_kind kind)
{
    return kind == RING_BLOCK ? 32 : 256;
}

/*@ requires kind: RingKindGood(kind);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == RingWords(kind); */
static uint32_t words_of(enum ring_kind kind)
{
    return kind == RING_BLOCK ? 28 : kind == RING_NET_TX ? 3 : 2;
}

/*@ requires kind: RingKindGood(kind);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == RingSlot(kind, index);
    ensures inside: RING_HEADER <= \result <= RING_PAGE_WORDS - RingWords(kind)
      && \result <= RING_PAGE_WORDS - RingAnswerWords(kind); */
static uint32_t slot_start(enum ring_kind kind, uint32_t index)
{
    if (kind == RING_BLOCK)
        return RING_HEADER + index % 32 * 28;
    if (kind == RING_NET_TX)
        return RING_HEADER + index % 256 * 3;
    return RING_HEADER + index % 256 * 2;
}

/*@ requires kind: RingKindGood(kind);
    requires id: id < 0x10000;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == RingRequestWord(kind, j, word, id); */
static uint32_t with_id(enum ring_kind kind, uint32_t j, uint32_t word, uint32_t id)
{
    if (kind == RING_BLOCK)
        return j == 2 ? id : j == 3 ? 0 : word;
    return j == (kind == RING_NET_TX ? 2 : 0) ? word - word % 0x10000 + id : word;
}

/*@ requires ring: \valid(r) && id < ID_POOL_MAX;
    terminates \true; exits \false; assigns r->unsent[id / 64];
    ensures marked: RingUnsent(r, id);
    ensures others: RingOthersUnsent{Pre, Post}(r, id); */
static void mark_unsent(struct ring_front *r, uint32_t id)
{
    r->unsent[id / 64] = bit_set(r->unsent[id / 64], id % 64);
}

/*@ requires ring: \valid(r);
    terminates \true; exits \false; assigns r->unsent[0 .. 3];
    ensures all: \forall integer i; 0 <= i < ID_POOL_MAX ==> !RingUnsent(r, i); */
static void mark_all_sent(struct ring_front *r)
{
    r->unsent[0] = r->unsent[1] = r->unsent[2] = r->unsent[3] = 0;
    /*@ assert words: \forall integer k; 0 <= k < 4 ==> r->unsent[k] == 0; */
    /*@ assert zero: \forall integer b; 0 <= b < 64 ==> !Bit(0, b); */
    /*@ assert bits: \forall integer k, b; 0 <= k < 4 && 0 <= b < 64 ==> !Bit(r->unsent[k], b); */
    /*@ assert places: \forall integer i; 0 <= i < ID_POOL_MAX ==> 0 <= i / 64 < 4 && 0 <= i % 64 < 64; */
}

void ring_open(struct ring_front *r, uint32_t *page, enum ring_kind kind)
{
    r->page = page;
    r->kind = kind;
    r->broken = false;
    r->req_prod = 0;
    r->req_published = 0;
    r->rsp_cons = 0;
    mark_all_sent(r);
    id_pool_init(&r->ids, slots_of(kind));
    /*@ assert good: RingGood(r); */
    /*@ loop invariant bound: 0 <= j <= RING_HEADER;
        loop invariant time: ghost_now == \at(ghost_now, Pre) + j;
        loop invariant header: \forall integer k; 0 <= k < j ==>
          Wrote32(\at(ghost_now, Pre) + k, page + k, k == RING_REQ_EVENT || k == RING_RSP_EVENT ? 1 : 0);
        loop assigns j, ghost_now, page[0 .. RING_HEADER - 1];
        loop variant RING_HEADER - j; */
    for (uint32_t j = 0; j < RING_HEADER; j++)
        shm_write32(&page[j], j == RING_REQ_EVENT || j == RING_RSP_EVENT ? 1 : 0);
    /*@ assert start: r->req_prod == 0 && r->req_published == 0 && r->rsp_cons == 0; */
    /*@ assert ids: r->ids.size == RingSlots(kind) && r->ids.free == r->ids.size; */
}

uint32_t ring_room(const struct ring_front *r)
{
    return r->broken ? 0 : r->ids.free;
}

/*@ requires page: \valid(slot + (0 .. RingWords(kind) - 1)) && RingKindGood(kind) && id < ID_POOL_MAX;
    requires request: \valid_read(request + (0 .. RingWords(kind) - 1));
    requires separate: \separated(request + (0 .. RING_WORDS_MAX - 1), slot + (0 .. RingWords(kind) - 1), &ghost_now);
    terminates \true; exits \false; assigns ghost_now, slot[0 .. RingWords(kind) - 1];
    ensures words: \forall integer j; 0 <= j < RingWords(kind) ==>
      Wrote32(\old(ghost_now) + j, slot + j, RingRequestWord(kind, j, \old(request[j]), id));
    ensures end: ghost_now == \old(ghost_now) + RingWords(kind); */
static void write_request(uint32_t *slot, enum ring_kind kind, const uint32_t *request, uint32_t id)
{
    uint32_t words = words_of(kind);

    /*@ loop invariant bound: 0 <= j <= words;
        loop invariant time: ghost_now == \at(ghost_now, Pre) + j;
        loop invariant words: \forall integer k; 0 <= k < j ==>
          Wrote32(\at(ghost_now, Pre) + k, slot + k, RingRequestWord(kind, k, \at(request[k], Pre), id));
        loop assigns j, ghost_now, slot[0 .. words - 1];
        loop variant words - j; */
    for (uint32_t j = 0; j < words; j++)
        shm_write32(&slot[j], with_id(kind, j, request[j], id));
}

int ring_put(struct ring_front *r, const uint32_t *request)
{
    int id;

    if (r->broken)
        return RING_BROKEN;
    id = id_pool_take(&r->ids);
    if (id == ID_POOL_EMPTY)
        return RING_FULL;
    mark_unsent(r, (uint32_t)id);
    write_request(&r->page[slot_start(r->kind, r->req_prod)], r->kind, request, (uint32_t)id);
    /*@ assert kept: r->kind == \at(r->kind, Pre) && r->req_prod == \at(r->req_prod, Pre)
          && r->req_published == \at(r->req_published, Pre) && r->rsp_cons == \at(r->rsp_cons, Pre); */
    /*@ assert ids: r->ids.size == \at(r->ids.size, Pre) && r->ids.free == \at(r->ids.free, Pre) - 1; */
    r->req_prod = wrap_add(r->req_prod, 1);
    /*@ assert good: RingGood(r); */
    return id;
}

int ring_publish(struct ring_front *r)
{
    uint32_t before = r->req_published, now = r->req_prod;

    if (r->broken)
        return RING_BROKEN;
    shm_wmb();
    shm_write32(&r->page[RING_REQ_PROD], now);
    r->req_published = now;
    mark_all_sent(r);
    shm_mb();
    return wrap_sub(now, shm_read32(&r->page[RING_REQ_EVENT])) < wrap_sub(now, before);
}

/* One copy of the words of a response that starts there: its id. */
/*@ requires page: \valid_read(page + (0 .. RING_PAGE_WORDS - 1)) && RingKindGood(kind);
    requires start: start + RingAnswerWords(kind) <= RING_PAGE_WORDS;
    requires copy: \valid(copy) && \separated(copy, page + (0 .. RING_PAGE_WORDS - 1), &ghost_now);
    terminates \true; exits \false; assigns ghost_now, *copy;
    ensures read: RingAnswerRead(page, kind, start, \old(ghost_now));
    ensures copied: \forall integer j; 0 <= j < RingAnswerWords(kind) ==> copy->word[j] == IoValue(\old(ghost_now) + j);
    ensures rest: \forall integer j; RingAnswerWords(kind) <= j < RING_RESPONSE ==> copy->word[j] == 0;
    ensures id: \result == RingAnswerId(kind, \old(ghost_now));
    ensures end: ghost_now == \old(ghost_now) + RingAnswerWords(kind); */
static uint64_t copy_response(const uint32_t *page, uint32_t start, enum ring_kind kind, struct ring_response *copy)
{
    copy->word[0] = shm_read32(&page[start]);
    copy->word[1] = kind == RING_NET_TX ? 0 : shm_read32(&page[start + 1]);
    copy->word[2] = kind == RING_BLOCK ? shm_read32(&page[start + 2]) : 0;
    if (kind == RING_BLOCK)
        return copy->word[0] + copy->word[1] * WRAP_MODULUS;
    return copy->word[0] % 0x10000;
}

/*@ requires ring: \valid_read(r) && RingGood(r);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> RingAwaits(r, peer_id); */
static bool awaits(const struct ring_front *r, uint64_t peer_id)
{
    return id_pool_is_lent(&r->ids, peer_id) && !bit_is_set(r->unsent[peer_id / 64], (uint32_t)(peer_id % 64));
}

/*@ requires ring: RingMemory(r) && RingGood(r);
    requires awaited: IdBusy(&r->ids, id) && RingAwaited(r) > 0;
    terminates \true; exits \false;
    assigns r->rsp_cons, r->ids.free, r->ids.perm[0 .. ID_POOL_MAX - 1], r->ids.pos[0 .. ID_POOL_MAX - 1];
    ensures good: RingGood(r);
    ensures freed: !IdBusy(&r->ids, id) && RingInFlight(r) == RingInFlight{Pre}(r) - 1;
    ensures others: IdOthersBusy{Pre, Post}(&r->ids, id);
    ensures cursor: r->rsp_cons == WrapAdd(\old(r->rsp_cons), 1); */
static void complete(struct ring_front *r, uint64_t id)
{
    (void)id_pool_return(&r->ids, id);
    r->rsp_cons = wrap_add(r->rsp_cons, 1);
    /*@ assert fewer: WrapSub(r->req_prod, r->rsp_cons) == WrapSub(r->req_prod, \at(r->rsp_cons, Pre)) - 1
          && RingAwaited(r) == RingAwaited{Pre}(r) - 1; */
}

/* Copies the response at the index of the next one, and judges its id. */
/*@ requires ring: RingMemory(r) && RingGood(r);
    requires copy: \valid(copy) && \separated(copy, r, r->page + (0 .. RING_PAGE_WORDS - 1), &ghost_now);
    terminates \true; exits \false; assigns *copy, ghost_now;
    ensures codes: 0 <= \result < RingSlots(r->kind) || \result == RING_BROKEN;
    ensures bad_id: \result == RING_BROKEN <==> !RingAwaits(r, RingAnswerId(r->kind, \old(ghost_now)));
    ensures id: \result >= 0 ==> \result == RingAnswerId(r->kind, \old(ghost_now));
    ensures read: RingAnswerRead(r->page, r->kind, RingSlot(r->kind, r->rsp_cons), \old(ghost_now));
    ensures copied: \forall integer j; 0 <= j < RingAnswerWords(r->kind) ==>
      copy->word[j] == IoValue(\old(ghost_now) + j);
    ensures rest: \forall integer j; RingAnswerWords(r->kind) <= j < RING_RESPONSE ==> copy->word[j] == 0;
    ensures end: ghost_now == \old(ghost_now) + RingAnswerWords(r->kind); */
static int read_response(const struct ring_front *r, struct ring_response *copy)
{
    uint64_t peer_id = copy_response(r->page, slot_start(r->kind, r->rsp_cons), r->kind, copy);

    if (!awaits(r, peer_id))
        return RING_BROKEN;
    return (int)peer_id;
}

/* Judges the peer's index and its next response, and copies that; writes nothing of the ring's. */
/*@ requires ring: RingMemory(r) && RingGood(r);
    requires copy: \valid(copy) && \separated(copy, r, r->page + (0 .. RING_PAGE_WORDS - 1), &ghost_now);
    terminates \true; exits \false; assigns *copy, ghost_now;
    ensures codes: 0 <= \result < RingSlots(r->kind) || \result == RING_NONE || \result == RING_BROKEN;
    ensures index: Read32(\old(ghost_now), r->page + RING_RSP_PROD);
    ensures none: \result == RING_NONE <==> RingWaiting(r, IoValue(\old(ghost_now))) == 0;
    ensures none_ends: \result == RING_NONE ==> ghost_now == \old(ghost_now) + 1;
    ensures too_many: RingWaiting(r, IoValue(\old(ghost_now))) > RingAwaited(r) ==>
      \result == RING_BROKEN && ghost_now == \old(ghost_now) + 1;
    ensures bad_id: 0 < RingWaiting(r, IoValue(\old(ghost_now))) <= RingAwaited(r) ==>
      (\result == RING_BROKEN <==> !RingAwaits(r, RingAnswerId(r->kind, \old(ghost_now) + 2)));
    ensures awaited: \result >= 0 ==> RingAwaited(r) > 0 && RingAwaits(r, \result)
      && \result == RingAnswerId(r->kind, \old(ghost_now) + 2);
    ensures index_first: \result >= 0 ==> IoKind(\old(ghost_now) + 1) == SHM_RMB;
    ensures read: \result >= 0 ==> RingAnswerRead(r->page, r->kind, RingSlot(r->kind, r->rsp_cons), \old(ghost_now) + 2);
    ensures copied: \result >= 0 ==> \forall integer j; 0 <= j < RingAnswerWords(r->kind) ==>
      copy->word[j] == IoValue(\old(ghost_now) + 2 + j);
    ensures rest: \result >= 0 ==> \forall integer j; RingAnswerWords(r->kind) <= j < RING_RESPONSE ==>
      copy->word[j] == 0;
    ensures bounded: ghost_now <= \old(ghost_now) + 2 + RingAnswerWords(r->kind);
    ensures end: \result >= 0 ==> ghost_now == \old(ghost_now) + 2 + RingAnswerWords(r->kind); */
static int look(const struct ring_front *r, struct ring_response *copy)
{
    uint32_t waiting = wrap_sub(shm_read32(&r->page[RING_RSP_PROD]), r->rsp_cons);

    if (waiting == 0)
        return RING_NONE;
    if (waiting > wrap_sub(r->req_published, r->rsp_cons))
        return RING_BROKEN;
    shm_rmb();
    return read_response(r, copy);
}

int ring_pop(struct ring_front *r, struct ring_response *response)
{
    struct ring_response copy;
    int id;

    if (r->broken)
        return RING_BROKEN;
    id = look(r, &copy);
    if (id == RING_BROKEN)
        r->broken = true;
    if (id < 0)
        return id;
    response->word[0] = copy.word[0];
    response->word[1] = copy.word[1];
    response->word[2] = copy.word[2];
    /*@ assert copied: \forall integer j; 0 <= j < RingAnswerWords(r->kind) ==>
          response->word[j] == IoValue(\at(ghost_now, Pre) + 2 + j); */
    complete(r, (uint32_t)id);
    return id;
}

int ring_final_check(struct ring_front *r)
{
    uint32_t waiting;

    if (r->broken)
        return RING_BROKEN;
    shm_write32(&r->page[RING_RSP_EVENT], wrap_add(r->rsp_cons, 1));
    shm_mb();
    waiting = wrap_sub(shm_read32(&r->page[RING_RSP_PROD]), r->rsp_cons);
    if (waiting > wrap_sub(r->req_published, r->rsp_cons)) {
        r->broken = true;
        return RING_BROKEN;
    }
    return waiting != 0;
}

bool ring_is_in_flight(const struct ring_front *r, uint32_t id)
{
    return id_pool_is_lent(&r->ids, id);
}

void ring_break(struct ring_front *r)
{
    r->broken = true;
}
