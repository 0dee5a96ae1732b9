/* SPDX-License-Identifier: BSD-2-Clause */
/* The paravirtual clock of Xen and KVM (public/xen.h struct vcpu_time_info; same layout, same protocol). No CPU code here. */
#ifndef XEN_PVCLOCK_H
#define XEN_PVCLOCK_H
#include <stdbool.h>
#include <stdint.h>

#include <xen/xen.h>

/* A version that stays odd, or changes for ever, is given up after so many tries (threat 28). */
#define PVCLOCK_TRIES 16u

/* One consistent copy of the peer's words. tsc_to_ns_mul is never 0 in a copy that was accepted. */
struct pvclock_sample {
    uint64_t tsc, ns;
    uint32_t tsc_to_ns_mul;
    int8_t tsc_shift;
};

/* floor(x * mul / 2^32) after x is shifted left by shift (right when negative; -31..31); bits beyond 64 are lost. */
uint64_t pvclock_scale(uint64_t x, uint32_t mul, int8_t shift);

/* Takes one consistent and plausible copy into *out; false (and *out as it was) when there is none within the tries. */
bool pvclock_take(const struct vcpu_time_info *shared, struct pvclock_sample *out);

/* Nanoseconds at that TSC value, modulo 2^64; a TSC before the sample counts as the sample's. */
uint64_t pvclock_read(const struct pvclock_sample *sample, uint64_t tsc);

/* Seconds and nanoseconds since 1970 at Xen's time zero, as nanoseconds; false when the version never settles. */
bool pvclock_take_wall(const struct shared_info *shared, uint64_t *wall_ns);

#endif
