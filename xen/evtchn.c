/* SPDX-License-Identifier: BSD-2-Clause */
#include "xen/evtchn.h"

#include <stddef.h>

#include <xen/xen.h>

#include <xen/event_channel.h>

_Static_assert(sizeof(((struct shared_info *)0)->evtchn_pending) == sizeof(uint64_t) * EVTCHN_WORDS, "xen.h");
_Static_assert(offsetof(struct shared_info, evtchn_mask) - offsetof(struct shared_info, evtchn_pending) ==
                   offsetof(struct evtchn_page, mask),
               "xen.h");
_Static_assert(EVTCHN_2L_NR_CHANNELS == EVTCHN_PORTS, "xen.h");
_Static_assert(offsetof(struct vcpu_info, evtchn_upcall_pending) == offsetof(struct evtchn_vcpu, upcall_pending),
               "xen.h");
_Static_assert(offsetof(struct vcpu_info, evtchn_pending_sel) == offsetof(struct evtchn_vcpu, pending_sel), "xen.h");

/*@ requires port: port < EVTCHN_PORTS;
    requires once: ghost_calls[port] == 0;
    requires count: ghost_total < 0xffffffff;
    terminates \true; exits \false; assigns ghost_calls[port], ghost_total, ghost_now;
    ensures called: ghost_calls[port] == 1;
    ensures total: ghost_total == \old(ghost_total) + 1;
    ensures time: ghost_now >= \old(ghost_now); */
static void call(uint32_t port)
{
    /*@ ghost ghost_calls[port]++; */
    /*@ ghost ghost_total++; */
    evtchn_handle(port);
}

/* Word w while the budget lasts: the bit it stopped at, 64 when it came to the end. */
/*@ requires apart: EvtchnApart(page) && EvtchnPassApart(page, pass) && w < EVTCHN_WORDS;
    requires fresh: \forall integer p; InWord(w, p) ==> ghost_calls[p] == 0;
    requires count: ghost_total + pass->budget <= 0xffffffff;
    terminates \true; exits \false;
    assigns ghost_calls[w * 64 .. w * 64 + 63], ghost_port_time[w * 64 .. w * 64 + 63], ghost_word_time[w], ghost_total,
      ghost_now, page->pending[w], pass->budget;
    ensures time: ghost_word_time[w] == \old(ghost_now) && \old(ghost_now) + 2 <= ghost_now;
    ensures looked: WordLooked(page, w, ghost_word_time[w]);
    ensures range: 0 <= \result <= 64;
    ensures spent: ghost_total + pass->budget <= \old(ghost_total + pass->budget);
    ensures progress: pass->budget + \result >= \old(pass->budget);
    ensures stopped: \result < 64 ==> pass->budget == 0 && PortDue(w, w * 64 + \result);
    ensures taken: \forall integer p; w * 64 <= p < w * 64 + \result && PortDue(w, p) ==> PortTaken(page, w, p);
    ensures served: \forall integer p; w * 64 <= p < w * 64 + \result && PortServed(w, p) ==> ghost_calls[p] == 1;
    ensures not_served: \forall integer p; InWord(w, p) && !PortServed(w, p) ==> ghost_calls[p] == 0;
    ensures beyond: \forall integer p; w * 64 + \result <= p < w * 64 + 64 ==> ghost_calls[p] == 0; */
static uint32_t serve_word(struct evtchn_page *page, struct evtchn_pass *pass, uint32_t w)
{
    uint64_t mask, due;

    /*@ ghost ghost_word_time[w] = ghost_now; */
    mask = shm_read64(&page->mask[w]);
    due = shm_read64(&page->pending[w]) & ~mask;
    /*@ assert due: \forall integer p; InWord(w, p) ==> (PortDue(w, p) <==> Bit(due, p - w * 64)); */
    /*@ loop invariant range: 0 <= b <= 64;
        loop invariant time: ghost_word_time[w] + 2 <= ghost_now;
        loop invariant spent: ghost_total + pass->budget <= \at(ghost_total + pass->budget, Pre);
        loop invariant progress: pass->budget + b >= \at(pass->budget, Pre);
        loop invariant taken: \forall integer p; w * 64 <= p < w * 64 + b && PortDue(w, p) ==> PortTaken(page, w, p);
        loop invariant served: \forall integer p; w * 64 <= p < w * 64 + b && PortServed(w, p) ==> ghost_calls[p] == 1;
        loop invariant not_served: \forall integer p; w * 64 <= p < w * 64 + b && !PortServed(w, p) ==>
          ghost_calls[p] == 0;
        loop invariant beyond: \forall integer p; w * 64 + b <= p < w * 64 + 64 ==> ghost_calls[p] == 0;
        loop assigns b, ghost_calls[w * 64 .. w * 64 + 63], ghost_port_time[w * 64 .. w * 64 + 63], ghost_total,
          ghost_now, page->pending[w], pass->budget;
        loop variant 64 - b; */
    for (uint32_t b = 0; b < 64; b++) {
        if (!bit_is_set(due, b))
            continue;
        if (pass->budget == 0)
            return b;
        pass->budget--;
        /*@ ghost ghost_port_time[w * 64 + b] = ghost_now; */
        if (shm_clear_bit64(&page->pending[w], b))
            call(w * 64 + b);
    }
    return 64;
}

