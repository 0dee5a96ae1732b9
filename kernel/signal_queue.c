/* SPDX-License-Identifier: BSD-2-Clause */
#include <linux/signal.h>

#include "kernel/signal_queue.h"

/* Signals that the thread raised by what it executed: their handlers are to find the thread where it was. */
#define FAULTS                                                                                                         \
    (1ULL << (SIGSEGV - 1) | 1ULL << (SIGBUS - 1) | 1ULL << (SIGILL - 1) | 1ULL << (SIGTRAP - 1) |                     \
     1ULL << (SIGFPE - 1) | 1ULL << (SIGSYS - 1))

static struct {
    struct signal_info info;
    uint16_t next;
} entry[SIGNAL_ENTRIES_MAX + 1]; /* number 0 is none */

/* Entries that were given back, linked; and how many were ever in use. */
static uint16_t first_free, used;

static uint16_t take_entry(void)
{
    uint16_t e = first_free;

    if (e != 0)
        first_free = entry[e].next;
    else if (used < SIGNAL_ENTRIES_MAX)
        e = ++used;
    return e;
}

static void append(struct signal_set *set, uint16_t e)
{
    entry[e].next = 0;
    if (set->first == 0)
        set->first = e;
    else
        entry[set->last].next = e;
    set->last = e;
}

/* Takes the entry behind `before` (0: the first) out of the set. */
static void unlink_entry(struct signal_set *set, uint16_t before, uint16_t e)
{
    if (before == 0)
        set->first = entry[e].next;
    else
        entry[before].next = entry[e].next;
    if (set->last == e)
        set->last = before;
    entry[e].next = first_free;
    first_free = e;
}

bool signal_set_add(struct signal_set *set, const struct signal_info *info)
{
    uint32_t signal = (uint32_t)info->signal;
    uint16_t e;

    if (signal < SIGNAL_REAL_TIME && (set->bits & signal_bit(signal)))
        return true;
    e = take_entry();
    if (e == 0 && signal >= SIGNAL_REAL_TIME && info->code != SI_USER)
        return false;
    set->bits |= signal_bit(signal);
    if (e != 0) {
        entry[e].info = *info;
        append(set, e);
    }
    return true;
}

/* The first entry of the signal from e on, or 0; before: the one in front of it, if that is not 0. */
static uint16_t find(uint16_t e, uint32_t signal, uint16_t *before)
{
    for (; e != 0 && (uint32_t)entry[e].info.signal != signal; e = entry[e].next)
        *before = e;
    return e;
}

/* Takes the first entry of the signal out and says whether another one is left; without an entry nothing is known but the number. */
static bool take_first(struct signal_set *set, uint32_t signal, struct signal_info *info)
{
    uint16_t before = 0, e = find(set->first, signal, &before), rest = entry[e].next;

    *info = e != 0 ? entry[e].info : (struct signal_info){ .signal = (int32_t)signal, .code = SI_USER };
    if (e != 0)
        unlink_entry(set, before, e);
    return e != 0 && find(rest, signal, &before) != 0;
}

bool signal_set_take(struct signal_set *set, uint64_t signals, struct signal_info *info)
{
    uint64_t ready = set->bits & signals;
    uint32_t signal;

    if (ready == 0)
        return false;
    signal = (uint32_t)__builtin_ctzll(ready & FAULTS ? ready & FAULTS : ready) + 1;
    if (!take_first(set, signal, info))
        set->bits &= ~signal_bit(signal);
    return true;
}

void signal_set_drop(struct signal_set *set, uint64_t signals)
{
    uint16_t before = 0, next;

    for (uint16_t e = set->first; e != 0; e = next) {
        next = entry[e].next;
        if (signals & signal_bit((uint32_t)entry[e].info.signal))
            unlink_entry(set, before, e);
        else
            before = e;
    }
    set->bits &= ~signals;
}
