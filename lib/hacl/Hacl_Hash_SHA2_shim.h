/* SPDX-License-Identifier: BSD-2-Clause */
/* In the place of the header by which NSS gives Hacl_Ed25519.c its own SHA-512. */
#ifndef LIB_HACL_HACL_HASH_SHA2_SHIM_H
#define LIB_HACL_HACL_HASH_SHA2_SHIM_H
#include "lib/hacl/hacl.h"

static inline void sha512_pre_msg(uint8_t *hash, uint8_t *prefix, uint32_t len, uint8_t *input)
{
    hacl_sha512(hash, prefix, 32, input, len);
}

static inline void sha512_pre_pre2_msg(uint8_t *hash, uint8_t *prefix, uint8_t *prefix2, uint32_t len, uint8_t *input)
{
    uint8_t head[64];

    memcpy(head, prefix, 32);
    memcpy(head + 32, prefix2, 32);
    hacl_sha512(hash, head, sizeof(head), input, len);
}

static inline void Hacl_Streaming_SHA2_hash_512(uint8_t *secret, uint32_t len, uint8_t *expanded)
{
    hacl_sha512(expanded, secret, 0, secret, len);
}

#endif
