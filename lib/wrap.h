/* SPDX-License-Identifier: BSD-2-Clause */
/* Arithmetic on free-running 32-bit ring indices. The remainders say what is meant; compilers drop them. */
#ifndef LIB_WRAP_H
#define LIB_WRAP_H
#include <stdint.h>

#define WRAP_MODULUS 0x100000000ULL

#include "spec/wrap.acsl"

/* The index count steps on. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures sum: \result == WrapAdd(from, count); */
static inline uint32_t wrap_add(uint32_t from, uint32_t count)
{
    return (uint32_t)(((uint64_t)from + count) % WRAP_MODULUS);
}

/* How many steps it is from one index to another. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures difference: \result == WrapSub(to, from);
    ensures plain: to >= from ==> \result == to - from;
    ensures wrapped: to < from ==> \result == to + WRAP_MODULUS - from;
    ensures inverse: WrapAdd(from, \result) == to; */
static inline uint32_t wrap_sub(uint32_t to, uint32_t from)
{
    return (uint32_t)(((uint64_t)to + WRAP_MODULUS - from) % WRAP_MODULUS);
}

#endif
