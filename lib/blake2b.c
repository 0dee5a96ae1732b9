/* SPDX-License-Identifier: BSD-2-Clause */
#include "lib/blake2b.h"

#include <stdbool.h>

#include "lib/bytes.h"

#define INLINE static inline __attribute__((always_inline))

enum { BLOCK = 128, WORDS = 8, MIXED = 16, ROUNDS = 10 };

/* RFC 7693, 3.2: a digest of 64 bytes, no key, one leaf. */
#define PARAMETERS 0x01010040ULL

/* RFC 7693, 2.6. */
static const uint64_t initial[WORDS] = {
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
};

/* RFC 7693, 2.7: which word of the block goes where in a round. */
static const uint8_t order[ROUNDS][MIXED] = {
    { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 }, { 14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3 },
    { 11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4 }, { 7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8 },
    { 9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13 }, { 2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9 },
    { 12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11 }, { 13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10 },
    { 6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5 }, { 10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0 },
};

INLINE uint64_t rotate_right(uint64_t x, unsigned count)
{
    return x >> count | x << (64 - count);
}

INLINE void mix(uint64_t v[MIXED], unsigned a, unsigned b, unsigned c, unsigned d, uint64_t x, uint64_t y)
{
    v[a] = v[a] + v[b] + x;
    v[d] = rotate_right(v[d] ^ v[a], 32);
    v[c] = v[c] + v[d];
    v[b] = rotate_right(v[b] ^ v[c], 24);
    v[a] = v[a] + v[b] + y;
    v[d] = rotate_right(v[d] ^ v[a], 16);
    v[c] = v[c] + v[d];
    v[b] = rotate_right(v[b] ^ v[c], 63);
}

INLINE uint64_t word(const uint8_t block[BLOCK], unsigned round, unsigned place)
{
    return read_le64(block, BLOCK, 8 * order[round][place]);
}

/* Columns, then diagonals. */
INLINE void mix_round(uint64_t v[MIXED], const uint8_t block[BLOCK], unsigned round)
{
    mix(v, 0, 4, 8, 12, word(block, round, 0), word(block, round, 1));
    mix(v, 1, 5, 9, 13, word(block, round, 2), word(block, round, 3));
    mix(v, 2, 6, 10, 14, word(block, round, 4), word(block, round, 5));
    mix(v, 3, 7, 11, 15, word(block, round, 6), word(block, round, 7));
    mix(v, 0, 5, 10, 15, word(block, round, 8), word(block, round, 9));
    mix(v, 1, 6, 11, 12, word(block, round, 10), word(block, round, 11));
    mix(v, 2, 7, 8, 13, word(block, round, 12), word(block, round, 13));
    mix(v, 3, 4, 9, 14, word(block, round, 14), word(block, round, 15));
}

static void compress(uint64_t hash[WORDS], const uint8_t block[BLOCK], uint64_t count, bool last)
{
    uint64_t v[MIXED];

    for (unsigned i = 0; i < WORDS; i++) {
        v[i] = hash[i];
        v[WORDS + i] = initial[i];
    }
    v[12] ^= count;
    v[14] ^= last ? UINT64_MAX : 0;
    mix_round(v, block, 0);
    mix_round(v, block, 1);
    mix_round(v, block, 2);
    mix_round(v, block, 3);
    mix_round(v, block, 4);
    mix_round(v, block, 5);
    mix_round(v, block, 6);
    mix_round(v, block, 7);
    mix_round(v, block, 8);
    mix_round(v, block, 9);
    mix_round(v, block, 0);
    mix_round(v, block, 1);
    for (unsigned i = 0; i < WORDS; i++)
        hash[i] ^= v[i] ^ v[WORDS + i];
}

void blake2b_512(uint8_t digest[BLAKE2B_DIGEST], const uint8_t *data, uint64_t size)
{
    uint64_t hash[WORDS], done = 0;
    uint8_t rest[BLOCK];

    for (unsigned i = 0; i < WORDS; i++)
        hash[i] = initial[i];
    hash[0] ^= PARAMETERS;
    for (; size - done > BLOCK; done += BLOCK)
        compress(hash, data + done, done + BLOCK, false);
    for (unsigned i = 0; i < BLOCK; i++)
        rest[i] = i < size - done ? data[done + i] : 0;
    compress(hash, rest, size, true);
    for (unsigned i = 0; i < BLAKE2B_DIGEST; i++)
        digest[i] = (uint8_t)(hash[i / 8] >> 8 * (i % 8));
}
