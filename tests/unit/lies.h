/* SPDX-License-Identifier: BSD-2-Clause */
/* Random lies with a fixed seed. LIES=N in the environment tells N times as many (tests/lies). */
#ifndef TESTS_UNIT_LIES_H
#define TESTS_UNIT_LIES_H

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t lies_state = 0x9e3779b97f4a7c15, lies_told;

static inline uint64_t lies_next(void)
{
    lies_state ^= lies_state << 13;
    lies_state ^= lies_state >> 7;
    lies_state ^= lies_state << 17;
    return lies_state * 0x2545f4914f6cdd1d;
}

/* The last word of a test with lies: how many there were. */
static inline void lies_say(void)
{
    printf("%" PRIu64 " lies\n", lies_told);
}

/* So many rounds, in each of which the peer lies; times the factor. Their sum is said at the test's end. */
static inline uint64_t lies_count(uint64_t count)
{
    const char *factor = getenv("LIES");

    if (!lies_told)
        atexit(lies_say);
    count *= factor ? strtoull(factor, NULL, 10) : 1;
    lies_told += count;
    return count;
}

/* Half of the time near the truth, where an off-by-one would show, else anything. */
static inline uint32_t lies_near(uint32_t truth, uint32_t span)
{
    uint64_t random = lies_next();

    return random % 2 ? truth + (uint32_t)(random >> 1) % (2 * span) - span : (uint32_t)(random >> 32);
}

#endif