/* The selected words from one up to another: those not finished are added to what is left. */
/*@ requires apart: EvtchnApart(page) && EvtchnPassApart(page, pass) && from <= to <= EVTCHN_WORDS;
    requires fresh: \forall integer p; from * 64 <= p < to * 64 ==> ghost_calls[p] == 0;
    requires none_left: \forall integer w; from <= w < to ==> !Bit(pass->left, w);
    requires worked: pass->left != 0 ==> pass->budget == 0;
    requires count: ghost_total + pass->budget <= 0xffffffff;
    terminates \true; exits \false;
    assigns ghost_calls[from * 64 .. to * 64 - 1], ghost_port_time[from * 64 .. to * 64 - 1],
      ghost_word_time[from .. to - 1], ghost_word_stop[from .. to - 1], ghost_total, ghost_now, page->pending[0 .. 63],
      pass->left, pass->budget, pass->first;
    ensures time: ghost_now >= \old(ghost_now);
    ensures kept: \forall integer w; 0 <= w < 64 && !(from <= w < to) ==>
      ghost_word_time[w] == \old(ghost_word_time[w]) && ghost_word_stop[w] == \old(ghost_word_stop[w]);
    ensures spent: ghost_total + pass->budget <= \old(ghost_total + pass->budget);
    ensures worked: pass->left != 0 ==> pass->budget == 0;
    ensures left: \forall integer w; from <= w < to ==> (Bit(pass->left, w) <==> Bit(sel, w) && ghost_word_stop[w] < 64);
    ensures left_others: \forall integer w; 0 <= w < 64 && !(from <= w < to) ==>
      (Bit(pass->left, w) <==> Bit(\old(pass->left), w));
    ensures left_grows: \old(pass->left) != 0 ==> pass->left != 0;
    ensures times: \forall integer w; from <= w < to ==> WordTimes(page, sel, w, \old(ghost_now));
    ensures taken: \forall integer w, p; from <= w < to && InWord(w, p) && p < w * 64 + ghost_word_stop[w]
      && PortDue(w, p) ==> PortTaken(page, w, p);
    ensures served: \forall integer w, p; from <= w < to && InWord(w, p) && p < w * 64 + ghost_word_stop[w]
      && PortServed(w, p) ==> ghost_calls[p] == 1;
    ensures not_served: \forall integer w, p; from <= w < to && InWord(w, p) && !PortServed(w, p) ==> ghost_calls[p] == 0;
    ensures beyond: \forall integer w, p; from <= w < to && InWord(w, p) && p >= w * 64 + ghost_word_stop[w] ==>
      ghost_calls[p] == 0;
    ensures not_selected: \forall integer w; from <= w < to && !Bit(sel, w) ==> ghost_word_stop[w] == 0;
    ensures fair: from < to && \old(pass->budget) >= 64 && Bit(sel, from) ==> ghost_word_stop[from] == 64;
    ensures next_kept: \old(pass->left) != 0 || pass->left == 0 ==> pass->first == \old(pass->first);
    ensures next: \old(pass->left) == 0 && pass->left != 0 ==> from <= pass->first < to && Bit(pass->left, pass->first)
      && \forall integer u; from <= u < pass->first ==> !Bit(pass->left, u); */
