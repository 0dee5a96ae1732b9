/* SPDX-License-Identifier: BSD-2-Clause */
/* A request and answer ring and its notifications: xen/ring.c in front, Xen's macros (public/io/ring.h) at the back. A
   step is one memory access and the private work after it; stores pass through a store buffer (x86-TSO). See
   spec/interleavings.md. */

/* What the front may do wrong; the back is Xen's and right. -DVARIANT=NAME when spin is called */
#ifndef VARIANT
#define VARIANT RIGHT
#endif
#define RIGHT          0
#define NO_PUSH_FENCE  1
#define NO_CHECK_FENCE 2
#define NOTIFY_EXACT   3
#define LOOK_FIRST     4
#define NO_LOOK        5
#define EVENT_BEHIND   6
#define EARLY_INDEX    7

#define SLOTS 2
#define WRAP  8 /* indices are free-running: modulo this */
#define DEEP  4 /* stores that a buffer holds */
#define SUB(a, b) (((a) + WRAP - (b)) % WRAP)
#define ADD(a, n) (((a) + (n)) % WRAP)

/* The page: req_prod, req_event, rsp_prod, rsp_event, then the slots. */
#define REQ_PROD  0
#define REQ_EVENT 1
#define RSP_PROD  2
#define RSP_EVENT 3
#define SLOT(i)   (4 + (i) % SLOTS)
byte page[4 + SLOTS];

/* Events under way. That they arrive is the other model. */
bit front_event, back_event;

/* The front's indices of what it wrote and what it took; it will not submit any more. */
byte req_prod, rsp_cons;
bit is_over;

/* Each side's stores, in order, on their way to the page. */
chan front_stores = [DEEP] of { byte, byte };
chan back_stores = [DEEP] of { byte, byte };

proctype memory(chan stores)
{
    byte where, value;
end:
    do
    :: atomic { stores ? where, value -> page[where] = value; where = 0; value = 0 }
    od
}

#define STORE(where, value) stores ! where, value
#define FENCE               empty(stores)

/* Publishes the indices from `old` to `new`, and rings the other side's bell if it asked for one of them. The hypercall
   for that drains the buffer. */
inline publish(ours, prod, event, old, new, bell)
{
    STORE(prod, new);
    atomic { FENCE || (ours && VARIANT == NO_PUSH_FENCE) -> seen = page[event] };
    atomic {
        if
        :: ours && VARIANT == NOTIFY_EXACT -> more = (seen == new)
        :: else -> more = (SUB(new, seen) < SUB(new, old))
        fi;
        old = new;
        seen = 0
    };
    if
    :: atomic { more && FENCE -> bell = 1; more = 0 }
    :: !more
    fi
}

/* Asks for an event at the next index behind `cons`, and looks once more. */
inline final_check(ours, prod, event, cons)
{
    if
    :: ours && VARIANT == LOOK_FIRST ->
       more = (page[prod] != cons);
       STORE(event, ADD(cons, 1))
    :: ours && VARIANT == NO_LOOK -> STORE(event, ADD(cons, 1))
    :: else ->
       STORE(event, ADD(cons, 1 - (ours && VARIANT == EVENT_BEHIND)));
       atomic { FENCE || (ours && VARIANT == NO_CHECK_FENCE) -> more = (page[prod] != cons) }
    fi
}

/* One request, or two as a batch. */
inline submit()
{
    if
    :: VARIANT == EARLY_INDEX ->
       req_prod = ADD(req_prod, 1);
       publish(1, REQ_PROD, REQ_EVENT, req_published, req_prod, back_event);
       STORE(SLOT(SUB(req_prod, 1)), SUB(req_prod, 1))
    :: else ->
       do
       :: SUB(req_prod, rsp_cons) < SLOTS ->
          STORE(SLOT(req_prod), req_prod);
          req_prod = ADD(req_prod, 1)
       :: req_prod != req_published -> break
       od;
       publish(1, REQ_PROD, REQ_EVENT, req_published, req_prod, back_event)
    fi
}

/* Submits when it likes, until it stops; looks for answers when its bell rang. */
proctype front(chan stores)
{
    byte seen, req_published;
    bit more;
end:
    do
    :: !is_over && SUB(req_prod, rsp_cons) < SLOTS -> submit()
    :: !is_over -> is_over = 1
    :: atomic { front_event -> front_event = 0 };
       do
       :: atomic {
              page[RSP_PROD] != rsp_cons ->
              assert(SUB(page[RSP_PROD], rsp_cons) <= SUB(req_published, rsp_cons))
          };
          atomic {
              assert(page[SLOT(rsp_cons)] == rsp_cons + WRAP);
              rsp_cons = ADD(rsp_cons, 1)
          }
       :: page[RSP_PROD] == rsp_cons ->
          final_check(1, RSP_PROD, RSP_EVENT, rsp_cons);
          if
          :: more -> more = 0
          :: else -> break
          fi
       od
    od
}

/* Works when its bell rang, and publishes its answers one by one or together, before it sleeps again. */
proctype back(chan stores)
{
    byte seen, req_cons, rsp_prod, rsp_published;
    bit more;
end:
    do
    :: atomic { back_event -> back_event = 0 };
       do
       :: page[REQ_PROD] != req_cons ->
          atomic {
              assert(page[SLOT(req_cons)] == req_cons);
              req_cons = ADD(req_cons, 1)
          };
          STORE(SLOT(rsp_prod), rsp_prod + WRAP);
          rsp_prod = ADD(rsp_prod, 1);
          if
          :: publish(0, RSP_PROD, RSP_EVENT, rsp_published, rsp_prod, front_event)
          :: skip
          fi
       :: page[REQ_PROD] == req_cons ->
          if
          :: rsp_prod != rsp_published -> publish(0, RSP_PROD, RSP_EVENT, rsp_published, rsp_prod, front_event)
          :: else
          fi;
          final_check(0, REQ_PROD, REQ_EVENT, req_cons);
          if
          :: more -> more = 0
          :: else -> break
          fi
       od
    od
}

/* When nothing can go on, both sleep, no event is under way and no store either: then nothing may wait. */
proctype judge()
{
end:
    timeout -> assert(req_prod == rsp_cons) /* no wake-up is lost */
}

init
{
    atomic {
        page[REQ_EVENT] = 1;
        page[RSP_EVENT] = 1;
        run memory(front_stores);
        run memory(back_stores);
        run front(front_stores);
        run back(back_stores);
        run judge()
    }
}
