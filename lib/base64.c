/* SPDX-License-Identifier: BSD-2-Clause */
#include "lib/base64.h"

/* A digit's value; 64: it is none. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures value: \result == Base64Value(c) && \result <= 64; */
static uint32_t base64_value(uint8_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : 64;
}

/*@ requires size: count <= 4096;
    requires readable: \valid_read(text + (0 .. Base64Size(count) - 1));
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> Base64Good(text, count); */
static bool base64_is_good(const uint8_t *text, uint32_t count)
{
    uint32_t digits = (4 * count + 2) / 3, at = 0;

    /*@ loop invariant range: 0 <= at <= digits;
        loop invariant digits: \forall integer k; 0 <= k < at ==> Base64Value(text[k]) < 64;
        loop assigns at; loop variant digits - at; */
    for (; at < digits; at++)
        if (base64_value(text[at]) > 63)
            return false;
    /*@ loop invariant range: digits <= at <= Base64Size(count);
        loop invariant padding: \forall integer k; digits <= k < at ==> text[k] == '=';
        loop assigns at; loop variant Base64Size(count) - at; */
    for (; at < BASE64_SIZE(count); at++)
        if (text[at] != '=')
            return false;
    if (count % 3 == 1)
        return base64_value(text[digits - 1]) % 16 == 0;
    return count % 3 == 0 || base64_value(text[digits - 1]) % 4 == 0;
}

/*@ requires inside: i < count <= 4096 && Base64Good(text, count);
    requires readable: \valid_read(text + (0 .. Base64Size(count) - 1));
    terminates \true; exits \false; assigns \nothing;
    ensures value: \result == Base64Byte(text, i); */
static uint8_t base64_byte(const uint8_t *text, uint32_t count, uint32_t i)
{
    uint32_t at = i / 3 * 4 + i % 3, high = base64_value(text[at]), low = base64_value(text[at + 1]);

    (void)count;
    if (i % 3 == 0)
        return (uint8_t)(high * 4 + low / 16);
    if (i % 3 == 1)
        return (uint8_t)(high % 16 * 16 + low / 4);
    return (uint8_t)(high % 4 * 64 + low);
}

bool base64_decode(uint8_t *out, uint32_t count, const uint8_t *text)
{
    if (!base64_is_good(text, count))
        return false;
    /*@ loop invariant range: 0 <= i <= count;
        loop invariant good: Base64Good(text, count);
        loop invariant bytes: \forall integer k; 0 <= k < i ==> out[k] == Base64Byte{Pre}(text, k);
        loop assigns i, out[0 .. count - 1]; loop variant count - i; */
    for (uint32_t i = 0; i < count; i++)
        out[i] = base64_byte(text, count, i);
    return true;
}
