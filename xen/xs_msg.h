/* SPDX-License-Identifier: BSD-2-Clause */
/* xenstore's messages (public/io/xs_wire.h) over the two rings of its page: a header of four words and up to 4096 bytes. */
#ifndef XEN_XS_MSG_H
#define XEN_XS_MSG_H
#include <stdbool.h>
#include <stdint.h>

#include <xen/io/xs_wire.h>

#include "lib/bytes.h"
#include "lib/shm.h"
#include "lib/wrap.h"
#include "xen/byte_ring.h"

#define XS_HEADER_SIZE  16u
#define XS_MESSAGE_SIZE (XS_HEADER_SIZE + XENSTORE_PAYLOAD_MAX)

/* What a poll says of the message being read. */
enum xs_arrival { XS_NOT_YET, XS_REPLY, XS_EVENT, XS_BROKEN };

/* The message being read: so many bytes of it are here. From 16 on its header is known. Begins as all 0. */
struct xs_in {
    uint32_t got;
    bool is_broken;
    uint32_t type, req_id, tx_id, length; /* length: of the body */
    uint8_t bytes[XS_MESSAGE_SIZE + 1];   /* the header, the body and a NUL */
};

/* The message being sent: so many of its bytes are in the ring. Begins as all 0. */
struct xs_out {
    uint32_t size, sent;
    uint8_t bytes[XS_MESSAGE_SIZE];
};

#define XS_CALLS 8u

enum xs_call_state { XS_CALL_FREE, XS_CALL_WAITS, XS_CALL_ANSWERED };

/* Requests: slots with the id in each, which tells a slot's users apart. */
struct xs_calls {
    uint32_t id[XS_CALLS];
    enum xs_call_state state[XS_CALLS];
};

enum { XS_NO_CALL = -1 };

#include "spec/xs_msg.acsl"

/* Reads on, at most to the end of the message. Not yet: all that the ring had is in here. A reply or a watch event: the whole
   message is in here until the next call, consumed exactly, with a NUL behind it. Broken, for good: the peer's index lied, or
   a message of more than 4096 bytes began. */
/*@ requires apart: XsInApart(in, ring);
    requires good: in->is_broken || XsInGood(in, ring);
    terminates \true; exits \false;
    assigns *in, ring->next, *ring->cons, ghost_now, ghost_xs_look, ghost_xs_time[0 .. 4111];
    ensures range: XS_NOT_YET <= \result <= XS_BROKEN;
    ensures good: \result != XS_BROKEN ==> XsInGood(in, ring);
    ensures for_good: \old(in->is_broken) ==>
      \result == XS_BROKEN && ghost_now == \old(ghost_now) && ring->next == \old(ring->next);
    ensures marked: in->is_broken <==> \result == XS_BROKEN;
    ensures why: !\old(in->is_broken) ==> (\result == XS_BROKEN <==> XsIndexLies(ring) || XsTooLong(in, ring));
    ensures on: \result == XS_NOT_YET ==> in->got >= \old(in->got)
      && XsStart(ring, in->got) == \old(XsStart(ring, in->got));
    ensures part: \result == XS_NOT_YET ==> in->got < 16 || in->got < 16 + in->length;
    ensures no_more: \result == XS_NOT_YET ==> XsRingEmpty(ring) && ghost_xs_look >= \old(ghost_now);
    ensures exact: \result == XS_REPLY || \result == XS_EVENT ==> in->got == 0 && in->length <= 4096
      && ring->next == WrapAdd(\old(XsStart(ring, in->got)), 16 + in->length);
    ensures head: \result == XS_REPLY || \result == XS_EVENT ==> XsHead(in);
    ensures bytes: \result == XS_REPLY || \result == XS_EVENT ==>
      XsTaken(in, ring, \old(XsStart(ring, in->got)), 16 + in->length);
    ensures ended: \result == XS_REPLY || \result == XS_EVENT ==> in->bytes[16 + in->length] == 0;
    ensures event: \result == XS_EVENT ==> in->type == XS_WATCH_EVENT;
    ensures reply: \result == XS_REPLY ==> in->type != XS_WATCH_EVENT; */
enum xs_arrival xs_msg_poll(struct xs_in *in, struct byte_ring_reader *ring);

/* The second text of a watch event's body, its token: false when there is none. Where it begins in the body, and its size
   without its NUL. */
/*@ requires in: \valid_read(in) && in->length <= 4096 && in->bytes[16 + in->length] == 0;
    requires apart: \valid(at) && \valid(size) && \separated(at, size, in);
    terminates \true; exits \false; assigns *at, *size;
    ensures one_text: !\result ==> \forall integer k; 0 <= k < in->length ==> in->bytes[16 + k] != 0;
    ensures path: \result ==> 1 <= *at <= in->length && XsText(in, 0, *at - 1);
    ensures token: \result ==> *at + *size <= in->length && XsText(in, *at, *size); */
bool xs_msg_find_token(const struct xs_in *in, uint32_t *at, uint32_t *size);

/* Makes the next message when the one before is sent: a header and a body of two pieces. False, and nothing changed, when
   that is more than 4096 bytes. */
/*@ requires out: \valid(out) && out->sent == out->size;
    requires pieces: \valid_read(a + (0 .. a_size - 1)) && \valid_read(b + (0 .. b_size - 1));
    requires apart: \separated(out, a + (0 .. a_size - 1)) && \separated(out, b + (0 .. b_size - 1));
    terminates \true; exits \false; assigns *out;
    ensures fits: \result <==> a_size + b_size <= 4096;
    ensures refused: !\result ==> out->size == \old(out->size) && out->sent == \old(out->sent)
      && \forall integer j; 0 <= j < 4112 ==> out->bytes[j] == \old(out->bytes[j]);
    ensures whole: \result ==> out->sent == 0 && out->size == 16 + a_size + b_size;
    ensures head: \result ==> XsOutHead(out, type, req_id, tx_id, a_size + b_size);
    ensures first: \result ==> \forall integer j; 0 <= j < a_size ==> out->bytes[16 + j] == a[j];
    ensures second: \result ==> \forall integer j; 0 <= j < b_size ==> out->bytes[16 + a_size + j] == b[j]; */
