/* SPDX-License-Identifier: BSD-2-Clause */
#include "xen/xs_msg.h"

#include <stddef.h>

_Static_assert(sizeof(struct xsd_sockmsg) == XS_HEADER_SIZE, "xs_wire.h");
_Static_assert(offsetof(struct xsd_sockmsg, type) == 0, "xs_wire.h");
_Static_assert(offsetof(struct xsd_sockmsg, req_id) == 4, "xs_wire.h");
_Static_assert(offsetof(struct xsd_sockmsg, tx_id) == 8, "xs_wire.h");
_Static_assert(offsetof(struct xsd_sockmsg, len) == 12, "xs_wire.h");
_Static_assert(XENSTORE_PAYLOAD_MAX == 4096 && XS_WATCH_EVENT == 15, "xs_wire.h");

/* Reads on until that many bytes of the message are here: whether they are. */
/*@ requires apart: XsInApart(in, ring);
    requires begun: in->got < count <= XS_MESSAGE_SIZE && !in->is_broken;
    requires taken: XsTaken(in, ring, XsStart(ring, in->got), in->got);
    terminates \true; exits \false;
    assigns in->got, in->is_broken, in->bytes[0 .. XS_MESSAGE_SIZE - 1], ring->next, *ring->cons, ghost_now,
      ghost_xs_look, ghost_xs_time[0 .. 4111];
    ensures taken: XsTaken(in, ring, XsStart(ring, in->got), in->got);
    ensures on: XsStart(ring, in->got) == \old(XsStart(ring, in->got)) && \old(in->got) <= in->got <= count;
    ensures next: ring->next == WrapAdd(\old(XsStart(ring, in->got)), in->got);
    ensures kept: \forall integer j; 0 <= j < \old(in->got) ==> in->bytes[j] == \old(in->bytes[j])
      && ghost_xs_time[j] == \old(ghost_xs_time[j]);
    ensures broken: in->is_broken <==> XsIndexLies(ring);
    ensures not_twice: in->is_broken ==> ring->next == \old(ring->next);
    ensures result: \result <==> in->got == count && !in->is_broken;
    ensures no_more: !\result && !in->is_broken ==> XsRingEmpty(ring) && ghost_xs_look >= \old(ghost_now);
    ensures looked: ghost_now > \old(ghost_now); */
static bool take_until(struct xs_in *in, struct byte_ring_reader *ring, uint32_t count)
{
    uint32_t got = in->got;
    int n;

    /*@ assert here: ring->next == WrapAdd(XsStart(ring, got), got); */
    /*@ ghost ghost_xs_look = ghost_now; */
    n = byte_ring_read(ring, in->bytes + got, count - got);
    if (n < 0) {
        in->is_broken = true;
        return false;
    }
    /*@ ghost
        /@ loop invariant range: 0 <= j <= n;
           loop invariant new: \forall integer k; got <= k < got + j ==> ghost_xs_time[k] == ghost_xs_look + 2 + k - got;
           loop invariant old: \forall integer k; 0 <= k < got ==> ghost_xs_time[k] == \at(ghost_xs_time[k], Pre);
           loop assigns j, ghost_xs_time[0 .. 4111];
           loop variant n - j; @/
        for (int j = 0; j < n; j++)
            ghost_xs_time[got + j] = ghost_xs_look + 2 + j; */
    /*@ assert start: XsStart(ring, got + n) == \at(XsStart(ring, in->got), Pre); */
    /*@ assert index: \forall integer j; got <= j < got + n ==>
          WrapAdd(\at(ring->next, Pre), j - got) == WrapAdd(XsStart(ring, got + n), j); */
    /*@ assert old: XsTaken(in, ring, XsStart(ring, got + n), got); */
    /*@ assert new: \forall integer j; got <= j < got + n ==>
          ByteTaken(ring, ghost_xs_time[j], WrapAdd(XsStart(ring, got + n), j))
          && in->bytes[j] == IoValue(ghost_xs_time[j]); */
    in->got = got + (uint32_t)n;
    return in->got == count;
}

