/* SPDX-License-Identifier: BSD-2-Clause */
/* Formatted output into a buffer: the part of printf that messages need. */
#ifndef LIB_FORMAT_H
#define LIB_FORMAT_H
#include <stdarg.h>
#include <stddef.h>

/* Writes at most size - 1 bytes and a NUL; returns the bytes written without the NUL (not what would have been written).
   Knows %s %.*s %c %d %u %x %p-free: no pointer is ever printed; lengths l, ll, z; width and 0-fill. */
size_t format_string(char *out, size_t size, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
size_t format_args(char *out, size_t size, const char *fmt, va_list args) __attribute__((format(printf, 3, 0)));

#endif
