/* SPDX-License-Identifier: BSD-2-Clause */
/* BLAKE2b-512 (RFC 7693) without a key, of bytes that lie in memory as a whole. */
#ifndef LIB_BLAKE2B_H
#define LIB_BLAKE2B_H
#include <stdint.h>

#include "spec/blake2b.acsl"

#define BLAKE2B_DIGEST 64u

/* The digest of size bytes of data. */
/*@ requires readable: \valid_read(data + (0 .. size - 1)) && \valid(digest + (0 .. 63));
    requires size: size <= 0x7fffffffffffff00;
    requires apart: \separated(digest + (0 .. 63), data + (0 .. size - 1));
    terminates \true; exits \false; assigns digest[0 .. 63];
    ensures digest: Digest(data, size, digest); */
void blake2b_512(uint8_t digest[BLAKE2B_DIGEST], const uint8_t *data, uint64_t size);

#endif
