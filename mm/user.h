/* SPDX-License-Identifier: BSD-2-Clause */
/* The only way from the kernel to the application's memory (T9): checked, fault-safe, copied. */
#ifndef MM_USER_H
#define MM_USER_H
#include <stdbool.h>
#include <stdint.h>

#include <linux/errno.h>

#include "lib/state.h"

/* Copies n bytes from or to user address user; 0, or -EFAULT when the range leaves the user half or some page of it is not
   mapped so. After -EFAULT a part may have been copied. Demand pages are filled on the way. n = 0 touches nothing. A single word of
   4 or 8 bytes, where that is aligned, is copied by one access. */
int user_copy_in(void *dst, uint64_t user, uint64_t n);
int user_copy_out(uint64_t user, const void *src, uint64_t n);

/* Writes next to the word at user, a multiple of 4, if *expected is there, in one access that other CPUs see whole; *expected becomes what
   was there. 0 or -EFAULT. */
/*@ requires valid: \valid(expected);
    terminates \true; exits \false; assigns *expected, ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0 .. 1];
    ensures status: \result == 0 || \result == -EFAULT;
    ensures copied: CopiedTo(user, 4) && CopiedWords(next, \old(*expected)); */
int user_swap_word(uint64_t user, uint32_t *expected, uint32_t next);

/* Writes n zero bytes; 0 or -EFAULT. */
/*@ terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size;
    ensures status: \result == 0 || \result == -EFAULT;
    ensures copied: CopiedTo(user, n); */
int user_zero(uint64_t user, uint64_t n);

/* Copies a NUL-terminated string with its NUL into dst[size]: its length, -EFAULT, or -ENAMETOOLONG when it does not fit. */
/*@ requires valid: \valid(dst + (0 .. size - 1));
    terminates \true; exits \false; assigns dst[0 .. size - 1];
    ensures status: 0 <= \result < size || \result == -EFAULT || \result == -ENAMETOOLONG; */
int64_t user_copy_string(char *dst, uint64_t user, uint64_t size);

#endif
