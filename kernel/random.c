/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/random.h"

#include <stdbool.h>

#include "drivers/platform.h"
#include "lib/log.h"
#include "lib/string.h"
#include "x86/cpu.h"

enum { CHACHA_WORDS = 16, KEY_WORDS = 8, KEY_LONGS = 4, BLOCK_BYTES = 4 * CHACHA_WORDS, KEY_BYTES = 4 * KEY_WORDS };
/* Intel's guide to the instructions: ten tries mean a broken source. */
enum { HARDWARE_TRIES = 10 };

union key {
    uint32_t words[KEY_WORDS];
    uint64_t longs[KEY_LONGS];
};

static struct {
    bool seeded;
    union key key, spent;
    uint32_t block[CHACHA_WORDS];
} state;

static uint32_t rotate(uint32_t x, uint32_t n)
{
    return x << n | x >> (32 - n);
}

static void quarter_round(uint32_t *a, uint32_t *b, uint32_t *c, uint32_t *d)
{
    *a += *b;
    *d = rotate(*d ^ *a, 16);
    *c += *d;
    *b = rotate(*b ^ *c, 12);
    *a += *b;
    *d = rotate(*d ^ *a, 8);
    *c += *d;
    *b = rotate(*b ^ *c, 7);
}

void random_block(const uint32_t key[8], uint64_t counter, uint32_t out[16])
{
    static const char constant[16] = { 'e', 'x', 'p', 'a', 'n', 'd', ' ', '3', '2', '-', 'b', 'y', 't', 'e', ' ', 'k' };
    uint32_t start[CHACHA_WORDS] = { 0 };

    memcpy(start, constant, sizeof(constant));
    memcpy(start + 4, key, KEY_BYTES);
    memcpy(start + 12, &counter, sizeof(counter));
    memcpy(out, start, BLOCK_BYTES);
    for (uint32_t i = 0; i < 10; i++) {
        for (uint32_t j = 0; j < 4; j++)
            quarter_round(&out[j], &out[4 + j], &out[8 + j], &out[12 + j]);
        for (uint32_t j = 0; j < 4; j++)
            quarter_round(&out[j], &out[4 + (j + 1) % 4], &out[8 + (j + 2) % 4], &out[12 + (j + 3) % 4]);
    }
    for (uint32_t i = 0; i < CHACHA_WORDS; i++)
        out[i] += start[i];
}

/* One word of RDSEED, else of RDRAND; false when the CPU gives none. */
static bool read_hardware(uint64_t *word)
{
    for (uint32_t i = 0; cpu.rdseed && i < HARDWARE_TRIES; i++) {
        if (rdseed64(word))
            return true;
        cpu_pause();
    }
    for (uint32_t i = 0; cpu.rdrand && i < HARDWARE_TRIES; i++) {
        if (rdrand64(word))
            return true;
    }
    return false;
}

/* Gathers the key. Equal words in a row are a broken source (some CPUs answered all ones after a suspend) and count as none;
   without a whole key from hardware, what the clocks know is all there is. */
static void seed(void)
{
    uint64_t word = 0, last = 0;
    uint32_t good = 0;

    for (uint32_t i = 0; i < KEY_LONGS; i++) {
        if (read_hardware(&word) && word != last) {
            state.key.longs[i] ^= word;
            last = word;
            good++;
        }
        state.key.longs[i] ^= rdtsc() << i;
    }
    state.seeded = true;
    if (good == KEY_LONGS)
        return;
    state.key.longs[0] ^= platform.clock_monotonic();
    state.key.longs[1] ^= platform.clock_wall_base();
    log_warn("no hardware random source: random numbers are weak");
}

/* Block 0 of a key is half its successor, and is taken before the others are given out: what is found in memory later
   tells nothing of what was given out before. */
void random_bytes(uint8_t *dst, uint64_t n)
{
    if (!state.seeded)
        seed();
    state.spent = state.key;
    random_block(state.spent.words, 0, state.block);
    memcpy(&state.key, state.block, sizeof(state.key));
    for (uint64_t counter = 1; n > 0; counter++) {
        uint64_t part = n < BLOCK_BYTES ? n : BLOCK_BYTES;

        random_block(state.spent.words, counter, state.block);
        memcpy(dst, state.block, part);
        dst += part;
        n -= part;
    }
    memset(&state.spent, 0, sizeof(state.spent));
    memset(state.block, 0, sizeof(state.block));
}

uint64_t random_seed64(void)
{
    uint64_t word = 0;

    (void)(cpu.rdrand && rdrand64(&word));
    /* A multiplier that spreads the TSC's few changing bits over the word (SplitMix64). */
    return word ^ rdtsc() * 0x9e3779b97f4a7c15;
}
