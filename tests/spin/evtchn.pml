/* SPDX-License-Identifier: BSD-2-Clause */
/* Two-level event channels: senders inside Xen against the guest's pass, mask and unmask (xen/evtchn.c). A step is one
   memory access and the private work after it. See spec/interleavings.md. */

/* What the guest may do wrong, or (BY_XEN) right in another way. -DVARIANT=NAME when spin is called */
#ifndef VARIANT
#define VARIANT RIGHT
#endif
#define RIGHT          0
#define BY_XEN         1
#define NO_LOOK        2
#define LOOK_FIRST     3
#define LATE_UPCALL    4
#define PLAIN_EXCHANGE 5
#define PLAIN_CLEAR    6
#define LATE_CLEAR     7
#define NO_MASK        8
#define FORGET_LEFT    9
#define IGNORE_LEFT    10
#define FROM_ZERO      11
#define UNMASK_INSIDE  12

#define WORDS 2
#define BITS  2
#define PORTS 3
#define WORD(p) ((p) / BITS)

/* struct shared_info and struct vcpu_info */
bit pending[WORDS * BITS], mask[WORDS * BITS], selector[WORDS], upcall_pending;

/* The port that the properties are about: any. due: it was sent, and its handler has not begun since. shut: it was
   masked before this pass began. ready: it was due, unmasked and in a word that this pass has to serve. passed_over:
   how many such passes there were since. sending: senders under way. */
byte watched, passed_over, sending;
bit due, shut, ready;

/* Xen's evtchn_2l_set_pending and vcpu_mark_events_pending: each step is one locked instruction. Two run at a time,
   of any ports, for ever or not. */
proctype sender()
{
    byte port;
end:
    do
    :: atomic {
           select (port : 0 .. PORTS - 1);
           due = due || port == watched;
           if
           :: pending[port] -> port = 0
           :: else ->
              pending[port] = 1;
              sending++;
              goto test_mask
           fi
       }
    od;
test_mask:
    if
    :: atomic { mask[port] -> port = 0; sending--; goto end }
    :: atomic { !mask[port] -> goto select_word }
    fi;
select_word:
    if
    :: atomic { selector[WORD(port)] -> port = 0; sending--; goto end }
    :: atomic { !selector[WORD(port)] -> selector[WORD(port)] = 1; port = 0 }
    fi;
    atomic { upcall_pending = 1; sending--; goto end }
}

/* evtchn_unmask; BY_XEN: the same by EVTCHNOP_unmask (Xen's evtchn_2l_unmask). */
inline unmask(p)
{
#if VARIANT == BY_XEN
    d_step { was = mask[p]; mask[p] = 0 };
    if
    :: was && pending[p] ->
       if
       :: selector[WORD(p)] -> skip
       :: atomic { !selector[WORD(p)] -> selector[WORD(p)] = 1 };
          upcall_pending = 1
       fi
    :: else
    fi;
    was = 0
#else
#if VARIANT == LOOK_FIRST
    was = pending[p];
#endif
    mask[p] = 0;
#if VARIANT != LOOK_FIRST
    was = pending[p];
#endif
#if VARIANT != NO_LOOK
    left[WORD(p)] = left[WORD(p)] || was;
#endif
    was = 0
#endif
}

/* What runs when a port was pending. It may mask the port, as a storm asks for. */
inline handle(p)
{
    atomic {
        assert(p != watched || !shut); /* masked ports are never handled */
        if
        :: p == watched -> due = 0; ready = 0; passed_over = 0
        :: else
        fi
    };
    if
    :: p == watched -> mask[p] = 1
    :: skip
    fi
#if VARIANT == UNMASK_INSIDE
    ;
    unmask(p)
#endif
}

/* shm_clear_bit64: was it set? */
inline take_pending(p)
{
#if VARIANT == PLAIN_CLEAR
    d_step { seen[0] = pending[WORD(p) * BITS]; seen[1] = pending[WORD(p) * BITS + 1] };
    d_step {
        was = seen[(p) % BITS];
        seen[(p) % BITS] = 0;
        pending[WORD(p) * BITS] = seen[0];
        pending[WORD(p) * BITS + 1] = seen[1];
        seen[0] = 0;
        seen[1] = 0
    }
#else
    d_step { was = pending[p]; pending[p] = 0 }
#endif
}