static void serve_words(struct evtchn_page *page, struct evtchn_pass *pass, uint64_t sel, uint32_t from, uint32_t to)
{
    /*@ loop invariant range: from <= w <= to;
        loop invariant time: ghost_now >= \at(ghost_now, Pre);
        loop invariant spent: ghost_total + pass->budget <= \at(ghost_total + pass->budget, Pre);
        loop invariant budget: w == from ==> pass->budget == \at(pass->budget, Pre);
        loop invariant worked: pass->left != 0 ==> pass->budget == 0;
        loop invariant left: \forall integer u; from <= u < w ==> (Bit(pass->left, u) <==>
          Bit(sel, u) && ghost_word_stop[u] < 64);
        loop invariant left_others: \forall integer u; 0 <= u < 64 && !(from <= u < w) ==>
          (Bit(pass->left, u) <==> Bit(\at(pass->left, Pre), u));
        loop invariant left_grows: \at(pass->left, Pre) != 0 ==> pass->left != 0;
        loop invariant times: \forall integer u; from <= u < w ==> WordTimes(page, sel, u, \at(ghost_now, Pre));
        loop invariant taken: \forall integer u, p; from <= u < w && InWord(u, p) && p < u * 64 + ghost_word_stop[u]
          && PortDue(u, p) ==> PortTaken(page, u, p);
        loop invariant served: \forall integer u, p; from <= u < w && InWord(u, p) && p < u * 64 + ghost_word_stop[u]
          && PortServed(u, p) ==> ghost_calls[p] == 1;
        loop invariant not_served: \forall integer u, p; from <= u < w && InWord(u, p) && !PortServed(u, p) ==>
          ghost_calls[p] == 0;
        loop invariant beyond: \forall integer u, p; from <= u < w && InWord(u, p)
          && p >= u * 64 + ghost_word_stop[u] ==> ghost_calls[p] == 0;
        loop invariant not_selected: \forall integer u; from <= u < w && !Bit(sel, u) ==> ghost_word_stop[u] == 0;
        loop invariant rest: \forall integer p; w * 64 <= p < to * 64 ==> ghost_calls[p] == 0;
        loop invariant fair: w > from && \at(pass->budget, Pre) >= 64 && Bit(sel, from) ==> ghost_word_stop[from] == 64;
        loop invariant next_kept: \at(pass->left, Pre) != 0 || pass->left == 0 ==> pass->first == \at(pass->first, Pre);
        loop invariant next: \at(pass->left, Pre) == 0 && pass->left != 0 ==> from <= pass->first < w
          && Bit(pass->left, pass->first) && \forall integer u; from <= u < pass->first ==> !Bit(pass->left, u);
        loop assigns w, ghost_calls[from * 64 .. to * 64 - 1], ghost_port_time[from * 64 .. to * 64 - 1],
          ghost_word_time[from .. to - 1], ghost_word_stop[from .. to - 1], ghost_total, ghost_now,
          page->pending[0 .. 63], pass->left, pass->budget, pass->first;
        loop variant to - w; */
    for (uint32_t w = from; w < to; w++) {
        uint32_t stop = 0;

        if (bit_is_set(sel, w)) {
            if (pass->budget > 0)
                stop = serve_word(page, pass, w);
            if (stop < 64 && pass->left == 0)
                pass->first = w;
            if (stop < 64)
                pass->left = bit_set(pass->left, w);
        }
        /*@ ghost ghost_word_stop[w] = stop; */
        /*@ assert words_kept: \forall integer u; from <= u < w ==> ghost_word_stop[u] == \at(ghost_word_stop[u], LoopCurrent)
              && ghost_word_time[u] == \at(ghost_word_time[u], LoopCurrent); */
        /*@ assert later: ghost_now >= \at(ghost_now, LoopCurrent); */
        /*@ assert times_old: \forall integer u; from <= u < w ==> WordTimes(page, sel, u, \at(ghost_now, Pre)); */
        /*@ assert times_new: WordTimes(page, sel, w, \at(ghost_now, Pre)); */
        /*@ assert times_all: \forall integer u; from <= u < w + 1 ==> WordTimes(page, sel, u, \at(ghost_now, Pre)); */
    }
}

bool evtchn_dispatch(struct evtchn_page *page, struct evtchn_vcpu *vcpu, struct evtchn_pass *pass, uint32_t budget)
{
    uint32_t first = pass->first;
    uint64_t sel;

    /*@ ghost
        ghost_total = 0;
        /@ loop invariant range: 0 <= q <= 4096;
           loop invariant cleared: \forall integer p; 0 <= p < q ==> ghost_calls[p] == 0;
           loop assigns q, ghost_calls[0 .. 4095];
           loop variant 4096 - q; @/
        for (int q = 0; q < 4096; q++)
            ghost_calls[q] = 0;
    */
    /* xen.h: the upcall flag is cleared before looking for work, or an event in between would be lost. */
    shm_write8(&vcpu->upcall_pending, 0);
    sel = shm_exchange64(&vcpu->pending_sel, 0) | pass->left;
    /*@ assert sel: \forall integer w; 0 <= w < 64 ==> (Bit(sel, w) <==>
          Bit(IoValue(\at(ghost_now, Pre) + 1), w) || Bit(\at(pass->left, Pre), w)); */
    pass->left = 0;
    pass->budget = budget;
    serve_words(page, pass, sel, first, EVTCHN_WORDS);
    /*@ assert times_up: \forall integer w; first <= w < 64 ==> WordTimes(page, sel, w, \at(ghost_now, Pre) + 2); */
    serve_words(page, pass, sel, 0, first);
    /*@ assert times_up_kept: \forall integer w; first <= w < 64 ==>
          WordTimes(page, sel, w, \at(ghost_now, Pre) + 2); */
    /*@ assert times_around: \forall integer w; 0 <= w < first ==> WordTimes(page, sel, w, \at(ghost_now, Pre) + 2); */
    /*@ assert times: \forall integer w; 0 <= w < 64 ==> WordTimes(page, sel, w, \at(ghost_now, Pre) + 2); */
    return pass->left != 0;
}

void evtchn_mask(struct evtchn_page *page, uint32_t port)
{
    (void)shm_set_bit64(&page->mask[port / 64], port % 64);
}

bool evtchn_unmask(struct evtchn_page *page, struct evtchn_pass *pass, uint32_t port)
{
    (void)shm_clear_bit64(&page->mask[port / 64], port % 64);
    if (!bit_is_set(shm_read64(&page->pending[port / 64]), port % 64))
        return false;
    pass->left = bit_set(pass->left, port / 64);
    return true;
}
