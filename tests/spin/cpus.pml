/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel lock, how CPUs sleep for it, and a mapping that is taken away (x86/trap.S, x86/cpus.c): CPU 0 unmaps a page, the others are in ring 3
   and come into the kernel. A step is one memory access, or one locked instruction. Stores need no buffer: each that another CPU looks for
   stands before a locked instruction. See spec/interleavings.md. */

/* What a CPU may do wrong. -DVARIANT=NAME when spin is called */
#ifndef VARIANT
#define VARIANT RIGHT
#endif
#define RIGHT         0
#define NO_GENERATION 1
#define NO_WAIT       2
#define LATE_USER     3
#define LATE_KERNEL   4
#define LOOK_FIRST    5
#define NO_SKIP       6
#define WAKE_FIRST    7
#define NO_CALL       8
#define LATE_CLEAR    9

#define CPUS    3
#define TOUCHES 2

#define KERNEL 0
#define USER   1

byte next = 1, turn; /* CPU 1 has the lock */
byte sleepers, ticket[CPUS], state[CPUS];
bool sleeps[CPUS];
bool listens[CPUS], nmi[CPUS]; /* an NMI now ends the sleep */
bool kicked[CPUS];
byte generation, known[CPUS];
bool mapped = true, tlb[CPUS];
bool unmapped; /* the page is another's from here on */
bool stopper_sleeps, stopper_called;
byte ended;

inline send_nmi(to)
{
    atomic {
        if
        :: listens[to] -> nmi[to] = true
        :: else
        fi
    }
}

/* nmi_wait: an NMI between the look and hlt goes past hlt. */
inline sleep_unless(self, is_over)
{
#if VARIANT == NO_SKIP
    if
    :: is_over
    :: else ->
       listens[self] = true;
#else
    atomic { listens[self] = true; nmi[self] = false };
    if
    :: is_over
    :: else ->
#endif
       nmi[self]
    fi;
    atomic { listens[self] = false; nmi[self] = false }
}

inline take(self)
{
#if VARIANT != LATE_KERNEL
    state[self] = KERNEL;
#endif
    atomic { own = next; next++ };
    if
    :: turn == own
    :: else ->
#if VARIANT != NO_CALL
       if
       :: stopper_sleeps -> stopper_called = true; send_nmi(0)
       :: else
       fi;
#endif
       do
       :: turn == own -> break
       :: else ->
          ticket[self] = own;
          sleeps[self] = true;
#if VARIANT == LOOK_FIRST
          if
          :: turn == own -> sleepers++
          :: else -> sleepers++; sleep_unless(self, false)
          fi;
#else
          sleepers++;
          sleep_unless(self, turn == own);
#endif
          sleepers--;
          sleeps[self] = false
       od
    fi;
    state[self] = KERNEL;
    atomic {
        if
        :: known[self] != generation -> known[self] = generation; tlb[self] = false
        :: else
        fi
    }
}

inline wake()
{
    if
    :: sleepers > 0 ->
       called = turn;
       for (other : 0 .. CPUS - 1) {
           if
           :: sleeps[other] && ticket[other] == called -> send_nmi(other)
           :: else
           fi
       }
       other = 0; called = 0
    :: else
    fi
}

inline give(self, next_state)
{
#if VARIANT != LATE_USER
    state[self] = next_state;
#endif
#if VARIANT == WAKE_FIRST
    if
    :: sleepers > 0 -> turn++; wake()
    :: else -> turn++
    fi;
#else
    turn++;
    wake();
#endif
#if VARIANT == LATE_USER
    state[self] = next_state;
#endif
    own = 0
}

/* cpus_stop_others, then the page is taken away. */
active proctype unmapper()
{
    byte own, other, called, i;

    take(0);
#if VARIANT != NO_GENERATION
    atomic { generation++; known[0] = generation };
#endif
    for (i : 1 .. CPUS - 1) {
        if
        :: state[i] == USER -> kicked[i] = true
        :: else
        fi
    }
#if VARIANT != NO_WAIT
    for (i : 1 .. CPUS - 1) {
        do
        :: state[i] != USER -> break
        :: else ->
#if VARIANT != LATE_CLEAR
           stopper_called = false;
#endif
           stopper_sleeps = true;
           if
           :: state[i] == USER ->
#if VARIANT == LATE_CLEAR
              stopper_called = false;
#endif
              sleep_unless(0, stopper_called)
           :: else
           fi;
           stopper_sleeps = false
        od
    }
#endif
    mapped = false;
    unmapped = true;
    give(0, USER);
    ended++
}

/* CPU 1 is on its way out and uses the page; CPU 2 comes in, so that there is a queue for the lock. */
proctype other_cpu(byte self)
{
    byte own, other, called, entries, touches;

    if
    :: self == 1 -> give(self, USER)
    :: else -> touches = TOUCHES
    fi;
    do
    :: touches < TOUCHES && mapped -> touches++; tlb[self] = true
    :: touches < TOUCHES && tlb[self] -> touches++; assert(!unmapped) /* the store lands */
    :: entries == 0 && self == 2 -> entries++; take(self); give(self, USER)
    :: kicked[self] -> kicked[self] = false; take(self); give(self, USER)
    :: (entries > 0 || self == 1) && !kicked[self] && unmapped -> break
    od;
    ended++
}

init {
    atomic {
        state[0] = USER; state[2] = USER;
        run other_cpu(1); run other_cpu(2)
    }
}

/* Nobody can do anything any more: then everyone has come to his end. */
active proctype watch()
{
    timeout -> assert(ended == CPUS)
}