bool xs_msg_make(struct xs_out *out, uint32_t type, uint32_t req_id, uint32_t tx_id, const uint8_t *a, uint32_t a_size,
                 const uint8_t *b, uint32_t b_size);

/* Puts what there is room for into the ring, behind what was put before: how many bytes; or BYTE_RING_LIE, and nothing was
   put. Without anything to send the ring is not looked at. */
/*@ requires apart: XsOutApart(out, ring);
    requires good: XsOutGood(out);
    terminates \true; exits \false;
    assigns out->sent, ring->next, ghost_now, ring->bytes[0 .. ring->size - 1], *ring->prod;
    ensures range: \result == BYTE_RING_LIE || 0 <= \result <= \old(out->size - out->sent);
    ensures idle: \old(out->sent) == out->size ==> \result == 0 && ghost_now == \old(ghost_now);
    ensures look: \old(out->sent) < out->size ==> Read32(\old(ghost_now), ring->peer_cons);
    ensures lie: \result == BYTE_RING_LIE <==> \old(out->sent) < out->size
      && WrapSub(\old(ring->next), IoValue(\old(ghost_now))) > ring->size;
    ensures lie_ends: \result == BYTE_RING_LIE ==> ghost_now == \old(ghost_now) + 1
      && out->sent == \old(out->sent) && ring->next == \old(ring->next);
    ensures amount: \result >= 0 && \old(out->sent) < out->size ==> \result == \min(\old(out->size - out->sent),
      ring->size - WrapSub(\old(ring->next), IoValue(\old(ghost_now))));
    ensures on: \result >= 0 ==> out->sent == \old(out->sent) + \result
      && WrapSub(ring->next, out->sent) == \old(WrapSub(ring->next, out->sent));
    ensures slots: \result >= 0 ==> \forall integer j; \old(out->sent) <= j < out->sent ==>
      BytePut(ring, \old(ghost_now) + 2 + j - \old(out->sent), WrapAdd(WrapSub(ring->next, out->sent), j), out->bytes[j]);
    ensures room_first: \result > 0 ==> IoKind(\old(ghost_now) + 1) == SHM_MB;
    ensures bytes_first: \result > 0 ==> IoKind(\old(ghost_now) + 2 + \result) == SHM_WMB
      && Wrote32(\old(ghost_now) + 3 + \result, ring->prod, ring->next); */
int xs_msg_send(struct xs_out *out, struct byte_ring_writer *ring);

/* All slots are free. */
/*@ requires valid: \valid(calls);
    terminates \true; exits \false; assigns *calls;
    ensures good: XsCallsGood(calls);
    ensures free: \forall integer s; 0 <= s < XS_CALLS ==> calls->state[s] == XS_CALL_FREE; */
void xs_calls_init(struct xs_calls *calls);

/* A slot that was free and waits now, in it an id that no other has; XS_NO_CALL when none is free. An id comes again after
   2^29 users of its slot. */
/*@ requires good: XsCallsGood(calls);
    terminates \true; exits \false; assigns calls->id[0 .. XS_CALLS - 1], calls->state[0 .. XS_CALLS - 1];
    ensures good: XsCallsGood(calls);
    ensures range: XS_NO_CALL <= \result < XS_CALLS;
    ensures full: \result == XS_NO_CALL <==>
      \forall integer s; 0 <= s < XS_CALLS ==> \old(calls->state[s]) != XS_CALL_FREE;
    ensures was_free: \result >= 0 ==> \old(calls->state[\at(\result, Post)]) == XS_CALL_FREE;
    ensures fresh: \result >= 0 ==> calls->id[\result] == WrapAdd(\old(calls->id[\at(\result, Post)]), 8);
    ensures alone: \result >= 0 ==>
      \forall integer s; XsWaits(calls, s, calls->id[\result]) <==> s == \result;
    ensures others: \forall integer s; 0 <= s < XS_CALLS && s != \result ==> XsCallSame{Pre, Post}(calls, s); */
int xs_calls_open(struct xs_calls *calls);

/* The one slot that waits for a reply of this id, and from now on does not; XS_NO_CALL: none does, nothing changed. */
/*@ requires good: XsCallsGood(calls);
    terminates \true; exits \false; assigns calls->state[0 .. XS_CALLS - 1];
    ensures good: XsCallsGood(calls);
    ensures range: XS_NO_CALL <= \result < XS_CALLS;
    ensures exact: \forall integer s; 0 <= s < XS_CALLS ==> (XsWaits{Pre}(calls, s, id) <==> s == \result);
    ensures answered: \result >= 0 ==> calls->state[\result] == XS_CALL_ANSWERED;
    ensures others: \forall integer s; 0 <= s < XS_CALLS && s != \result ==> XsCallSame{Pre, Post}(calls, s); */
int xs_calls_answer(struct xs_calls *calls, uint32_t id);

/* The slot is free: a reply that still comes finds nothing. */
/*@ requires good: XsCallsGood(calls);
    requires slot: slot < XS_CALLS;
    terminates \true; exits \false; assigns calls->state[slot];
    ensures good: XsCallsGood(calls);
    ensures closed: calls->state[slot] == XS_CALL_FREE; */
void xs_calls_close(struct xs_calls *calls, uint32_t slot);

#endif
