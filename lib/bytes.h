/* SPDX-License-Identifier: BSD-2-Clause */
/* Little-endian fields in untrusted bytes, at any alignment. */
#ifndef LIB_BYTES_H
#define LIB_BYTES_H
#include <stdint.h>

#include "spec/bytes.acsl"

/* Sums of shifts from one pointer: gcc and clang make one load of each (multiplications cost gcc 25 instructions). */

/* The 16-bit field at this offset. */
/*@ requires readable: \valid_read(bytes + (0 .. size - 1));
    requires inside: offset + 2 <= size;
    terminates \true; exits \false; assigns \nothing;
    ensures value: \result == Le16(bytes, offset); */
static inline uint16_t read_le16(const uint8_t *bytes, uint64_t size, uint64_t offset)
{
    const uint8_t *b = bytes + offset;

    (void)size;
    return (uint16_t)(b[0] + (b[1] << 8));
}

/* The 32-bit field at this offset. */
/*@ requires readable: \valid_read(bytes + (0 .. size - 1));
    requires inside: offset + 4 <= size;
    terminates \true; exits \false; assigns \nothing;
    ensures value: \result == Le32(bytes, offset); */
static inline uint32_t read_le32(const uint8_t *bytes, uint64_t size, uint64_t offset)
{
    const uint8_t *b = bytes + offset;

    (void)size;
    return b[0] + ((uint32_t)b[1] << 8) + ((uint32_t)b[2] << 16) + ((uint32_t)b[3] << 24);
}

/* The 64-bit field at this offset. */
/*@ requires readable: \valid_read(bytes + (0 .. size - 1));
    requires inside: offset + 8 <= size;
    terminates \true; exits \false; assigns \nothing;
    ensures value: \result == Le64(bytes, offset); */
static inline uint64_t read_le64(const uint8_t *bytes, uint64_t size, uint64_t offset)
{
    const uint8_t *b = bytes + offset;

    /*@ assert low: Le32(b, 0) == Le32(bytes, offset); */
    /*@ assert high: Le32(b, 4) == Le32(bytes, offset + 4); */
    return read_le32(b, size - offset, 0) + ((uint64_t)read_le32(b, size - offset, 4) << 32);
}

#endif
