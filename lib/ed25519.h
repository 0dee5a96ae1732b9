/* SPDX-License-Identifier: BSD-2-Clause */
/* Ed25519's check of a signature (RFC 8032): HACL*'s, and stricter than it. */
#ifndef LIB_ED25519_H
#define LIB_ED25519_H
#include <stdbool.h>
#include <stdint.h>

#include "lib/bytes.h"
#include "spec/ed25519.acsl"

#define ED25519_KEY       32u
#define ED25519_SIGNATURE 64u

/* Is this the key's signature of the message, of less than 4 GiB? A key or a signature's R of small order signs nothing. */
/*@ requires readable: \valid_read(key + (0 .. 31)) && \valid_read(signature + (0 .. 63));
    requires message: size == 0 || \valid_read(message + (0 .. size - 1));
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> size <= 0xffffffff && !SmallOrder(key) && !SmallOrder(signature)
      && Signed(key, message, size, signature); */
bool ed25519_verify(const uint8_t key[ED25519_KEY], const uint8_t *message, uint64_t size,
                    const uint8_t signature[ED25519_SIGNATURE]);

#endif
