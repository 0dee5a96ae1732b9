/* SPDX-License-Identifier: BSD-2-Clause */
/* The string functions that are short; memory functions are x86/memory.S. */
#include "lib/string.h"

#include <stdint.h>

/* A character as ISO C compares it: as an unsigned char. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == StringByte(c); */
static int byte_of(char c)
{
    return c < 0 ? c + 256 : c;
}

size_t strlen(const char *s)
{
    size_t n = 0;

    /*@ loop invariant range: 0 <= n <= StringEnd(s);
        loop assigns n; loop variant StringEnd(s) - n; */
    while (s[n])
        n++;
    return n;
}

int strcmp(const char *a, const char *b)
{
    size_t i = 0;

    /*@ loop invariant range: 0 <= i <= StringEnd(a) && i <= StringEnd(b);
        loop invariant same: StringsMatch(a, b, i);
        loop assigns i; loop variant StringEnd(a) - i; */
    while (a[i] && a[i] == b[i])
        i++;
    /*@ assert part: StringsPart(a, b, i); */
    return byte_of(a[i]) - byte_of(b[i]);
}

int strncmp(const char *a, const char *b, size_t n)
{
    /*@ loop invariant range: 0 <= i <= n;
        loop invariant same: StringsMatch(a, b, i);
        loop assigns i; loop variant n - i; */
    for (size_t i = 0; i < n; i++) {
        /*@ assert readable: \valid_read(a + i) && \valid_read(b + i); */
        if (a[i] != b[i] || !a[i]) {
            /*@ assert part: StringsPart(a, b, i); */
            return byte_of(a[i]) - byte_of(b[i]);
        }
    }
    return 0;
}

char *strchr(const char *s, int c)
{
    for (; *s != (char)c; s++) {
        if (!*s)
            return NULL;
    }
    return (char *)(uintptr_t)s;
}
