/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef LIB_HACL_INCLUDE_STDLIB_H
#define LIB_HACL_INCLUDE_STDLIB_H

#include <stddef.h>

void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void free(void *memory);
#define alloca(size) __builtin_alloca(size)
void exit(int status) __attribute__((noreturn));

#endif
