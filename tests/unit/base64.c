/* SPDX-License-Identifier: BSD-2-Clause */
/* links: lib/base64.c */
/* RFC 4648's vectors, all lengths against an encoder of the test's own, and that no other text of the same bytes is taken. */
#include "lib/base64.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "lies.h"

enum { LONGEST = 100 };

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void encode(char *text, const uint8_t *bytes, uint32_t count)
{
    for (uint32_t i = 0; i < count; i += 3) {
        uint32_t left = count - i, word = (uint32_t)bytes[i] << 16;

        word |= left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0;
        word |= left > 2 ? bytes[i + 2] : 0;
        *text++ = digits[word >> 18];
        *text++ = digits[word >> 12 & 63];
        *text++ = left > 1 ? digits[word >> 6 & 63] : '=';
        *text++ = left > 2 ? digits[word & 63] : '=';
    }
    *text = 0;
}

/* From the heap, without a NUL, so that the sanitizer sees a read or a write behind the end. */
static bool decode(uint8_t *bytes, uint32_t count, const char *text)
{
    uint32_t size = BASE64_SIZE(count);
    uint8_t *source = malloc(size ? size : 1), *out = malloc(count ? count : 1);
    bool taken;

    memcpy(source, text, size);
    taken = base64_decode(out, count, source);
    memcpy(bytes, out, count);
    free(source);
    free(out);
    return taken;
}

static void check_vectors(void)
{
    static const char *const vector[] = { "", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy" };
    uint8_t bytes[8];

    for (uint32_t i = 0; i < sizeof(vector) / sizeof(vector[0]); i++) {
        CHECK(decode(bytes, i, vector[i]));
        CHECK(memcmp(bytes, "foobar", i) == 0);
    }
}

static void check_refused(void)
{
    static const struct {
        uint32_t count;
        const char *text;
    } bad[] = { { 1, "Zh==" }, { 1, "Zg=A" }, { 1, "Z===" },  { 1, "Zm8=" }, { 2, "Zm9=" }, { 2, "Zg==" },
                { 2, "Zm9v" }, { 3, "Zm8=" }, { 3, "Zm9\n" }, { 3, "Zm-_" }, { 3, " Zm9" }, { 3, "Zm\x80v" } };
    uint8_t bytes[8];

    for (uint32_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (!CHECK(!decode(bytes, bad[i].count, bad[i].text)))
            printf("    case %u\n", i);
}

/* Every change of one character is refused or means other bytes. */
static void check_one_text(const uint8_t *bytes, uint32_t count, char *text)
{
    uint32_t at = lies_next() % BASE64_SIZE(count);
    char was = text[at];
    uint8_t again[LONGEST];

    for (unsigned c = 0; c < 256; c++) {
        text[at] = (char)c;
        if (text[at] != was)
            CHECK(!decode(again, count, text) || memcmp(again, bytes, count) != 0);
    }
    text[at] = was;
}

int main(void)
{
    check_vectors();
    check_refused();
    for (uint64_t i = lies_count(2000); i > 0; i--) {
        uint32_t count = 1 + lies_next() % (LONGEST - 1);
        uint8_t bytes[LONGEST], again[LONGEST];
        char text[BASE64_SIZE(LONGEST) + 1];

        for (uint32_t k = 0; k < count; k++)
            bytes[k] = (uint8_t)lies_next();
        encode(text, bytes, count);
        CHECK(decode(again, count, text));
        CHECK(memcmp(again, bytes, count) == 0);
        check_one_text(bytes, count, text);
    }
    return check_done();
}
