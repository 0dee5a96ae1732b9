/* SPDX-License-Identifier: BSD-2-Clause */
/* What is used of HACL*, and what HACL*'s Ed25519 uses of its SHA-512. */
#ifndef LIB_HACL_HACL_H
#define LIB_HACL_HACL_H
#include <stdbool.h>
#include <stdint.h>

#include "lib/ed25519.h"

/* HACL*'s own, proved by its authors: trusted here. It changes nothing, though its parameters do not say so. */
/*@ requires readable: \valid_read(public_key + (0 .. 31)) && \valid_read(signature + (0 .. 63));
    requires message: msg_len == 0 || \valid_read(msg + (0 .. msg_len - 1));
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> Signed(public_key, msg, msg_len, signature); */
bool Hacl_Ed25519_verify(uint8_t *public_key, uint32_t msg_len, uint8_t *msg, uint8_t *signature);

/* SHA-512 of a head of fewer than 128 bytes and the rest behind it. */
void hacl_sha512(uint8_t digest[64], const uint8_t *head, uint32_t head_size, const uint8_t *rest, uint32_t size);

#endif
