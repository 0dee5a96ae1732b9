/* SPDX-License-Identifier: BSD-2-Clause */
/* What a fuzz target is written with: it ends the process at the first condition that does not hold. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Is the condition true? Ends the process, and so the run with this input, if not. */
#define HOLDS(cond) ((cond) ? (void)0 : fuzz_fail(#cond, __FILE__, __LINE__))

_Noreturn static inline void fuzz_fail(const char *text, const char *file, int line)
{
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, text);
    abort();
}

/* What libFuzzer calls with each input; always 0. The input is in a buffer of its exact size, so that the sanitizer sees
   a read beyond it. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#endif
