/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef LIB_HACL_INCLUDE_STDIO_H
#define LIB_HACL_INCLUDE_STDIO_H

typedef struct file FILE;

int printf(const char *format, ...);

#endif
