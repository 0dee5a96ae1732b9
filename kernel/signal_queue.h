/* SPDX-License-Identifier: BSD-2-Clause */
/* Signals that wait to be taken: a set for each thread and one for the process, with what is told about each. spec/signal.md. */
#ifndef KERNEL_SIGNAL_QUEUE_H
#define KERNEL_SIGNAL_QUEUE_H
#include <stdbool.h>
#include <stdint.h>

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

static inline uint64_t signal_bit(uint32_t signal)
{
    return 1ULL << (signal - 1);
}

/* Adds info->signal, 1 to SIGNAL_COUNT. False: all entries are in use, and the signal was to be kept with what is told about it;
   a lesser one goes in without. */
bool signal_set_add(struct signal_set *set, const struct signal_info *info);

/* Takes the oldest entry of one of these signals out: of a fault's first, then of the lowest. False when there is none. */
bool signal_set_take(struct signal_set *set, uint64_t signals, struct signal_info *info);

/* Forgets these signals. */
void signal_set_drop(struct signal_set *set, uint64_t signals);

#endif
