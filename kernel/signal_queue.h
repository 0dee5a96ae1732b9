/* SPDX-License-Identifier: BSD-2-Clause */
/* Signals that wait to be taken: a set for each thread and one for the process, with what is told about each. spec/signal.md. */
#ifndef KERNEL_SIGNAL_QUEUE_H
#define KERNEL_SIGNAL_QUEUE_H
#include <stdbool.h>
#include <stdint.h>

#include "lib/bits.h"
#include "lib/state.h"

#define SIGNAL_COUNT       64u
#define SIGNAL_REAL_TIME   32u  /* from this one on each that is sent is kept; of the others only the first */
#define SIGNAL_ENTRIES_MAX 256u /* for all sets together */

/* The part of siginfo_t that is not padding, as Linux's kernel_siginfo has it. */
struct signal_info {
    int32_t signal, error, code, unused;
    uint64_t field[4]; /* as the code says: sender and value, or address */
};

/* Signal s is in the set when bit s - 1 is; entries are in the order they came, and a signal may have none. */
struct signal_set {
    uint64_t bits;
    uint16_t first, last; /* of its entries; 0: none */
};

#include "spec/signal_queue.acsl"

/*@ requires number: 1 <= signal <= SIGNAL_COUNT;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == SignalBit(signal); */
static inline uint64_t signal_bit(uint32_t signal)
{
    return BITS_TOP >> (SIGNAL_COUNT - signal);
}

/* Adds info->signal, 1 to SIGNAL_COUNT. False: all entries are in use, and the signal was to be kept with what is told about it;
   a lesser one goes in without. */
/*@ requires valid: \valid(set) && \valid_read(info) && SignalInfo(info);
    terminates \true; exits \false; assigns *set, ghost_kernel;
    ensures full: !\result ==> info->signal >= SIGNAL_REAL_TIME && *set == \old(*set);
    ensures added: \result ==> set->bits == (\old(set->bits) | SignalBit(info->signal)); */
bool signal_set_add(struct signal_set *set, const struct signal_info *info);

/* Takes the oldest entry of one of these signals out: of a fault's first, then of the lowest. False when there is none. */
/*@ requires valid: \valid(set) && \valid(info) && \separated(set, info);
    terminates \true; exits \false; assigns *set, *info, ghost_kernel;
    ensures none: \result <==> (\old(set->bits) & signals) != 0;
    ensures kept: !\result ==> *set == \old(*set) && *info == \old(*info);
    ensures taken: \result ==> SignalInfo(info) && (\old(set->bits) & SignalBit(info->signal)) != 0 && (signals & SignalBit(info->signal)) != 0;
    ensures bits: \result ==> set->bits == \old(set->bits) || set->bits == (\old(set->bits) & (uint64_t)~SignalBit(info->signal)); */
bool signal_set_take(struct signal_set *set, uint64_t signals, struct signal_info *info);

/* Forgets these signals. */
/*@ requires valid: \valid(set);
    terminates \true; exits \false; assigns *set, ghost_kernel;
    ensures bits: set->bits == (\old(set->bits) & (uint64_t)~signals); */
void signal_set_drop(struct signal_set *set, uint64_t signals);

#endif
