/* SPDX-License-Identifier: BSD-2-Clause */
/* Copies that survive a page fault. For mm/user.c only, between stac and clac. */
#ifndef X86_FAULT_H
#define X86_FAULT_H
#include <stdint.h>

/* Bytes not copied: 0 when all were. */
uint64_t copy_may_fault(void *dst, const void *src, uint64_t n);
uint64_t zero_may_fault(void *dst, uint64_t n);

/* Compares and exchanges in one access: what was there is in *expected afterwards. 0, or -1 after a fault. */
int swap_may_fault(uint32_t *word, uint32_t *expected, uint32_t next);

/* Length of the string, n when no NUL is among the n bytes, -1 after a fault. */
int64_t string_may_fault(char *dst, const char *src, uint64_t n);

#endif
