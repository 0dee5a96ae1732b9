/* SPDX-License-Identifier: BSD-2-Clause */
/* Base64 from text that others wrote: for each sequence of bytes one text, and no other is taken. */
#ifndef LIB_BASE64_H
#define LIB_BASE64_H
#include <stdbool.h>
#include <stdint.h>

#include "spec/base64.acsl"

/* Characters that stand for so many bytes, with padding. */
#define BASE64_SIZE(count) (((count) + 2) / 3 * 4)

/* Is the text exactly that many bytes in base64? Only then they are in out; else what is there has no meaning. */
/*@ requires size: count <= 4096;
    requires readable: \valid_read(text + (0 .. Base64Size(count) - 1));
    requires room: \valid(out + (0 .. count - 1));
    requires apart: \separated(out + (0 .. count - 1), text + (0 .. Base64Size(count) - 1));
    terminates \true; exits \false; assigns out[0 .. count - 1];
    ensures exact: \result <==> Base64Good{Pre}(text, count);
    ensures bytes: \result ==> \forall integer i; 0 <= i < count ==> out[i] == Base64Byte{Pre}(text, i); */
bool base64_decode(uint8_t *out, uint32_t count, const uint8_t *text);

#endif