/*@ requires valid: \valid(in);
    terminates \true; exits \false; assigns in->type, in->req_id, in->tx_id, in->length;
    ensures head: XsHead(in); */
static void read_head(struct xs_in *in)
{
    in->type = read_le32(in->bytes, XS_HEADER_SIZE, 0);
    in->req_id = read_le32(in->bytes, XS_HEADER_SIZE, 4);
    in->tx_id = read_le32(in->bytes, XS_HEADER_SIZE, 8);
    in->length = read_le32(in->bytes, XS_HEADER_SIZE, 12);
}

/* Is the header here? Reads on until it is. */
/*@ requires apart: XsInApart(in, ring);
    requires good: !in->is_broken && XsInGood(in, ring);
    terminates \true; exits \false;
    assigns in->got, in->is_broken, in->type, in->req_id, in->tx_id, in->length, in->bytes[0 .. XS_MESSAGE_SIZE - 1],
      ring->next, *ring->cons, ghost_now, ghost_xs_look, ghost_xs_time[0 .. 4111];
    ensures result: \result <==> in->got >= 16 && !in->is_broken;
    ensures broken: in->is_broken <==> ghost_now > \old(ghost_now) && (XsIndexLies(ring) || XsTooLong(in, ring));
    ensures whole: \result ==> XsHead(in) && in->length <= 4096 && in->got <= 16 + in->length;
    ensures taken: !in->is_broken ==> XsTaken(in, ring, XsStart(ring, in->got), in->got);
    ensures on: !in->is_broken ==> in->got >= \old(in->got)
      && XsStart(ring, in->got) == \old(XsStart(ring, in->got))
      && ring->next == WrapAdd(\old(XsStart(ring, in->got)), in->got);
    ensures no_more: !\result && !in->is_broken ==> XsRingEmpty(ring) && ghost_xs_look >= \old(ghost_now);
    ensures looked: \old(in->got) < 16 ==> ghost_now > \old(ghost_now);
    ensures still: \old(in->got) >= 16 ==> in->got == \old(in->got) && in->length == \old(in->length)
      && ghost_now == \old(ghost_now);
    ensures forward: ghost_now >= \old(ghost_now); */
static bool has_head(struct xs_in *in, struct byte_ring_reader *ring)
{
    if (in->got >= XS_HEADER_SIZE)
        return true;
    if (!take_until(in, ring, XS_HEADER_SIZE))
        return false;
    read_head(in);
    in->is_broken = in->length > XENSTORE_PAYLOAD_MAX;
    return !in->is_broken;
}

/* Is the message whole? Reads on until it is. */
/*@ requires apart: XsInApart(in, ring);
    requires good: !in->is_broken && XsInGood(in, ring);
    terminates \true; exits \false;
    assigns in->got, in->is_broken, in->type, in->req_id, in->tx_id, in->length, in->bytes[0 .. XS_MESSAGE_SIZE - 1],
      ring->next, *ring->cons, ghost_now, ghost_xs_look, ghost_xs_time[0 .. 4111];
    ensures result: \result <==> !in->is_broken && in->got >= 16 && in->got == 16 + in->length;
    ensures broken: in->is_broken <==> XsIndexLies(ring) || XsTooLong(in, ring);
    ensures head: !in->is_broken && in->got >= 16 ==> XsHead(in) && in->length <= 4096 && in->got <= 16 + in->length;
    ensures taken: !in->is_broken ==> in->got <= 4112 && XsTaken(in, ring, XsStart(ring, in->got), in->got);
    ensures on: !in->is_broken ==> in->got >= \old(in->got)
      && XsStart(ring, in->got) == \old(XsStart(ring, in->got))
      && ring->next == WrapAdd(\old(XsStart(ring, in->got)), in->got);
    ensures no_more: !\result && !in->is_broken ==> XsRingEmpty(ring) && ghost_xs_look >= \old(ghost_now); */
