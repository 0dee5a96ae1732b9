/* SPDX-License-Identifier: BSD-2-Clause */
#include "lib/blake2b.h"

#include "lib/bytes.h"
#include "spec/blake2b_words.acsl"

#define INLINE static inline __attribute__((always_inline))

enum { BLOCK = 128, WORD = 8, HASH = 8, WORDS = 16, ROUNDS = 10, STEPS = 96 };

/* RFC 7693, 3.3: a digest of 64 bytes, no key. */
#define PARAMETERS 0x01010040ULL

/* RFC 7693, 2.6. */
static const uint64_t initial[HASH] = {
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
};

/* RFC 7693, 2.7: which word of the block comes where in a round, a digit each, the first the lowest. */
static const uint64_t order[ROUNDS] = {
    0xfedcba9876543210, 0x357b20c16df984ae, 0x491763eadf250c8b, 0x8f04a562ebcd1397, 0xd386cb1efa427509,
    0x91ef57d438b0a6c2, 0xb8293670a4def15c, 0xa2684f05931ce7bd, 0x5a417d2c803b9ef6, 0x0dc3e9bf5167482a,
};

/*@ terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == BlakeSum(x, y); */
INLINE uint64_t sum(uint64_t x, uint64_t y)
{
    return x + y;
}

/*@ terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == BlakeXor(x, y); */
INLINE uint64_t xored(uint64_t x, uint64_t y)
{
    return x ^ y;
}

/*@ requires count: 0 < count < 64;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == BlakeRotated(x, count); */
INLINE uint64_t rotated(uint64_t x, unsigned count)
{
    return x >> count | x << (64 - count);
}

/*@ requires words: \valid(v + (0 .. 15));
    requires places: 0 <= a < 4 <= b < 8 <= c < 12 <= d < 16;
    terminates \true; exits \false; assigns v[a], v[b], v[c], v[d];
    ensures a: v[a] == MixA(\old(v[a]), \old(v[b]), \old(v[c]), \old(v[d]), x, y);
    ensures b: v[b] == MixB(\old(v[a]), \old(v[b]), \old(v[c]), \old(v[d]), x, y);
    ensures c: v[c] == MixC(\old(v[a]), \old(v[b]), \old(v[c]), \old(v[d]), x, y);
    ensures d: v[d] == MixD(\old(v[a]), \old(v[b]), \old(v[c]), \old(v[d]), x, y); */
INLINE void mix(uint64_t v[WORDS], unsigned a, unsigned b, unsigned c, unsigned d, uint64_t x, uint64_t y)
{
    uint64_t half_a = sum(sum(v[a], v[b]), x), half_d = rotated(xored(v[d], half_a), 32);
    uint64_t half_c = sum(v[c], half_d), half_b = rotated(xored(v[b], half_c), 24);

    v[a] = sum(sum(half_a, half_b), y);
    v[d] = rotated(xored(half_d, v[a]), 16);
    v[c] = sum(half_c, v[d]);
    v[b] = rotated(xored(half_b, v[c]), 63);
}

/* Which word of a row of four: four steps mix the columns, the next four the diagonals. */
/*@ requires step: step < 96 && row < 4;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == BlakePlace(step, row);
    ensures row: 4 * row <= \result < 4 * row + 4; */
INLINE unsigned place_of(unsigned step, unsigned row)
{
    return 4 * row + (step % 4 + (step % 8 < 4 ? 0 : row)) % 4;
}

/*@ requires step: step < 96 && (place == 0 || place == 1);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == BlakeOrder(step, place);
    ensures small: \result < 16; */
INLINE unsigned word_of(unsigned step, unsigned place)
{
    return (unsigned)(order[step / 8 % ROUNDS] >> (step % 8 * 8 + 4 * place) & 15);
}

/*@ requires words: \valid(v + (0 .. 15)) && \valid_read(m + (0 .. 15)) && \separated(v + (0 .. 15), m + (0 .. 15));
    requires step: step < 96;
    terminates \true; exits \false; assigns v[0 .. 15];
    ensures exact: \forall integer i; 0 <= i < 16 ==> v[i] == BlakeStep(step, i, \old(v[BlakePlace(step, 0)]),
      \old(v[BlakePlace(step, 1)]), \old(v[BlakePlace(step, 2)]), \old(v[BlakePlace(step, 3)]), \old(v[i]),
      m[BlakeOrder(step, 0)], m[BlakeOrder(step, 1)]);
    ensures places: \forall integer row; 0 <= row < 4 ==> 0 <= BlakePlace(step, row) < 16;
    ensures order: 0 <= BlakeOrder(step, 0) < 16 && 0 <= BlakeOrder(step, 1) < 16; */
