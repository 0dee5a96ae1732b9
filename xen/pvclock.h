/* SPDX-License-Identifier: BSD-2-Clause */
/* The paravirtual clock of Xen and KVM (public/xen.h struct vcpu_time_info; same layout, same protocol). No CPU code here. */
#ifndef XEN_PVCLOCK_H
#define XEN_PVCLOCK_H
#include <stdbool.h>
#include <stdint.h>

#include <xen/xen.h>

#include "lib/shm.h"
#include "spec/pvclock.acsl"

/* A version that stays odd, or changes for ever, is given up after so many tries (threat 28). */
#define PVCLOCK_TRIES 16u

/* One consistent copy of the peer's words. tsc_to_ns_mul is never 0 in a copy that was accepted. */
struct pvclock_sample {
    uint64_t tsc, ns;
    uint32_t tsc_to_ns_mul;
    int8_t tsc_shift;
};

/* floor(x * mul / 2^32) after x is shifted left by shift (right when negative; -31..31); bits beyond 64 are lost. */
/*@ requires shift: -31 <= shift <= 31;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == PvScaled(x, mul, shift); */
uint64_t pvclock_scale(uint64_t x, uint32_t mul, int8_t shift);

/* Takes one consistent and plausible copy into *out; false (and *out as it was) when there is none within the tries. */
bool pvclock_take(const struct vcpu_time_info *shared, struct pvclock_sample *out);

/* Nanoseconds at that TSC value, modulo 2^64; a TSC before the sample counts as the sample's. */
/*@ requires valid: \valid_read(sample) && -31 <= sample->tsc_shift <= 31;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == (uint64_t)(sample->ns
      + PvScaled(PvPassed(tsc, sample->tsc), sample->tsc_to_ns_mul, sample->tsc_shift)); */
uint64_t pvclock_read(const struct pvclock_sample *sample, uint64_t tsc);

/* Seconds and nanoseconds since 1970 at Xen's time zero, as nanoseconds; false when the version never settles. */
/*@ requires valid: \valid_read(shared) && \valid(wall_ns) && \separated(wall_ns, shared, &ghost_now);
    terminates \true; exits \false; assigns ghost_now, *wall_ns;
    ensures bounded: ghost_now <= \old(ghost_now) + 7 * PVCLOCK_TRIES;
    ensures read: \result ==> WallRead(ghost_now - 7, shared) && *wall_ns == WallTime(ghost_now - 7);
    ensures refused: !\result ==> *wall_ns == \old(*wall_ns) && ghost_now >= \old(ghost_now) + 6 * PVCLOCK_TRIES; */
bool pvclock_take_wall(const struct shared_info *shared, uint64_t *wall_ns);

#endif
