/* SPDX-License-Identifier: BSD-2-Clause */
/* The clock's face: a kernel that turns it against readers in ring 3 on other CPUs (drivers/clock_face.c, kernel/vdso/calls.c). A
   step is one memory access or one RDTSC, in program order; the kernel's stores go through a first-in-first-out buffer (x86-TSO),
   which a fence or a locked instruction drains. See spec/interleavings.md. */

/* What the kernel or the reader may do wrong. -DVARIANT=NAME when spin is called */
#ifndef VARIANT
#define VARIANT RIGHT
#endif
#define RIGHT      0
#define NO_FLOOR   1
#define NO_ZERO    2
#define LATE_ZERO  3
#define NO_VERSION 4
#define NO_CHECK   5
#define PLAIN_ZERO 6
#define EARLY_TSC  7
#define EARLY_NEXT 8

#define TURNS    2
#define READINGS 2
#define TSC_END  3

/* Words of the application's copy. next: 0, or beyond all TSCs. Time at tsc is ns + tsc * mul, and floor at least. */
#define VERSION 0
#define NEXT    1
#define NS      2
#define MUL     3
#define FLOOR   4
#define WORDS   5

byte copy[WORDS], own[WORDS]; /* the application's, the kernel's own */
byte tsc, told;               /* the newest reading that ended */
bool locked;                  /* the kernel has one lock */
chan stores = [8] of { byte, byte };

#define SHOWN(ns, mul, floor, at) ((ns) + (mul) * (at) > (floor) -> (ns) + (mul) * (at) : (floor))

active proctype time_passes()
{
    do
    :: tsc < TSC_END -> tsc++
    :: tsc == TSC_END -> break
    od
}

active proctype store_buffer()
{
    byte word, value;
end:
    do
    :: atomic { stores ? word, value; copy[word] = value; word = 0; value = 0 }
    od
}

inline fence()
{
    empty(stores)
}

inline turn()
{
    byte now, ns, mul;

    atomic { !locked -> locked = true }
#if VARIANT == EARLY_TSC
    now = tsc;
#endif
#if VARIANT != NO_ZERO && VARIANT != LATE_ZERO
    stores ! NEXT, 0;
#if VARIANT != PLAIN_ZERO
    fence();
#endif
#endif
#if VARIANT != NO_VERSION
    stores ! VERSION, own[VERSION] + 1;
#endif
#if VARIANT == LATE_ZERO
    stores ! NEXT, 0;
#endif
#if VARIANT != EARLY_TSC
    now = tsc;
#endif
    select (ns : 0 .. 1);
    select (mul : 0 .. 1);
    atomic {
        own[VERSION] = own[VERSION] + 1;
#if VARIANT != NO_FLOOR
        own[FLOOR] = SHOWN(own[NS], own[MUL], own[FLOOR], now);
#endif
        own[NS] = ns;
        own[MUL] = mul;
        ns = 0; mul = 0; now = 0
    }
#if VARIANT == EARLY_NEXT
    stores ! NEXT, 1;
#endif
    stores ! NS, own[NS];
    stores ! MUL, own[MUL];
    stores ! FLOOR, own[FLOOR];
    stores ! NEXT, 1;
    fence();
    locked = false
}

active proctype kernel()
{
    byte turns;

    do
    :: turns < TURNS -> turns++; turn()
    :: turns == TURNS -> break
    od
}

/* By system call: under the lock, from the kernel's own face. */
inline ask_kernel()
{
    atomic { !locked -> now = tsc; value = SHOWN(own[NS], own[MUL], own[FLOOR], now) }
}

active proctype reader()
{
    byte readings, version, now, ns, mul, floor, before, value;
    bool known;

    do
    :: readings < READINGS ->
       readings++;
       before = told;
       version = copy[VERSION];
       now = tsc;
       known = copy[NEXT] != 0;
       if
       :: known ->
          ns = copy[NS];
          mul = copy[MUL];
          floor = copy[FLOOR];
#if VARIANT != NO_CHECK
          known = copy[VERSION] == version;
#endif
       :: else
       fi;
       if
       :: known -> value = SHOWN(ns, mul, floor, now)
       :: else -> ask_kernel()
       fi;
       atomic {
           assert(value >= before);
           told = (value > told -> value : told);
           version = 0; now = 0; ns = 0; mul = 0; floor = 0; before = 0; value = 0; known = false
       }
    :: readings == READINGS -> break
    od
}
