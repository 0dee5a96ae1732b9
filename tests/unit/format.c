/* SPDX-License-Identifier: BSD-2-Clause */
/* links: lib/format.c */
/* Every conversion agrees with the C library's snprintf, and nothing is written beyond the size given. */
#include "lib/format.h"

#include <limits.h>
#include <string.h>

#include "check.h"

static char ours[512], theirs[512];

#define SAME(...)                                                                                                      \
    do {                                                                                                               \
        size_t used = format_string(ours, sizeof(ours), __VA_ARGS__);                                                  \
        int want = snprintf(theirs, sizeof(theirs), __VA_ARGS__);                                                      \
        CHECK_EQ(used, want);                                                                                          \
        if (!CHECK(strcmp(ours, theirs) == 0))                                                                         \
            printf("    ours \"%s\" theirs \"%s\"\n", ours, theirs);                                                   \
    } while (0)

static void check_conversions(void)
{
    SAME("plain");
    SAME("100%%");
    SAME("%s|%8s|%c", "text", "right", 'x');
    SAME("%.*s|%.*s", 3, "abcdef", 0, "gone");
    SAME("%d %d %d", 0, INT_MIN, INT_MAX);
    SAME("%5d|%05d|%05d|%1d", 42, 42, -42, 12345);
    SAME("%6d|%06d", -17, -17);
    SAME("%u %u", 0u, UINT_MAX);
    SAME("%x %08x %3x", 0xbeefu, 0xbeefu, 0xbeefu);
    SAME("%ld %lu %lx", LONG_MIN, ULONG_MAX, ULONG_MAX);
    SAME("%lld %llu %016llx", LLONG_MIN, ULLONG_MAX, 0xabcdefULL);
    SAME("%zu", (size_t)12345678901);
    SAME("%20lu|%020lu", 1UL, 1UL);
}

static void check_bounds(void)
{
    char small[8];

    memset(small, '#', sizeof(small));
    CHECK_EQ(format_string(small, 5, "%s", "longer than that"), 4);
    CHECK(memcmp(small, "long\0###", 8) == 0);
    CHECK_EQ(format_string(small, 5, "%08x", 1u), 4);
    CHECK(memcmp(small, "0000\0###", 8) == 0);
    CHECK_EQ(format_string(small, 1, "%d", 7), 0);
    CHECK(memcmp(small, "\0000", 2) == 0);
    memset(small, '#', sizeof(small));
    CHECK_EQ(format_string(small, 0, "%d", 7), 0);
    CHECK_EQ(small[0], '#');
    /* %.*s never looks behind its precision, so the text needs no NUL. */
    memcpy(small, "abc", 3);
    CHECK_EQ(format_string(ours, sizeof(ours), "%.*s", 3, small), 3);
}

int main(void)
{
    check_conversions();
    check_bounds();
    return check_done();
}
