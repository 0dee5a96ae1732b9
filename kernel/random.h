/* SPDX-License-Identifier: BSD-2-Clause */
/* Random bytes: ChaCha20 with fast key erasure (RFC 8439's block), keyed from RDSEED or RDRAND. */
#ifndef KERNEL_RANDOM_H
#define KERNEL_RANDOM_H
#include <stdint.h>

#include "lib/state.h"

/* Fills dst with n random bytes. The first call gathers the key; without a hardware source it says once that they are weak. */
/*@ requires valid: \valid(dst + (0 .. n - 1));
    terminates \true; exits \false; assigns dst[0 .. n - 1], ghost_kernel; */
void random_bytes(uint8_t *dst, uint64_t n);

/* 64 bits for canaries, AT_RANDOM and addresses: one hardware word mixed with the TSC, cheap enough for every boot. */
uint64_t random_seed64(void);

/* ChaCha20's block of that key and 64-bit counter, nonce 0, as words of the output stream. */
void random_block(const uint32_t key[8], uint64_t counter, uint32_t out[16]);

#endif
