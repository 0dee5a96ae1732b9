/* SPDX-License-Identifier: BSD-2-Clause */
#include "lib/ed25519.h"

#include "lib/hacl/hacl.h"

/* The bit behind y: the sign of x. */
#define SIGN 0x8000000000000000

/*@ requires readable: \valid_read(point + (0 .. 31));
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> PointY(point, a, b, c, d); */
static bool has_y(const uint8_t *point, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
    return read_le64(point, ED25519_KEY, 0) == a && read_le64(point, ED25519_KEY, 8) == b &&
           read_le64(point, ED25519_KEY, 16) == c && read_le64(point, ED25519_KEY, 24) % SIGN == d;
}

/* HACL* refuses every other spelling of these. */
/*@ requires readable: \valid_read(point + (0 .. 31));
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> SmallOrder(point); */
static bool has_small_order(const uint8_t *point)
{
    return has_y(point, 0, 0, 0, 0) || has_y(point, 1, 0, 0, 0) ||
           has_y(point, 0xffffffffffffffec, 0xffffffffffffffff, 0xffffffffffffffff, 0x7fffffffffffffff) ||
           has_y(point, 0xb027b2c28f95e826, 0xf098eff289f4c345, 0x3933c6d305acdfd5, 0x05fc536d880238b1) ||
           has_y(point, 0x4fd84d3d706a17c7, 0x0f67100d760b3cba, 0xc6cc392cfa53202a, 0x7a03ac9277fdc74e);
}

bool ed25519_verify(const uint8_t key[ED25519_KEY], const uint8_t *message, uint64_t size,
                    const uint8_t signature[ED25519_SIGNATURE])
{
    return size <= UINT32_MAX && !has_small_order(key) && !has_small_order(signature) &&
           Hacl_Ed25519_verify((uint8_t *)key, (uint32_t)size, (uint8_t *)message, (uint8_t *)signature);
}