static bool is_whole(struct xs_in *in, struct byte_ring_reader *ring)
{
    bool is_here;

    if (!has_head(in, ring))
        return false;
    if (in->got == XS_HEADER_SIZE + in->length)
        return true;
    /*@ assert head: XsHead(in); */
    /*@ ghost Head: ; */
    is_here = take_until(in, ring, XS_HEADER_SIZE + in->length);
    /*@ assert kept: \forall integer j; 0 <= j < 16 ==> in->bytes[j] == \at(in->bytes[j], Head); */
    /*@ assert head_kept: XsHead(in); */
    return is_here;
}

/* The message is whole: ends its body, and the next call begins another. */
/*@ requires whole: \valid(in) && in->length <= 4096 && XsHead(in);
    terminates \true; exits \false; assigns in->got, in->bytes[16 + in->length];
    ensures result: \result == (in->type == XS_WATCH_EVENT ? XS_EVENT : XS_REPLY);
    ensures head: XsHead(in);
    ensures ended: in->got == 0 && in->bytes[16 + in->length] == 0; */
static enum xs_arrival end_message(struct xs_in *in)
{
    in->bytes[XS_HEADER_SIZE + in->length] = 0;
    in->got = 0;
    return in->type == XS_WATCH_EVENT ? XS_EVENT : XS_REPLY;
}

enum xs_arrival xs_msg_poll(struct xs_in *in, struct byte_ring_reader *ring)
{
    if (in->is_broken)
        return XS_BROKEN;
    if (!is_whole(in, ring))
        return in->is_broken ? XS_BROKEN : XS_NOT_YET;
    return end_message(in);
}

/* How far the first NUL is behind byte number at of the body. */
/*@ requires in: \valid_read(in) && in->length <= 4096 && in->bytes[16 + in->length] == 0;
    requires at: at <= in->length;
    terminates \true; exits \false; assigns \nothing;
    ensures text: at + \result <= in->length && XsText(in, at, \result); */
static uint32_t text_size(const struct xs_in *in, uint32_t at)
{
    uint32_t end = at;

    /*@ loop invariant range: at <= end <= in->length;
        loop invariant text: \forall integer k; at <= k < end ==> in->bytes[16 + k] != 0;
        loop assigns end;
        loop variant in->length - end; */
    while (in->bytes[XS_HEADER_SIZE + end] != 0)
        end++;
    return end - at;
}

bool xs_msg_find_token(const struct xs_in *in, uint32_t *at, uint32_t *size)
{
    uint32_t path = text_size(in, 0);

    if (path == in->length)
        return false;
    *at = path + 1;
    *size = text_size(in, path + 1);
    return true;
}

/*@ requires out: \valid(out) && at <= XS_MESSAGE_SIZE - 4;
    terminates \true; exits \false; assigns out->bytes[at .. at + 3];
    ensures word: Le32(&out->bytes[0], at) == word; */
static void put_word(struct xs_out *out, uint32_t at, uint32_t word)
{
    uint32_t low = word % 0x10000, high = word / 0x10000;

    out->bytes[at] = (uint8_t)(low % 0x100);
    out->bytes[at + 1] = (uint8_t)(low / 0x100);
    out->bytes[at + 2] = (uint8_t)(high % 0x100);
    out->bytes[at + 3] = (uint8_t)(high / 0x100);
}

/*@ requires out: \valid(out);
    terminates \true; exits \false; assigns out->bytes[0 .. XS_HEADER_SIZE - 1];
    ensures head: XsOutHead(out, type, req_id, tx_id, length); */
static void put_head(struct xs_out *out, uint32_t type, uint32_t req_id, uint32_t tx_id, uint32_t length)
{
    put_word(out, 0, type);
    put_word(out, 4, req_id);
    /*@ assert two: Le32(&out->bytes[0], 0) == type && Le32(&out->bytes[0], 4) == req_id; */
    put_word(out, 8, tx_id);
    /*@ assert three: Le32(&out->bytes[0], 0) == type && Le32(&out->bytes[0], 4) == req_id
          && Le32(&out->bytes[0], 8) == tx_id; */
    put_word(out, 12, length);
}

