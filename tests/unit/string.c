/* SPDX-License-Identifier: BSD-2-Clause */
/* links: lib/string.c */
/* Strings as ISO C compares them, by bytes without a sign; up to a length, which may end before they do. */
#include "lib/string.h"

#include <stdint.h>

#include "check.h"

/* So that the compiler does not answer itself. */
static size_t (*volatile length)(const char *) = strlen;
static int (*volatile compare)(const char *, const char *) = strcmp;
static int (*volatile compare_start)(const char *, const char *, size_t) = strncmp;
static char *(*volatile find)(const char *, int) = strchr;

/* The signs of comparing a with b, whole and up to n bytes. */
static const struct {
    const char *a, *b;
    size_t n;
    int whole, start;
} rows[] = {
    { "", "", 0, 0, 0 },       { "", "", 5, 0, 0 },           { "a", "", 0, 1, 0 },       { "a", "", 1, 1, 1 },
    { "abc", "abc", 3, 0, 0 }, { "abc", "abc", 99, 0, 0 },    { "abc", "abd", 2, -1, 0 }, { "abc", "abd", 3, -1, -1 },
    { "abc", "ab", 2, 1, 0 },  { "abc", "ab", 3, 1, 1 },      { "bbc", "abd", 1, 1, 1 },  { "\x80", "\x7f", 1, 1, 1 },
    { "\xff", "", 1, 1, 1 },   { "a\xff", "a\xfe", 2, 1, 1 }, { "a\x80", "az", 1, 1, 0 }, { "ab\0x", "ab\0y", 4, 0, 0 },
};

static int sign(int number)
{
    return (number > 0) - (number < 0);
}

static void check_rows(void)
{
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (!CHECK_EQ(sign(compare(rows[i].a, rows[i].b)), rows[i].whole) ||
            !CHECK_EQ(sign(compare(rows[i].b, rows[i].a)), -rows[i].whole) ||
            !CHECK_EQ(sign(compare_start(rows[i].a, rows[i].b, rows[i].n)), rows[i].start) ||
            !CHECK_EQ(sign(compare_start(rows[i].b, rows[i].a, rows[i].n)), -rows[i].start))
            printf("    row %u\n", i);
}

/* Bytes that are no string: what is behind n is not looked at. */
static void check_no_end(void)
{
    const char a[2] = { 'x', 'y' }, b[2] = { 'x', 'y' };

    CHECK_EQ(compare_start(a, b, 2), 0);
}

static void check_places(void)
{
    static const char text[] = "ab\x80"
                               "b";

    CHECK_EQ(length(""), 0);
    CHECK_EQ(length(text), 4);
    CHECK_EQ(length("a\0b"), 1);
    CHECK_EQ(find(text, 'b'), text + 1);
    CHECK_EQ(find(text, 0x80), text + 2);
    CHECK_EQ(find(text, '\0'), text + 4);
    CHECK(find(text, 'x') == NULL);
}

int main(void)
{
    check_rows();
    check_no_end();
    check_places();
    return check_done();
}
