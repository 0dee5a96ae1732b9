/* SPDX-License-Identifier: BSD-2-Clause */
/* BLAKE2b-512 (RFC 7693) without a key, of bytes that lie in memory as a whole. */
#ifndef LIB_BLAKE2B_H
#define LIB_BLAKE2B_H
#include <stdint.h>

#define BLAKE2B_DIGEST 64u

/* The digest of size bytes of data. */
void blake2b_512(uint8_t digest[BLAKE2B_DIGEST], const uint8_t *data, uint64_t size);

#endif
