/* SPDX-License-Identifier: BSD-2-Clause */
/* Byte rings, our side: Xen's console and xenstore pages (public/io/console.h, xs_wire.h). The peer owns the other index
   and may write anything anywhere in the page at any time; our own indices are never read back from it. */
#ifndef XEN_BYTE_RING_H
#define XEN_BYTE_RING_H
#include <stdint.h>

#include "lib/shm.h"
#include "lib/wrap.h"

/* struct xencons_interface and the head of struct xenstore_domain_interface, their bytes unsigned. */
struct byte_ring_console {
    uint8_t in[1024], out[2048];
    uint32_t in_cons, in_prod, out_cons, out_prod;
};

struct byte_ring_xenstore {
    uint8_t req[1024], rsp[1024];
    uint32_t req_cons, req_prod, rsp_cons, rsp_prod;
};

/* What a call returns when the peer's index is impossible: more than the ring is in it (Linux's EPROTO). */
enum { BYTE_RING_LIE = -71 };

/* Bytes to us. */
struct byte_ring_reader {
    const volatile uint8_t *peer_bytes;
    const volatile uint32_t *peer_prod;
    volatile uint32_t *cons;
    uint32_t size;
    uint32_t next; /* free-running index of the next byte to take */
};

/* Bytes from us. */
struct byte_ring_writer {
    volatile uint8_t *bytes;
    const volatile uint32_t *peer_cons;
    volatile uint32_t *prod;
    uint32_t size;
    uint32_t next; /* free-running index of the next byte to put */
};

#include "spec/byte_ring.acsl"

/* Both ends of a console page, going on where its indices stand. */
/*@ requires page: \valid(page);
    requires ends: \valid(in) && \valid(out);
    requires separate: \separated(in, out, page, &ghost_now);
    terminates \true; exits \false; assigns *in, *out, ghost_now;
    ensures reader: ByteReaderGood(in) && in->size == 1024 && in->peer_bytes == &page->in[0]
      && in->peer_prod == &page->in_prod && in->cons == &page->in_cons;
    ensures writer: ByteWriterGood(out) && out->size == 2048 && out->bytes == &page->out[0]
      && out->peer_cons == &page->out_cons && out->prod == &page->out_prod;
    ensures goes_on_in: Read32(\old(ghost_now), &page->in_cons) && in->next == IoValue(\old(ghost_now));
    ensures goes_on_out: Read32(\old(ghost_now) + 1, &page->out_prod) && out->next == IoValue(\old(ghost_now) + 1);
    ensures end: ghost_now == \old(ghost_now) + 2; */
void byte_ring_open_console(struct byte_ring_console *page, struct byte_ring_reader *in, struct byte_ring_writer *out);

/* Both ends of a xenstore page, going on where its indices stand. */
/*@ requires page: \valid(page);
    requires ends: \valid(in) && \valid(out);
    requires separate: \separated(in, out, page, &ghost_now);
    terminates \true; exits \false; assigns *in, *out, ghost_now;
    ensures reader: ByteReaderGood(in) && in->size == 1024 && in->peer_bytes == &page->rsp[0]
      && in->peer_prod == &page->rsp_prod && in->cons == &page->rsp_cons;
    ensures writer: ByteWriterGood(out) && out->size == 1024 && out->bytes == &page->req[0]
      && out->peer_cons == &page->req_cons && out->prod == &page->req_prod;
    ensures goes_on_in: Read32(\old(ghost_now), &page->rsp_cons) && in->next == IoValue(\old(ghost_now));
    ensures goes_on_out: Read32(\old(ghost_now) + 1, &page->req_prod) && out->next == IoValue(\old(ghost_now) + 1);
    ensures end: ghost_now == \old(ghost_now) + 2; */
void byte_ring_open_xenstore(struct byte_ring_xenstore *page, struct byte_ring_reader *in,
                             struct byte_ring_writer *out);

/* Takes up to count bytes: how many, in order; or BYTE_RING_LIE, and then nothing was taken or changed. The rest of dst
   stays as it was. */
