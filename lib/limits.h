/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers that stay within bounds: the smaller of two, and a sum that does not wrap. */
#ifndef LIB_LIMITS_H
#define LIB_LIMITS_H
#include <stdint.h>

/*@ terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == (a < b ? a : b); */
static inline uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* a + b, at most UINT64_MAX, which of moments and durations means for ever. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == (a + b > UINT64_MAX ? UINT64_MAX : a + b); */
static inline uint64_t sum_at_most(uint64_t a, uint64_t b)
{
    return b > UINT64_MAX - a ? UINT64_MAX : a + b;
}

#endif
