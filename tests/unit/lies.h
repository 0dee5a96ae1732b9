/* SPDX-License-Identifier: BSD-2-Clause */
/* Random lies with a fixed seed. LIES=N in the environment tells N times as many. */
#ifndef TESTS_UNIT_LIES_H
#define TESTS_UNIT_LIES_H

#include <stdint.h>
#include <stdlib.h>

static uint64_t lies_state = 0x9e3779b97f4a7c15;

static inline uint64_t lies_next(void)
{
    lies_state ^= lies_state << 13;
    lies_state ^= lies_state >> 7;
    lies_state ^= lies_state << 17;
    return lies_state * 0x2545f4914f6cdd1d;
}

static inline uint64_t lies_count(uint64_t count)
{
    const char *factor = getenv("LIES");

    return factor ? count * strtoull(factor, NULL, 10) : count;
}

/* Half of the time near the truth, where an off-by-one would show, else anything. */
static inline uint32_t lies_near(uint32_t truth, uint32_t span)
{
    uint64_t random = lies_next();

    return random % 2 ? truth + (uint32_t)(random >> 1) % (2 * span) - span : (uint32_t)(random >> 32);
}

#endif
