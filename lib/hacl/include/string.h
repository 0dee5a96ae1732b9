/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef LIB_HACL_INCLUDE_STRING_H
#define LIB_HACL_INCLUDE_STRING_H

#include <stddef.h>

void *memcpy(void *restrict dst, const void *restrict src, size_t n);
void *memset(void *dst, int byte, size_t n);

#endif
