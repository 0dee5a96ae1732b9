/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef HERMIT_RESULT_H
#define HERMIT_RESULT_H
#include <errno.h>

/* The C library's -1 and errno as HermitCore's negative errno. */
static inline long result_of(long value)
{
    return value < 0 ? -errno : value;
}

#endif
