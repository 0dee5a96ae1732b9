/* SPDX-License-Identifier: BSD-2-Clause */
/* A clock from the TSC, whose rate is learned from PIT marks while time passes anyway. No CPU code here. spec/clock.md. */
#ifndef DRIVERS_TSC_H
#define DRIVERS_TSC_H
#include <stdbool.h>
#include <stdint.h>

#include "drivers/pit.h"
#include "xen/pvclock.h"

/* The first rate wants a baseline of at least 1 ms: 0.2 % at worst, and better with each reading after. */
#define TSC_FIRST_TICKS 1194u

struct tsc_clock {
    struct pvclock_sample rate; /* ns at a TSC value, and how they go on from there: clock_face_turn takes it */
    uint64_t zero_tsc;          /* the TSC when the clock was 0 */
    struct pit_mark anchor;     /* where the PIT counted 0 */
    uint64_t anchor_ns;         /* the clock there */
    uint32_t error_ppm;         /* bound of the rate's error */
    uint64_t next_tsc;          /* from here on the next mark is worth its port reads; UINT64_MAX: never */
};

/* Zero is at the anchor. The rate's multiplier is 0 before one is known. */
void tsc_clock_start(struct tsc_clock *clock, const struct pit_mark *anchor);

/* The PIT was started anew at that mark: what is known of rate and time stays. */
void tsc_clock_move_anchor(struct tsc_clock *clock, const struct pit_mark *anchor);

/* A known rate, of cycles TSC cycles in ns nanoseconds (both below 2^32): no more marks wanted. False when it is not
   plausible, between 1 MHz and 1 THz. */
bool tsc_clock_set_rate(struct tsc_clock *clock, uint64_t cycles, uint64_t ns);

/* The first rate, from a mark that has not wrapped; time before the anchor is counted with it too. False when it is not plausible. */
bool tsc_clock_learn_first(struct tsc_clock *clock, const struct pit_mark *mark);

/* A later mark betters rate and time if it can; false when it is ambiguous, and a new anchor is needed. */
bool tsc_clock_learn(struct tsc_clock *clock, const struct pit_mark *mark);

#endif
