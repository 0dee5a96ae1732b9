/* SPDX-License-Identifier: BSD-2-Clause */
#include "drivers/tty_buffer.h"

bool tty_buffer_is_full(const struct tty_buffer *b)
{
    return wrap_sub(b->head, b->tail) >= TTY_BUFFER_SIZE - 1;
}

/*@ requires valid: \valid_read(b);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> TtyEnds(b, TtySlot(at)); */
static bool ends_line_at(const struct tty_buffer *b, uint32_t at)
{
    at %= TTY_BUFFER_SIZE;
    return bit_is_set(b->line_end[at / 64], at % 64);
}

bool tty_buffer_stops(const struct tty_buffer *b, uint32_t at)
{
    return ends_line_at(b, at) && b->bytes[at % TTY_BUFFER_SIZE] == 0;
}

void tty_buffer_put(struct tty_buffer *b, uint8_t byte, bool ends_line, bool is_ready)
{
    uint32_t at = b->head % TTY_BUFFER_SIZE;
    uint64_t word = b->line_end[at / 64];

    b->line_end[at / 64] = ends_line ? bit_set(word, at % 64) : bit_clear(word, at % 64);
    /*@ assert words: \forall integer k; 0 <= k < TTY_BUFFER_SIZE / 64 && k != at / 64 ==>
          b->line_end[k] == \at(b->line_end[k], Pre); */
    /*@ assert bits: \forall integer k; 0 <= k < 64 && k != at % 64 ==> (Bit(b->line_end[at / 64], k) <==> Bit(word, k)); */
    /*@ assert places: \forall integer i; 0 <= i < TTY_BUFFER_SIZE && i != at && i / 64 == at / 64 ==> i % 64 != at % 64; */
    /*@ assert ends_kept: TtyEndsKept{Pre, Here}(b, at); */
    b->bytes[at] = byte;
    b->head = wrap_add(b->head, 1);
    /*@ assert more: WrapSub(b->head, b->tail) == WrapSub(\at(b->head, Pre), b->tail) + 1; */
    if (is_ready)
        b->ready = b->head;
}

uint8_t tty_buffer_erase(struct tty_buffer *b)
{
    b->head = wrap_sub(b->head, 1);
    return b->bytes[b->head % TTY_BUFFER_SIZE];
}

/*@ requires good: \valid(b) && TtyGood(b) && b->tail != b->ready;
    terminates \true; exits \false; assigns b->tail;
    ensures good: TtyGood(b);
    ensures tail: b->tail == WrapAdd(\old(b->tail), 1);
    ensures fewer: WrapSub(b->ready, b->tail) == WrapSub(b->ready, \old(b->tail)) - 1; */
static void pass(struct tty_buffer *b)
{
    b->tail = wrap_add(b->tail, 1);
}

uint64_t tty_buffer_take(struct tty_buffer *b, uint8_t *out, uint64_t n)
{
    uint64_t done = 0;

    /*@ loop invariant good: TtyGood(b) && done <= n;
        loop invariant left: WrapSub(b->ready, b->tail) + done == WrapSub(b->ready, \at(b->tail, Pre));
        loop invariant tail: b->tail == WrapAdd(\at(b->tail, Pre), done);
        loop invariant copied: TtyCopied(b, \at(b->tail, Pre), out, done);
        loop invariant goes_on: TtyGoesOn(b, \at(b->tail, Pre), done);
        loop assigns done, b->tail, out[0 .. n - 1];
        loop variant WrapSub(b->ready, b->tail); */
    while (done < n && b->tail != b->ready) {
        bool ended = ends_line_at(b, b->tail), stops = tty_buffer_stops(b, b->tail);

        /*@ assert few: \at(b->tail, Pre) + done < 0x200000000; */
        /*@ assert slot: b->tail % TTY_BUFFER_SIZE == TtySlot(\at(b->tail, Pre) + done); */
        if (!stops)
            out[done++] = b->bytes[b->tail % TTY_BUFFER_SIZE];
        /*@ assert copied: TtyCopied(b, \at(b->tail, Pre), out, done); */
        /*@ assert one_line: TtyGoesOn(b, \at(b->tail, Pre), done - 1); */
        pass(b);
        if (ended)
            return done;
    }
    /* The next read must not answer 0 for a ^D that ended this one. */
    if (b->tail != b->ready && tty_buffer_stops(b, b->tail))
        pass(b);
    return done;
}

void tty_buffer_join(struct tty_buffer *b, bool as_line)
{
    uint32_t last = wrap_sub(b->head, 1) % TTY_BUFFER_SIZE;

    /*@ loop invariant range: 0 <= i <= TTY_BUFFER_SIZE / 64;
        loop invariant plain: \forall integer k; 0 <= k < i ==> b->line_end[k] == 0;
        loop assigns i, b->line_end[0 .. TTY_BUFFER_SIZE / 64 - 1]; loop variant TTY_BUFFER_SIZE / 64 - i; */
    for (uint32_t i = 0; i < TTY_BUFFER_SIZE / 64; i++)
        b->line_end[i] = 0;
    /*@ assert bits: \forall integer k, q; 0 <= k < TTY_BUFFER_SIZE / 64 && 0 <= q < 64 ==> !Bit(b->line_end[k], q); */
    /*@ assert none: \forall integer i; 0 <= i < TTY_BUFFER_SIZE ==> !TtyEnds(b, i); */
    b->ready = b->head;
    if (as_line && b->head != b->tail)
        b->line_end[last / 64] = bit_set(0, last % 64);
}

void tty_buffer_forget(struct tty_buffer *b)
{
    b->tail = b->ready = b->head;
}