INLINE void mix_step(uint64_t v[WORDS], const uint64_t m[WORDS], unsigned step)
{
    mix(v, place_of(step, 0), place_of(step, 1), place_of(step, 2), place_of(step, 3), m[word_of(step, 0)],
        m[word_of(step, 1)]);
}

/*@ requires readable: \valid_read(data + (0 .. size - 1));
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == MessageByte(data, size, at);
    ensures byte: \result < 256; */
static uint64_t byte_at(const uint8_t *data, uint64_t size, uint64_t at)
{
    return at < size ? data[at] : 0;
}

/*@ requires readable: \valid_read(data + (0 .. size - 1));
    requires size: at < size + 256 && size <= 0x7fffffffffffff00;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == MessageHalf(data, size, at);
    ensures half: \result < 0x100000000; */
static uint64_t half_at(const uint8_t *data, uint64_t size, uint64_t at)
{
    return byte_at(data, size, at) + 0x100 * byte_at(data, size, at + 1) + 0x10000 * byte_at(data, size, at + 2) +
           0x1000000 * byte_at(data, size, at + 3);
}

/*@ requires readable: \valid_read(data + (0 .. size - 1));
    requires size: at < size + 128 && size <= 0x7fffffffffffff00;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == MessageWord(data, size, at); */
INLINE uint64_t padded_word(const uint8_t *data, uint64_t size, uint64_t at)
{
    return half_at(data, size, at) + 0x100000000 * half_at(data, size, at + 4);
}

/*@ requires readable: \valid_read(data + (0 .. size - 1));
    requires inside: at + 8 <= size;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == MessageWord(data, size, at); */
INLINE uint64_t whole_word(const uint8_t *data, uint64_t size, uint64_t at)
{
    return read_le64(data, size, at);
}

/* The block's words; behind the message there are zeros. */
/*@ requires readable: \valid_read(data + (0 .. size - 1));
    requires size: at <= size <= 0x7fffffffffffff00;
    requires room: \valid(m + (0 .. 15));
    terminates \true; exits \false; assigns m[0 .. 15];
    ensures exact: \forall integer j; 0 <= j < 16 ==> m[j] == MessageWord(data, size, at + 8 * j); */
INLINE void read_block(uint64_t m[WORDS], const uint8_t *data, uint64_t size, uint64_t at)
{
    if (size - at >= BLOCK) {
#pragma GCC unroll 16
        /*@ loop invariant bounds: 0 <= i <= 16;
            loop invariant done: \forall integer j; 0 <= j < i ==> m[j] == MessageWord(data, size, at + 8 * j);
            loop assigns i, m[0 .. 15];
            loop variant 16 - i; */
        for (uint64_t i = 0; i < WORDS; i++)
            m[i] = whole_word(data, size, at + WORD * i);
    } else {
        /*@ loop invariant bounds: 0 <= i <= 16;
            loop invariant done: \forall integer j; 0 <= j < i ==> m[j] == MessageWord(data, size, at + 8 * j);
            loop assigns i, m[0 .. 15];
            loop variant 16 - i; */
        for (uint64_t i = 0; i < WORDS; i++)
            m[i] = padded_word(data, size, at + WORD * i);
    }
}

/*@ requires readable: \valid_read(hash + (0 .. 7)) && \separated(hash + (0 .. 7), v + (0 .. 15));
    requires room: \valid(v + (0 .. 15));
    requires size: block < BlakeBlocks(size) && size <= 0x7fffffffffffff00;
    terminates \true; exits \false; assigns v[0 .. 15];
    ensures first: \forall integer i; 0 <= i < 8 ==> v[i] == hash[i];
    ensures second: \forall integer i; 8 <= i < 16 ==> v[i] == BlakeStart(size, block, i); */
INLINE void start(uint64_t v[WORDS], const uint64_t hash[HASH], uint64_t size, uint64_t block)
{
    uint64_t end = block * BLOCK + BLOCK;

#pragma GCC unroll 8
    /*@ loop invariant bounds: 0 <= i <= 8;
        loop invariant first: \forall integer j; 0 <= j < i ==> v[j] == hash[j];
        loop invariant second: \forall integer j; 8 <= j < 8 + i ==> v[j] == BlakeInitial(j - 8);
        loop assigns i, v[0 .. 15];
        loop variant 8 - i; */
    for (uint64_t i = 0; i < HASH; i++) {
        v[i] = hash[i];
        v[HASH + i] = initial[i];
    }
    v[12] = xored(v[12], end < size ? end : size);
    v[14] = xored(v[14], end < size ? 0 : UINT64_MAX);
}

