/* SPDX-License-Identifier: BSD-2-Clause */
/* links: lib/decimal.c */
/* Numbers as a peer may write them (threat 22), against the host's strtoull. */
#include "lib/decimal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "lies.h"

enum { UNTOUCHED = 12345 };

/* The text from the heap, without a NUL, so that the sanitizer sees a read behind it. */
static bool parse(const char *text, uint32_t length, uint64_t max, uint64_t *value)
{
    char *copy = malloc(length ? length : 1);
    bool taken;

    memcpy(copy, text, length);
    taken = decimal_parse(copy, length, max, value);
    free(copy);
    return taken;
}

static void check_taken(void)
{
    static const struct {
        const char *text;
        uint64_t max, value;
    } good[] = {
        { "0", 0, 0 },
        { "0", UINT64_MAX, 0 },
        { "7", 7, 7 },
        { "10", 10, 10 },
        { "51712", UINT32_MAX, 51712 },
        { "4294967295", UINT32_MAX, UINT32_MAX },
        { "18446744073709551615", UINT64_MAX, UINT64_MAX },
    };

    for (unsigned i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        uint64_t value = UNTOUCHED;

        CHECK(parse(good[i].text, (uint32_t)strlen(good[i].text), good[i].max, &value));
        CHECK_EQ(value, good[i].value);
    }
}

static void check_refused(void)
{
    static const struct {
        const char *text;
        uint32_t length;
        uint64_t max;
    } bad[] = {
        { "", 0, UINT64_MAX },
        { "00", 2, UINT64_MAX },
        { "07", 2, UINT64_MAX },
        { "-1", 2, UINT64_MAX },
        { "+1", 2, UINT64_MAX },
        { " 1", 2, UINT64_MAX },
        { "1 ", 2, UINT64_MAX },
        { "1\n", 2, UINT64_MAX },
        { "1\0", 2, UINT64_MAX },
        { "\0", 1, UINT64_MAX },
        { "1,000", 5, UINT64_MAX },
        { "0x10", 4, UINT64_MAX },
        { "1e3", 3, UINT64_MAX },
        { "/", 1, UINT64_MAX },
        { ":", 1, UINT64_MAX },
        { "\xb2", 1, UINT64_MAX },
        { "1", 1, 0 },
        { "8", 1, 7 },
        { "30", 2, 8 },
        { "4294967296", 10, UINT32_MAX },
        { "99999999999", 11, UINT32_MAX },
        { "18446744073709551616", 20, UINT64_MAX },
        { "18446744073709551617", 20, UINT64_MAX },
        { "99999999999999999999", 20, UINT64_MAX },
        { "184467440737095516150", 21, UINT64_MAX },
        { "340282366920938463463374607431768211456", 39, UINT64_MAX },
        { "340282366920938463463374607431768211457x", 40, UINT64_MAX },
    };

    for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        uint64_t value = UNTOUCHED;

        if (!CHECK(!parse(bad[i].text, bad[i].length, bad[i].max, &value)))
            printf("    case %u: %s\n", i, bad[i].text);
        CHECK_EQ(value, UNTOUCHED);
    }
}

/* What strtoull reads, and prints as the same text, is a number; nothing else is. */
static bool is_number(const char *text, uint64_t max, uint64_t *value)
{
    char again[32];

    errno = 0;
    *value = strtoull(text, NULL, 10);
    snprintf(again, sizeof(again), "%" PRIu64, *value);
    return errno == 0 && strcmp(text, again) == 0 && *value <= max;
}

static void check_random(void)
{
    static const char alphabet[] = "0123456789012345678901234567890123456789 +-x";

    for (uint64_t i = lies_count(1000000); i > 0; i--) {
        char text[24];
        uint32_t length = lies_next() % 22;
        uint64_t max = lies_next() >> (lies_next() % 64), truth, value = UNTOUCHED;
        bool taken;

        for (uint32_t k = 0; k < length; k++)
            text[k] = alphabet[lies_next() % (lies_next() % 8 ? 40 : sizeof(alphabet) - 1)];
        text[length] = 0;
        if (lies_next() % 4 == 0)
            length = (uint32_t)snprintf(text, sizeof(text), "%" PRIu64, max + lies_next() % 3 - 1);
        taken = decimal_parse(text, length, max, &value);
        if (!CHECK_EQ(taken, is_number(text, max, &truth)) || !CHECK_EQ(value, taken ? truth : UNTOUCHED)) {
            printf("    %s, at most %" PRIu64 "\n", text, max);
            break;
        }
    }
}

int main(void)
{
    check_taken();
    check_refused();
    check_random();
    return check_done();
}
