/* SPDX-License-Identifier: BSD-2-Clause */
/* What was typed or piped and not read: bytes in their order, and where lines end. spec/console.md. */
#ifndef DRIVERS_TTY_BUFFER_H
#define DRIVERS_TTY_BUFFER_H
#include <stdbool.h>
#include <stdint.h>

#include "lib/bits.h"
#include "lib/wrap.h"

/* How many input bytes may wait for a reader, and the longest canonical line. */
#define TTY_BUFFER_SIZE 4096u

struct tty_buffer {
    /* Free-running. tail..ready are whole lines, ready..head the line being typed; outside canonical mode ready == head. */
    uint32_t tail, ready, head;
    uint8_t bytes[TTY_BUFFER_SIZE];
    /* One bit per byte: a line ends here; with byte 0: at ^D, and no byte is read. */
    uint64_t line_end[TTY_BUFFER_SIZE / 64];
};

#include "spec/tty_buffer.acsl"

/* One byte stays free for the end of a line that fills the buffer. */
/*@ requires valid: \valid_read(b);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> WrapSub(b->head, b->tail) >= TTY_BUFFER_SIZE - 1; */
bool tty_buffer_is_full(const struct tty_buffer *b);

/* Does a ^D wait at that index? */
/*@ requires valid: \valid_read(b);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> TtyStops(b, TtySlot(at)); */
bool tty_buffer_stops(const struct tty_buffer *b, uint32_t at);

/* Adds a byte where there is room. is_ready: what waits may be read from now on. */
/*@ requires good: \valid(b) && TtyGood(b);
    requires room: WrapSub(b->head, b->tail) < TTY_BUFFER_SIZE;
    terminates \true; exits \false; assigns *b;
    ensures good: TtyGood(b);
    ensures put: TtyPut{Pre, Post}(b, TtySlot(\old(b->head)), byte);
    ensures ends: TtyEnds(b, TtySlot(\old(b->head))) <==> ends_line;
    ensures ready: b->ready == (is_ready ? b->head : \old(b->ready)); */
void tty_buffer_put(struct tty_buffer *b, uint8_t byte, bool ends_line, bool is_ready);

/* Takes the last byte of the line being typed back, which must not be empty. */
/*@ requires good: \valid(b) && TtyGood(b) && b->head != b->ready;
    terminates \true; exits \false; assigns b->head;
    ensures good: TtyGood(b);
    ensures head: \old(b->head) == WrapAdd(b->head, 1);
    ensures byte: \result == b->bytes[TtySlot(b->head)]; */
uint8_t tty_buffer_erase(struct tty_buffer *b);

/* Up to n bytes, of one line at most, into out; how many. A ^D right behind a full answer is taken with it. */
/*@ requires good: \valid(b) && TtyGood(b);
    requires out: n == 0 || \valid(out + (0 .. n - 1));
    requires apart: \separated(out + (0 .. n - 1), b);
    terminates \true; exits \false; assigns b->tail, out[0 .. n - 1];
    ensures good: TtyGood(b);
    ensures bounded: \result <= n;
    ensures copied: TtyCopied(b, \old(b->tail), out, \result);
    ensures one_line: TtyGoesOn(b, \old(b->tail), \result - 1);
    ensures passed: b->tail == WrapAdd(\old(b->tail), \result) || (b->tail == WrapAdd(\old(b->tail), \result + 1)
      && TtyStops(b, TtySlot(\old(b->tail) + \result)));
    ensures all: \result < n && b->tail == WrapAdd(\old(b->tail), \result) ==> b->tail == b->ready
      || (\result > 0 && TtyEnds(b, TtySlot(\old(b->tail) + \result - 1))); */
uint64_t tty_buffer_take(struct tty_buffer *b, uint8_t *out, uint64_t n);

/* What waits becomes one line, or plain bytes. */
/*@ requires good: \valid(b) && TtyGood(b);
    terminates \true; exits \false; assigns b->ready, b->line_end[0 .. TTY_BUFFER_SIZE / 64 - 1];
    ensures good: TtyGood(b);
    ensures ready: b->ready == b->head;
    ensures ends: \forall integer i; 0 <= i < TTY_BUFFER_SIZE ==>
      (TtyEnds(b, i) <==> as_line && b->head != b->tail && i == TtySlot(WrapSub(b->head, 1))); */
void tty_buffer_join(struct tty_buffer *b, bool as_line);

/* Forgets what was not read. */
/*@ requires valid: \valid(b);
    terminates \true; exits \false; assigns b->tail, b->ready;
    ensures good: TtyGood(b);
    ensures none: b->tail == b->head && b->ready == b->head; */
void tty_buffer_forget(struct tty_buffer *b);

#endif