/*@ requires room: \valid(hash + (0 .. 7)) && \valid_read(v + (0 .. 15)) && \separated(hash + (0 .. 7), v + (0 .. 15));
    terminates \true; exits \false; assigns hash[0 .. 7];
    ensures exact: \forall integer i; 0 <= i < 8 ==> hash[i] == BlakeXor(\old(hash[i]), BlakeXor(v[i], v[8 + i])); */
INLINE void finish(uint64_t hash[HASH], const uint64_t v[WORDS])
{
#pragma GCC unroll 8
    /*@ loop invariant bounds: 0 <= i <= 8;
        loop invariant done: \forall integer j; 0 <= j < i ==> hash[j] == BlakeXor(\at(hash[j], Pre), BlakeXor(v[j], v[8 + j]));
        loop invariant ahead: \forall integer j; i <= j < 8 ==> hash[j] == \at(hash[j], Pre);
        loop assigns i, hash[0 .. 7];
        loop variant 8 - i; */
    for (uint64_t i = 0; i < HASH; i++)
        hash[i] = xored(hash[i], xored(v[i], v[HASH + i]));
}

/* The hash of the blocks before this one becomes that of the blocks up to it. */
/*@ requires readable: \valid_read(data + (0 .. size - 1));
    requires size: block < BlakeBlocks(size) && size <= 0x7fffffffffffff00;
    requires valid: \valid(hash + (0 .. 7));
    requires hash: \forall integer i; 0 <= i < 8 ==> hash[i] == BlakeWord(data, size, block, 0, i);
    terminates \true; exits \false; assigns hash[0 .. 7];
    ensures exact: \forall integer i; 0 <= i < 8 ==> hash[i] == BlakeWord{Pre}(data, size, block + 1, 0, i); */
static void take_block(uint64_t hash[HASH], const uint8_t *data, uint64_t size, uint64_t block)
{
    uint64_t v[WORDS], m[WORDS];

    read_block(m, data, size, block * BLOCK);
    /*@ assert message: \forall integer j; 0 <= j < 16 ==> m[j] == MessageWord{Pre}(data, size, 128 * block + 8 * j); */
    start(v, hash, size, block);
#pragma GCC unroll 96
    /*@ loop invariant bounds: 0 <= step <= 96;
        loop invariant message: \forall integer j; 0 <= j < 16 ==> m[j] == MessageWord{Pre}(data, size, 128 * block + 8 * j);
        loop invariant state: \forall integer i; 0 <= i < 16 ==> v[i] == BlakeWord{Pre}(data, size, block, step, i);
        loop assigns step, v[0 .. 15];
        loop variant 96 - step; */
    for (unsigned step = 0; step < STEPS; step++) {
        mix_step(v, m, step);
        /*@ assert mixed: \forall integer i; 0 <= i < 16 ==> v[i] == BlakeNext{Pre}(data, size, block, step, i); */
    }
    finish(hash, v);
}

/*@ requires place: place < 8;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == BlakeByte(word, place); */
INLINE uint8_t byte_of(uint64_t word, uint64_t place)
{
    return (uint8_t)(word >> 8 * place);
}

void blake2b_512(uint8_t digest[BLAKE2B_DIGEST], const uint8_t *data, uint64_t size)
{
    uint64_t hash[HASH], blocks = size == 0 ? 1 : (size + (BLOCK - 1)) / BLOCK;

    /*@ loop invariant bounds: 0 <= i <= 8;
        loop invariant done: \forall integer j; 0 <= j < i ==> hash[j] == BlakeInitial(j);
        loop assigns i, hash[0 .. 7];
        loop variant 8 - i; */
    for (uint64_t i = 0; i < HASH; i++)
        hash[i] = initial[i];
    hash[0] = xored(hash[0], PARAMETERS);
    /*@ loop invariant bounds: 0 <= block <= blocks;
        loop invariant hash: \forall integer i; 0 <= i < 8 ==> hash[i] == BlakeWord{Pre}(data, size, block, 0, i);
        loop assigns block, hash[0 .. 7];
        loop variant blocks - block; */
    for (uint64_t block = 0; block < blocks; block++)
        take_block(hash, data, size, block);
    /*@ assert whole: \forall integer i; 0 <= i < 8 ==> hash[i] == BlakeWord{Pre}(data, size, BlakeBlocks(size), 0, i); */
    /*@ loop invariant bounds: 0 <= k <= 64;
        loop invariant done: \forall integer j; 0 <= j < k ==> digest[j] == BlakeDigest{Pre}(data, size, j);
        loop assigns k, digest[0 .. 63];
        loop variant 64 - k; */
    for (uint64_t k = 0; k < BLAKE2B_DIGEST; k++)
        digest[k] = byte_of(hash[k / 8], k % 8);
}
