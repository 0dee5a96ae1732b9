/* SPDX-License-Identifier: BSD-2-Clause */
/* The C library's memory and string functions that the kernel uses, with their ISO C meaning. */
#ifndef LIB_STRING_H
#define LIB_STRING_H
#include <stddef.h>

#include "spec/string.acsl"

void *memcpy(void *restrict dst, const void *restrict src, size_t n);
void *memmove(void *dst, const void *src, size_t n);
void *memset(void *dst, int byte, size_t n);
int memcmp(const void *a, const void *b, size_t n);

/*@ requires ends: StringEnds(s);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == StringEnd(s); */
size_t strlen(const char *s);

/*@ requires ends: StringEnds(a) && StringEnds(b);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \exists integer i; 0 <= i && StringsPart(a, b, i) && \result == StringOrder(a, b, i); */
int strcmp(const char *a, const char *b);

/*@ requires readable: StringsReadable(a, b, n);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: (StringsMatch(a, b, n) && \result == 0)
      || \exists integer i; 0 <= i < n && StringsPart(a, b, i) && \result == StringOrder(a, b, i); */
int strncmp(const char *a, const char *b, size_t n);

char *strchr(const char *s, int c);

#endif