/*@ requires reader: ByteReaderGood(r);
    requires dst: \valid(dst + (0 .. count - 1)) && count <= 0x7fffffff;
    requires separate: \separated(dst + (0 .. count - 1), r, r->peer_bytes + (0 .. r->size - 1), r->peer_prod, r->cons,
      &ghost_now);
    terminates \true; exits \false;
    assigns r->next, dst[0 .. count - 1], ghost_now, *r->cons;
    ensures index_read_once: Read32(\old(ghost_now), r->peer_prod);
    ensures range: \result == BYTE_RING_LIE || 0 <= \result <= count;
    ensures lie: \result == BYTE_RING_LIE <==> WrapSub(IoValue(\old(ghost_now)), \old(r->next)) > r->size;
    ensures lie_ends: \result == BYTE_RING_LIE ==> ghost_now == \old(ghost_now) + 1 && r->next == \old(r->next)
      && \forall integer j; 0 <= j < count ==> dst[j] == \old(dst[j]);
    ensures amount: \result >= 0 ==> \result == \min(count, WrapSub(IoValue(\old(ghost_now)), \old(r->next)));
    ensures cursor: \result >= 0 ==> r->next == WrapAdd(\old(r->next), \result);
    ensures index_first: \result >= 0 ==> IoKind(\old(ghost_now) + 1) == SHM_RMB;
    ensures fifo: \result >= 0 ==> \forall integer j; 0 <= j < \result ==>
      ByteTaken(r, \old(ghost_now) + 2 + j, WrapAdd(\old(r->next), j)) && dst[j] == IoValue(\old(ghost_now) + 2 + j);
    ensures rest: \result >= 0 ==> \forall integer j; \result <= j < count ==> dst[j] == \old(dst[j]);
    ensures taken_first: \result >= 0 ==> IoKind(\old(ghost_now) + 2 + \result) == SHM_MB;
    ensures publish: \result >= 0 ==> Wrote32(\old(ghost_now) + 3 + \result, r->cons, r->next);
    ensures end: \result >= 0 ==> ghost_now == \old(ghost_now) + 4 + \result; */
int byte_ring_read(struct byte_ring_reader *r, uint8_t *dst, uint32_t count);

/* Puts up to count bytes, as many as there is room for, and publishes them: how many; or BYTE_RING_LIE, and then nothing
   was written. */
/*@ requires writer: ByteWriterGood(w);
    requires src: \valid_read(src + (0 .. count - 1)) && count <= 0x7fffffff;
    requires separate: \separated(src + (0 .. count - 1), w, w->bytes + (0 .. w->size - 1), w->peer_cons, w->prod,
      &ghost_now);
    terminates \true; exits \false;
    assigns w->next, ghost_now, w->bytes[0 .. w->size - 1], *w->prod;
    ensures index_read_once: Read32(\old(ghost_now), w->peer_cons);
    ensures range: \result == BYTE_RING_LIE || 0 <= \result <= count;
    ensures lie: \result == BYTE_RING_LIE <==> WrapSub(\old(w->next), IoValue(\old(ghost_now))) > w->size;
    ensures lie_ends: \result == BYTE_RING_LIE ==> ghost_now == \old(ghost_now) + 1 && w->next == \old(w->next);
    ensures amount: \result >= 0 ==>
      \result == \min(count, w->size - WrapSub(\old(w->next), IoValue(\old(ghost_now))));
    ensures cursor: \result >= 0 ==> w->next == WrapAdd(\old(w->next), \result);
    ensures index_first: \result >= 0 ==> IoKind(\old(ghost_now) + 1) == SHM_MB;
    ensures slots: \result >= 0 ==> \forall integer j; 0 <= j < \result ==>
      BytePut(w, \old(ghost_now) + 2 + j, WrapAdd(\old(w->next), j), \old(src[j]));
    ensures bytes_first: \result >= 0 ==> IoKind(\old(ghost_now) + 2 + \result) == SHM_WMB;
    ensures publish: \result >= 0 ==> Wrote32(\old(ghost_now) + 3 + \result, w->prod, w->next);
    ensures end: \result >= 0 ==> ghost_now == \old(ghost_now) + 4 + \result; */
int byte_ring_write(struct byte_ring_writer *w, const uint8_t *src, uint32_t count);

#endif
