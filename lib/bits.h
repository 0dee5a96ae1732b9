/* SPDX-License-Identifier: BSD-2-Clause */
/* Single bits of 64-bit words. */
#ifndef LIB_BITS_H
#define LIB_BITS_H
#include <stdbool.h>
#include <stdint.h>

#include "spec/bits.acsl"

#define BITS_TOP 0x8000000000000000ULL

/*@ requires bit: bit < 64;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> Bit(word, bit); */
static inline bool bit_is_set(uint64_t word, uint32_t bit)
{
    return ((word >> bit) & 1) == 1;
}

/* The word with that bit set. */
/*@ requires bit: bit < 64;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \forall integer k; 0 <= k < 64 ==> (Bit(\result, k) <==> Bit(word, k) || k == bit); */
static inline uint64_t bit_set(uint64_t word, uint32_t bit)
{
    return word | (BITS_TOP >> (63 - bit));
}

/* The word without that bit. */
/*@ requires bit: bit < 64;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \forall integer k; 0 <= k < 64 ==> (Bit(\result, k) <==> Bit(word, k) && k != bit); */
static inline uint64_t bit_clear(uint64_t word, uint32_t bit)
{
    return word & ~(BITS_TOP >> (63 - bit));
}

#endif