/*@ requires out: \valid(out) && at + size <= XS_MESSAGE_SIZE;
    requires piece: \valid_read(piece + (0 .. size - 1)) && \separated(out, piece + (0 .. size - 1));
    terminates \true; exits \false; assigns out->bytes[at .. at + size - 1];
    ensures copied: \forall integer j; 0 <= j < size ==> out->bytes[at + j] == piece[j];
    ensures before: \forall integer j; 0 <= j < at ==> out->bytes[j] == \old(out->bytes[j]); */
static void put_piece(struct xs_out *out, uint32_t at, const uint8_t *piece, uint32_t size)
{
    /*@ loop invariant range: 0 <= i <= size;
        loop invariant copied: \forall integer j; 0 <= j < i ==> out->bytes[at + j] == piece[j];
        loop assigns i, out->bytes[at .. at + size - 1];
        loop variant size - i; */
    for (uint32_t i = 0; i < size; i++)
        out->bytes[at + i] = piece[i];
}

bool xs_msg_make(struct xs_out *out, uint32_t type, uint32_t req_id, uint32_t tx_id, const uint8_t *a, uint32_t a_size,
                 const uint8_t *b, uint32_t b_size)
{
    if (a_size > XENSTORE_PAYLOAD_MAX || b_size > XENSTORE_PAYLOAD_MAX - a_size)
        return false;
    put_head(out, type, req_id, tx_id, a_size + b_size);
    put_piece(out, XS_HEADER_SIZE, a, a_size);
    put_piece(out, XS_HEADER_SIZE + a_size, b, b_size);
    out->size = XS_HEADER_SIZE + a_size + b_size;
    out->sent = 0;
    return true;
}

int xs_msg_send(struct xs_out *out, struct byte_ring_writer *ring)
{
    uint32_t sent = out->sent;
    int n;

    if (sent == out->size)
        return 0;
    n = byte_ring_write(ring, out->bytes + sent, out->size - sent);
    if (n < 0)
        return n;
    /*@ assert start: WrapSub(ring->next, sent + n) == \at(WrapSub(ring->next, out->sent), Pre); */
    /*@ assert index: \forall integer j; sent <= j < sent + n ==>
          WrapAdd(\at(ring->next, Pre), j - sent) == WrapAdd(WrapSub(ring->next, sent + n), j); */
    /*@ assert slots: \forall integer j; sent <= j < sent + n ==>
          BytePut(ring, \at(ghost_now, Pre) + 2 + j - sent, WrapAdd(WrapSub(ring->next, sent + n), j), out->bytes[j]); */
    out->sent = sent + (uint32_t)n;
    return n;
}

void xs_calls_init(struct xs_calls *calls)
{
    /*@ loop invariant range: 0 <= s <= XS_CALLS;
        loop invariant done: \forall integer t; 0 <= t < s ==> calls->id[t] == t && calls->state[t] == XS_CALL_FREE;
        loop assigns s, *calls;
        loop variant XS_CALLS - s; */
    for (uint32_t s = 0; s < XS_CALLS; s++) {
        calls->id[s] = s;
        calls->state[s] = XS_CALL_FREE;
    }
}

int xs_calls_open(struct xs_calls *calls)
{
    /*@ loop invariant range: 0 <= s <= XS_CALLS;
        loop invariant taken: \forall integer t; 0 <= t < s ==> calls->state[t] != XS_CALL_FREE;
        loop assigns s;
        loop variant XS_CALLS - s; */
    for (uint32_t s = 0; s < XS_CALLS; s++) {
        if (calls->state[s] != XS_CALL_FREE)
            continue;
        calls->id[s] = wrap_add(calls->id[s], XS_CALLS);
        calls->state[s] = XS_CALL_WAITS;
        return (int)s;
    }
    return XS_NO_CALL;
}

int xs_calls_answer(struct xs_calls *calls, uint32_t id)
{
    uint32_t s = id % XS_CALLS;

    if (calls->state[s] != XS_CALL_WAITS || calls->id[s] != id)
        return XS_NO_CALL;
    calls->state[s] = XS_CALL_ANSWERED;
    return (int)s;
}

void xs_calls_close(struct xs_calls *calls, uint32_t slot)
{
    calls->state[slot] = XS_CALL_FREE;
}