/* The port at bit b of word w, if the mask and then the pending bits said so when they were read. */
inline serve_port(w, b)
{
    if
    :: word[b] && stop == BITS && budget == 0 -> stop = b
    :: word[b] && stop == BITS && budget > 0 ->
       budget--;
#if VARIANT == LATE_CLEAR
       handle(w * BITS + b);
       take_pending(w * BITS + b);
#else
       take_pending(w * BITS + b);
       if
       :: was -> handle(w * BITS + b)
       :: else
       fi;
#endif
       was = 0
    :: else
    fi
}

/* Word w, if it is selected: serve_word, and what serve_words leaves for the next pass. */
inline serve_word(w)
{
    stop = BITS;
    if
    :: sel[w] && budget > 0 ->
#if VARIANT == NO_MASK
       d_step { word[0] = 1; word[1] = 1 };
#else
       d_step { word[0] = !mask[w * BITS]; word[1] = !mask[w * BITS + 1] };
#endif
       d_step { word[0] = word[0] && pending[w * BITS]; word[1] = word[1] && pending[w * BITS + 1] };
       serve_port(w, 0);
       serve_port(w, 1)
    :: sel[w] && budget == 0 -> stop = 0
    :: else
    fi;
    atomic {
#if VARIANT != FORGET_LEFT
        first = (stop < BITS && !left[0] && !left[1] -> w : first);
        left[w] = left[w] || stop < BITS;
#endif
        stop = 0;
        word[0] = 0;
        word[1] = 0
    }
}

/* shm_exchange64 of the selector */
inline exchange_selector()
{
#if VARIANT == PLAIN_EXCHANGE
    d_step { sel[0] = selector[0]; sel[1] = selector[1] };
    d_step { selector[0] = 0; selector[1] = 0 }
#else
    d_step { sel[0] = selector[0]; sel[1] = selector[1]; selector[0] = 0; selector[1] = 0 }
#endif
}

/* evtchn_dispatch with a budget of one word's bits: the least for which T6 says `fair`. */
inline dispatch()
{
#if VARIANT == LATE_UPCALL
    exchange_selector();
    upcall_pending = 0;
#else
    upcall_pending = 0;
    exchange_selector();
#endif
    d_step { sel[0] = sel[0] || left[0]; sel[1] = sel[1] || left[1]; left[0] = 0; left[1] = 0; budget = BITS };
#if VARIANT == FROM_ZERO
    first = 0;
#endif
    if
    :: first == 0 -> serve_word(0); serve_word(1)
    :: first == 1 -> serve_word(1); serve_word(0)
    fi;
    atomic { sel[0] = 0; sel[1] = 0; budget = 0 }
}

#if VARIANT == IGNORE_LEFT
#define IS_LEFT 0
#else
#define IS_LEFT left[0] || left[1]
#endif

/* One CPU in the kernel at a time, interrupts off there. Before it waits or goes back to the application it runs passes
   while words are left or, for then interrupts are on, the upcall flag is set. */
proctype guest()
{
    bit left[WORDS];
    byte first, budget; /* with left: struct evtchn_pass */
    byte stop;
    bit sel[WORDS], word[BITS], seen[BITS], was;
end:
    do
    :: atomic {
           upcall_pending || IS_LEFT ->
           shut = mask[watched];
           ready = due && !shut && (selector[WORD(watched)] || left[WORD(watched)])
       };
       dispatch();
       atomic {
           passed_over = passed_over + (due && ready);
           assert(passed_over < WORDS); /* no word starves */
           shut = 0;
           ready = 0
       }
    :: atomic {
           !upcall_pending && !(IS_LEFT) -> /* it may wait here for ever, or there is a call or a timer */
           assert(sending > 0 || !due || mask[watched]) /* no event is lost */
       };
       if
       :: mask[watched] = 1
       :: unmask(watched)
       fi
    od
}

init
{
    atomic {
        select (watched : 0 .. PORTS - 1);
        run sender();
        run sender();
        run guest()
    }
}
