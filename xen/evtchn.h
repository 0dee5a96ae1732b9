/* SPDX-License-Identifier: BSD-2-Clause */
/* Two-level event channels (public/xen.h, event_channel.h): one pass over the pending ports, masking and unmasking. Xen
   and the peers set pending bits at any time. */
#ifndef XEN_EVTCHN_H
#define XEN_EVTCHN_H
#include <stdbool.h>
#include <stdint.h>

#include "lib/bits.h"
#include "lib/shm.h"

#define EVTCHN_PORTS 4096u
#define EVTCHN_WORDS 64u

/* The part of struct shared_info with the events. */
struct evtchn_page {
    uint64_t pending[EVTCHN_WORDS], mask[EVTCHN_WORDS];
};

/* The head of struct vcpu_info. */
struct evtchn_vcpu {
    uint8_t upcall_pending, upcall_mask, pad[6];
    uint64_t pending_sel;
};

/* Ours alone: what a pass leaves for the next. */
struct evtchn_pass {
    uint64_t left;   /* words that were not finished */
    uint32_t first;  /* the word to start with, so that a storm on one word cannot starve the others */
    uint32_t budget; /* bits that this pass may still take */
};

#include "spec/evtchn.acsl"

/* What runs when a port was pending: its handler (xen/evtchn_port.h). It ends, and may mask ports, but unmasks none: that is
   for after the pass, for a word that a handler refills would keep the others waiting (spec/interleavings.md). */
/*@ requires port: port < EVTCHN_PORTS;
    terminates \true; exits \false; assigns ghost_now;
    ensures time: ghost_now >= \old(ghost_now); */
void evtchn_handle(uint32_t port);

/* One pass: of the words that Xen selected or that were left, takes each pending and unmasked port once and calls its
   handler, until the budget of bits is used up. True when words are left: then run another pass before waiting. */
/*@ requires apart: EvtchnApart(page) && EvtchnPassApart(page, pass);
    requires vcpu: \valid(vcpu) && \separated(vcpu, page, pass, &ghost_calls[0 .. 4095], &ghost_port_time[0 .. 4095],
      &ghost_word_time[0 .. 63], &ghost_word_stop[0 .. 63], &ghost_total, &ghost_now);
    requires first: pass->first < EVTCHN_WORDS;
    terminates \true; exits \false;
    assigns ghost_calls[0 .. 4095], ghost_port_time[0 .. 4095], ghost_word_time[0 .. 63], ghost_word_stop[0 .. 63],
      ghost_total, ghost_now, page->pending[0 .. 63], vcpu->pending_sel, vcpu->upcall_pending, *pass;
    ensures upcall_first: Wrote8(\old(ghost_now), &vcpu->upcall_pending, 0);
    ensures selected: Exchanged64(\old(ghost_now) + 1, &vcpu->pending_sel, 0);
    ensures budget: ghost_total + pass->budget <= budget;
    ensures left: \forall integer w; 0 <= w < 64 ==> (Bit(pass->left, w) <==>
      (Bit(IoValue(\old(ghost_now) + 1), w) || Bit(\old(pass->left), w)) && ghost_word_stop[w] < 64);
    ensures more: \result <==> pass->left != 0;
    ensures worked: pass->left != 0 ==> pass->budget == 0;
    ensures times: \forall integer w; 0 <= w < 64 && (Bit(IoValue(\old(ghost_now) + 1), w) || Bit(\old(pass->left), w))
      && ghost_word_stop[w] > 0 ==> \old(ghost_now) + 2 <= ghost_word_time[w] && ghost_word_time[w] + 2 <= ghost_now
      && WordLooked(page, w, ghost_word_time[w]);
    ensures taken: \forall integer w, p; 0 <= w < 64 && InWord(w, p) && p < w * 64 + ghost_word_stop[w]
      && PortDue(w, p) ==> PortTaken(page, w, p);
    ensures served: \forall integer w, p; 0 <= w < 64 && InWord(w, p) && p < w * 64 + ghost_word_stop[w]
      && PortServed(w, p) ==> ghost_calls[p] == 1;
    ensures not_served: \forall integer w, p; 0 <= w < 64 && InWord(w, p) && !PortServed(w, p) ==> ghost_calls[p] == 0;
    ensures beyond: \forall integer w, p; 0 <= w < 64 && InWord(w, p) && p >= w * 64 + ghost_word_stop[w]
      ==> ghost_calls[p] == 0;
    ensures not_selected: \forall integer w; 0 <= w < 64 && !Bit(IoValue(\old(ghost_now) + 1), w)
      && !Bit(\old(pass->left), w) ==> ghost_word_stop[w] == 0;
    ensures fair: budget >= 64 && (Bit(IoValue(\old(ghost_now) + 1), \old(pass->first))
      || Bit(\old(pass->left), \old(pass->first))) ==> ghost_word_stop[\old(pass->first)] == 64;
    ensures next_in: pass->first < EVTCHN_WORDS && (pass->left != 0 ==> Bit(pass->left, pass->first));
    ensures next_up: pass->left != 0 && pass->first >= \old(pass->first) ==>
      \forall integer u; \old(pass->first) <= u < pass->first ==> !Bit(pass->left, u);
    ensures next_around: pass->left != 0 && pass->first < \old(pass->first) ==>
      \forall integer u; \old(pass->first) <= u < 64 || 0 <= u < pass->first ==> !Bit(pass->left, u); */
bool evtchn_dispatch(struct evtchn_page *page, struct evtchn_vcpu *vcpu, struct evtchn_pass *pass, uint32_t budget);

/* No pass that begins after this takes the port. */
/*@ requires apart: EvtchnApart(page);
    requires port: port < EVTCHN_PORTS;
    terminates \true; exits \false; assigns ghost_now, page->mask[port / 64];
    ensures masked: SetBit64(\old(ghost_now), &page->mask[port / 64], port % 64) && ghost_now == \old(ghost_now) + 1; */
void evtchn_mask(struct evtchn_page *page, uint32_t port);

/* Unmasks, then looks again: true when the port is pending, for Xen gave no upcall while it was masked. Then its word is
   left for the next pass, which the caller must run. */
/*@ requires apart: EvtchnApart(page) && EvtchnPassApart(page, pass);
    requires port: port < EVTCHN_PORTS;
    terminates \true; exits \false; assigns ghost_now, page->mask[port / 64], pass->left;
    ensures unmasked: ClearedBit64(\old(ghost_now), &page->mask[port / 64], port % 64);
    ensures look_after: Read64(\old(ghost_now) + 1, &page->pending[port / 64]) && ghost_now == \old(ghost_now) + 2;
    ensures pending: \result <==> Bit(IoValue(\old(ghost_now) + 1), port % 64);
    ensures left: \forall integer w; 0 <= w < 64 ==> (Bit(pass->left, w) <==>
      Bit(\old(pass->left), w) || \result && w == port / 64); */
bool evtchn_unmask(struct evtchn_page *page, struct evtchn_pass *pass, uint32_t port);

#endif
