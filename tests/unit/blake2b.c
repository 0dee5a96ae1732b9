/* SPDX-License-Identifier: BSD-2-Clause */
/* links: lib/blake2b.c */
/* BLAKE2b-512 against RFC 7693's vector, and against one digest over the digests of all short lengths. */
#include "lib/blake2b.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"

enum { LENGTHS = 1026 };

static void check_text(const char *text, const char *wanted)
{
    uint8_t digest[BLAKE2B_DIGEST];
    char hex[2 * BLAKE2B_DIGEST + 1];

    blake2b_512(digest, (const uint8_t *)text, strlen(text));
    for (unsigned i = 0; i < BLAKE2B_DIGEST; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    CHECK(strcmp(hex, wanted) == 0);
}

/* The bytes from the heap, exactly so many, so that the sanitizer sees a read behind them. */
static void digest_of_length(uint8_t digest[BLAKE2B_DIGEST], unsigned length)
{
    uint8_t *data = malloc(length ? length : 1);

    for (unsigned i = 0; i < length; i++)
        data[i] = (uint8_t)(i * 7 + length);
    blake2b_512(digest, data, length);
    free(data);
}

int main(void)
{
    /* hashlib.blake2b(b"".join(blake2b(bytes((i * 7 + n) % 256 for i in range(n))).digest() for n in range(1026))) */
    static const uint8_t all[8] = { 0xad, 0xa5, 0x1a, 0x65, 0x6c, 0xb3, 0xb2, 0xc8 };
    static uint8_t digests[LENGTHS][BLAKE2B_DIGEST];
    uint8_t digest[BLAKE2B_DIGEST];

    /* RFC 7693, appendix A. */
    check_text("abc", "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
                      "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
    check_text("", "786a02f742015903c6c6fd852552d272912f4740e15847618a86e217f71f5419"
                   "d25e1031afee585313896444934eb04b903a685b1448b755d56f701afe9be2ce");
    for (unsigned n = 0; n < LENGTHS; n++)
        digest_of_length(digests[n], n);
    blake2b_512(digest, digests[0], sizeof(digests));
    CHECK(memcmp(digest, all, sizeof(all)) == 0);
    return check_done();
}
