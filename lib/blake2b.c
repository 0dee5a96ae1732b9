/* SPDX-License-Identifier: BSD-2-Clause */
#include "lib/blake2b.h"

#include "lib/bytes.h"

#define INLINE static inline __attribute__((always_inline))

enum { BLOCK = 128, WORD = 8, HASH = 8, WORDS = 16, LANES = 4, ROUNDS = 10, HALF_ROUNDS = 24 };

#define PARAMETERS 0x01010040ULL /* RFC 7693, 3.3: a digest of 64 bytes, no key. */

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

/*@ requires place: row < 4 && lane < 4;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == 4 * row + lane; */
INLINE unsigned place_of(unsigned row, unsigned lane)
{
    return LANES * row + lane;
}

/* G of a column: 3.1. */
/*@ requires words: \valid(v + (0 .. 15)) && lane < 4;
    terminates \true; exits \false; assigns v[lane], v[4 + lane], v[8 + lane], v[12 + lane];
    ensures mixed: LaneMixed{Pre, Post}(v, lane, x, y); */
INLINE void mix(uint64_t v[WORDS], unsigned lane, uint64_t x, uint64_t y)
{
    unsigned a = lane, b = place_of(1, lane), c = place_of(2, lane), d = place_of(3, lane);
    uint64_t half_a = sum(sum(v[a], v[b]), x), half_d = rotated(xored(v[d], half_a), 32);
    uint64_t half_c = sum(v[c], half_d), half_b = rotated(xored(v[b], half_c), 24);

    v[a] = sum(sum(half_a, half_b), y);
    v[d] = rotated(xored(half_d, v[a]), 16);
    v[c] = sum(half_c, v[d]);
    v[b] = rotated(xored(half_b, v[c]), 63);
}

/*@ requires step: step < 96 && (place == 0 || place == 1);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == BlakeOrder(step, place);
    ensures small: \result < 16; */
INLINE unsigned word_of(unsigned step, unsigned place)
{
    return (unsigned)(order[step / 8 % ROUNDS] >> (step % 8 * 8 + 4 * place) & 15);
}

/* The first or second word that each of the four G's of a half round takes in. */
/*@ requires words: \valid(x + (0 .. 3)) && \valid_read(m + (0 .. 15)) && \separated(x + (0 .. 3), m + (0 .. 15));
    requires half: half < 24 && (place == 0 || place == 1);
    terminates \true; exits \false; assigns x[0 .. 3];
    ensures exact: \forall integer lane; 0 <= lane < 4 ==>
      x[lane] == m[BlakeOrder(4 * half + lane, place)] && 0 <= BlakeOrder(4 * half + lane, place) < 16; */
INLINE void take_words(uint64_t x[LANES], const uint64_t m[WORDS], unsigned half, unsigned place)
{
#pragma GCC unroll 4
    /*@ loop invariant bounds: 0 <= lane <= 4;
        loop invariant done: \forall integer j; 0 <= j < lane ==>
          x[j] == m[BlakeOrder(4 * half + j, place)] && 0 <= BlakeOrder(4 * half + j, place) < 16;
        loop assigns lane, x[0 .. 3]; loop variant 4 - lane; */
    for (unsigned lane = 0; lane < LANES; lane++)
        x[lane] = m[word_of(4 * half + lane, place)];
}

/* Four G's at once, of the four columns. */
/*@ requires words: \valid(v + (0 .. 15)) && \valid_read(x + (0 .. 3)) && \valid_read(y + (0 .. 3));
    requires apart: \separated(v + (0 .. 15), x + (0 .. 3)) && \separated(v + (0 .. 15), y + (0 .. 3));
    terminates \true; exits \false; assigns v[0 .. 15];
    ensures mixed: \forall integer i; 0 <= i < 16 ==> v[i] == BlakeMixed(i / 4, \old(v[i % 4]), \old(v[4 + i % 4]),
      \old(v[8 + i % 4]), \old(v[12 + i % 4]), \old(x[i % 4]), \old(y[i % 4])); */
INLINE void mix_columns(uint64_t v[WORDS], const uint64_t x[LANES], const uint64_t y[LANES])
{
    /*@ loop invariant bounds: 0 <= lane <= 4;
        loop invariant done: \forall integer j; 0 <= j < lane ==> LaneMixed{Pre, Here}(v, j, \at(x[j], Pre), \at(y[j], Pre));
        loop invariant ahead: \forall integer j; lane <= j < 4 ==> LaneSame{Pre, Here}(v, j);
        loop assigns lane, v[0 .. 15]; loop variant 4 - lane; */
    for (unsigned lane = 0; lane < LANES; lane++) {
        /*@ assert words: x[lane] == \at(x[\at(lane, Here)], Pre) && y[lane] == \at(y[\at(lane, Here)], Pre); */
        /*@ assert not_yet: LaneSame{Pre, Here}(v, lane); */
        mix(v, lane, x[lane], y[lane]);
        /*@ assert one: LaneMixed{Pre, Here}(v, lane, \at(x[\at(lane, Here)], Pre), \at(y[\at(lane, Here)], Pre)); */
        /*@ assert others: \forall integer j; 0 <= j < 4 && j != lane ==> LaneSame{LoopCurrent, Here}(v, j); */
    }
    /*@ assert each: LaneMixed{Pre, Here}(v, 0, \at(x[0], Pre), \at(y[0], Pre)) && LaneMixed{Pre, Here}(v, 1, \at(x[1], Pre), \at(y[1], Pre))
          && LaneMixed{Pre, Here}(v, 2, \at(x[2], Pre), \at(y[2], Pre)) && LaneMixed{Pre, Here}(v, 3, \at(x[3], Pre), \at(y[3], Pre)); */
    /*@ assert places_0: LanePlaces(0); */
    /*@ assert places_1: LanePlaces(1); */
    /*@ assert places_2: LanePlaces(2); */
    /*@ assert places_3: LanePlaces(3); */
    /*@ assert lane_0: LaneWords{Pre, Here}(v, 0, \at(x[0], Pre), \at(y[0], Pre)); */
    /*@ assert lane_1: LaneWords{Pre, Here}(v, 1, \at(x[1], Pre), \at(y[1], Pre)); */
    /*@ assert lane_2: LaneWords{Pre, Here}(v, 2, \at(x[2], Pre), \at(y[2], Pre)); */
    /*@ assert lane_3: LaneWords{Pre, Here}(v, 3, \at(x[3], Pre), \at(y[3], Pre)); */
    /*@ assert all_0: \forall integer i; 0 <= i < 16 && i % 4 == 0 ==> v[i] == BlakeMixed(i / 4, \at(v[i % 4], Pre), \at(v[4 + i % 4], Pre),
          \at(v[8 + i % 4], Pre), \at(v[12 + i % 4], Pre), \at(x[i % 4], Pre), \at(y[i % 4], Pre)); */
    /*@ assert all_1: \forall integer i; 0 <= i < 16 && i % 4 == 1 ==> v[i] == BlakeMixed(i / 4, \at(v[i % 4], Pre), \at(v[4 + i % 4], Pre),
          \at(v[8 + i % 4], Pre), \at(v[12 + i % 4], Pre), \at(x[i % 4], Pre), \at(y[i % 4], Pre)); */
    /*@ assert all_2: \forall integer i; 0 <= i < 16 && i % 4 == 2 ==> v[i] == BlakeMixed(i / 4, \at(v[i % 4], Pre), \at(v[4 + i % 4], Pre),
          \at(v[8 + i % 4], Pre), \at(v[12 + i % 4], Pre), \at(x[i % 4], Pre), \at(y[i % 4], Pre)); */
    /*@ assert all_3: \forall integer i; 0 <= i < 16 && i % 4 == 3 ==> v[i] == BlakeMixed(i / 4, \at(v[i % 4], Pre), \at(v[4 + i % 4], Pre),
          \at(v[8 + i % 4], Pre), \at(v[12 + i % 4], Pre), \at(x[i % 4], Pre), \at(y[i % 4], Pre)); */
    /*@ assert lanes: \forall integer i; 0 <= i < 16 ==> i % 4 == 0 || i % 4 == 1 || i % 4 == 2 || i % 4 == 3; */
}

/*@ requires words: \valid(v + (0 .. 15)) && row < 4 && by <= 4;
    terminates \true; exits \false; assigns v[4 * row .. 4 * row + 3];
    ensures exact: \forall integer lane; 0 <= lane < 4 ==> v[4 * row + lane] == \old(v[4 * row + (lane + by) % 4]); */
INLINE void turn(uint64_t v[WORDS], unsigned row, unsigned by)
{
    uint64_t first = v[4 * row + by % 4], second = v[4 * row + (1 + by) % 4], third = v[4 * row + (2 + by) % 4];
    uint64_t fourth = v[4 * row + (3 + by) % 4];

    v[4 * row] = first;
    v[4 * row + 1] = second;
    v[4 * row + 2] = third;
    v[4 * row + 3] = fourth;
}

/*@ requires half: half < 24 && 0 < row < 4;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == (half % 2 == 0 ? row : 4 - row); */
INLINE unsigned turn_of(unsigned half, unsigned row)
{
    return half % 2 == 0 ? row : LANES - row;
}

/* The diagonals become columns behind a half round of columns, and columns again behind one of diagonals. */
/*@ requires words: \valid(v + (0 .. 15)) && half < 24;
    terminates \true; exits \false; assigns v[0 .. 15];
    ensures exact: \forall integer i; 0 <= i < 16 ==> v[i] == \old(v[BlakeTurned(half, i)]); */
INLINE void turn_rows(uint64_t v[WORDS], unsigned half)
{
#pragma GCC unroll 3
    /*@ loop invariant bounds: 1 <= row <= 4;
        loop invariant done: \forall integer i; 0 <= i < 16 && i / 4 < row ==> v[i] == \at(v[BlakeTurned(half, i)], Pre);
        loop invariant ahead: \forall integer i; 0 <= i < 16 && i / 4 >= row ==> v[i] == \at(v[i], Pre);
        loop assigns row, v[0 .. 15]; loop variant 4 - row; */
    for (unsigned row = 1; row < 4; row++) {
        unsigned by = turn_of(half, row);

        /*@ assert places: \forall integer i; 0 <= i < 16 && i / 4 == row ==> i == 4 * row + i % 4 && 0 <= i % 4 < 4
              && 4 * row + (i % 4 + by) % 4 == BlakeTurned(half, i) && BlakeTurned(half, i) / 4 == row; */
        turn(v, row, by);
        /*@ assert others: \forall integer i; 0 <= i < 16 && i / 4 != row ==> v[i] == \at(v[i], LoopCurrent); */
        /*@ assert lane_0: v[4 * row] == \at(v[4 * \at(row, Here) + (0 + \at(by, Here)) % 4], LoopCurrent); */
        /*@ assert lane_1: v[4 * row + 1] == \at(v[4 * \at(row, Here) + (1 + \at(by, Here)) % 4], LoopCurrent); */
        /*@ assert lane_2: v[4 * row + 2] == \at(v[4 * \at(row, Here) + (2 + \at(by, Here)) % 4], LoopCurrent); */
        /*@ assert lane_3: v[4 * row + 3] == \at(v[4 * \at(row, Here) + (3 + \at(by, Here)) % 4], LoopCurrent); */
        /*@ assert turned_0: \forall integer i; 0 <= i < 16 && i % 4 == 0 ==>
              v[4 * row + i % 4] == \at(v[4 * \at(row, Here) + (i % 4 + \at(by, Here)) % 4], LoopCurrent); */
        /*@ assert turned_1: \forall integer i; 0 <= i < 16 && i % 4 == 1 ==>
              v[4 * row + i % 4] == \at(v[4 * \at(row, Here) + (i % 4 + \at(by, Here)) % 4], LoopCurrent); */
        /*@ assert turned_2: \forall integer i; 0 <= i < 16 && i % 4 == 2 ==>
              v[4 * row + i % 4] == \at(v[4 * \at(row, Here) + (i % 4 + \at(by, Here)) % 4], LoopCurrent); */
        /*@ assert turned_3: \forall integer i; 0 <= i < 16 && i % 4 == 3 ==>
              v[4 * row + i % 4] == \at(v[4 * \at(row, Here) + (i % 4 + \at(by, Here)) % 4], LoopCurrent); */
        /*@ assert lanes: \forall integer i; 0 <= i < 16 ==> i % 4 == 0 || i % 4 == 1 || i % 4 == 2 || i % 4 == 3; */
        /*@ assert turned: \forall integer i; 0 <= i < 16 && i / 4 == row ==>
              v[4 * row + i % 4] == \at(v[4 * \at(row, Here) + (i % 4 + \at(by, Here)) % 4], LoopCurrent); */
    }
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
            loop assigns i, m[0 .. 15]; loop variant 16 - i; */
        for (uint64_t i = 0; i < WORDS; i++)
            m[i] = whole_word(data, size, at + WORD * i);
    } else {
        /*@ loop invariant bounds: 0 <= i <= 16;
            loop invariant done: \forall integer j; 0 <= j < i ==> m[j] == MessageWord(data, size, at + 8 * j);
            loop assigns i, m[0 .. 15]; loop variant 16 - i; */
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
        loop assigns i, v[0 .. 15]; loop variant 8 - i; */
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
        loop assigns i, hash[0 .. 7]; loop variant 8 - i; */
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
    uint64_t v[WORDS], m[WORDS], x[LANES], y[LANES];

    read_block(m, data, size, block * BLOCK);
    /*@ assert message: \forall integer j; 0 <= j < 16 ==> m[j] == MessageWord{Pre}(data, size, 128 * block + 8 * j); */
    start(v, hash, size, block);
    /*@ assert begun: \forall integer i; 0 <= i < 16 ==> v[i] == BlakeWord{Pre}(data, size, block, 0, i); */
#pragma GCC unroll 24
    /*@ loop invariant bounds: 0 <= half <= 24;
        loop invariant message: \forall integer j; 0 <= j < 16 ==> m[j] == MessageWord{Pre}(data, size, 128 * block + 8 * j);
        loop invariant state: \forall integer i; 0 <= i < 16 ==> v[i] == BlakeWord{Pre}(data, size, block, half, BlakeAt(half, i));
        loop assigns half, v[0 .. 15], x[0 .. 3], y[0 .. 3]; loop variant 24 - half; */
    for (unsigned half = 0; half < HALF_ROUNDS; half++) {
        take_words(x, m, half, 0);
        take_words(y, m, half, 1);
        /*@ assert taken: \forall integer lane; 0 <= lane < 4 ==>
              x[lane] == MessageWord{Pre}(data, size, 128 * block + 8 * BlakeOrder(4 * half + lane, 0))
              && y[lane] == MessageWord{Pre}(data, size, 128 * block + 8 * BlakeOrder(4 * half + lane, 1)); */
        mix_columns(v, x, y);
        /*@ assert next: \forall integer i; 0 <= i < 16 ==> v[i] == BlakeNext{Pre}(data, size, block, half, i); */
        /*@ assert mixed: \forall integer i; 0 <= i < 16 ==> v[i] == BlakeWord{Pre}(data, size, block, half + 1, BlakeAt(half, i)); */
        turn_rows(v, half);
        /*@ assert step: (unsigned)(half + 1) == half + 1; */
        /*@ assert turned: \forall integer i; 0 <= i < 16 ==>
              v[i] == BlakeWord{Pre}(data, size, block, half + 1, BlakeAt(half, BlakeTurned(half, i))); */
        /*@ assert order: \forall integer i; 0 <= i < 16 ==> BlakeAt(half + 1, i) == BlakeAt(half, BlakeTurned(half, i)); */
        /*@ assert state: \forall integer i; 0 <= i < 16 ==> v[i] == BlakeWord{Pre}(data, size, block, half + 1, BlakeAt(half + 1, i)); */
    }
    /*@ assert words: \forall integer i; 0 <= i < 16 ==> v[i] == BlakeWord{Pre}(data, size, block, 24, i); */
    finish(hash, v);
}

/*@ requires place: place < 8;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == BlakeByte(word, place); */
INLINE uint8_t byte_of(uint64_t word, uint64_t place)
{
    return (uint8_t)(word >> 8 * place);
}

/* That the digest's bytes are none of the message's leaves its hash what it was: the provers have to be led through it as take_block is. */
/*@ requires readable: \valid_read(data + (0 .. size - 1)) && \valid_read(hash + (0 .. 7));
    requires size: size <= 0x7fffffffffffff00;
    requires room: \valid(digest + (0 .. 63)) && \separated(digest + (0 .. 63), data + (0 .. size - 1));
    requires hash: \forall integer i; 0 <= i < 8 ==> hash[i] == BlakeWord(data, size, BlakeBlocks(size), 0, i);
    terminates \true; exits \false; assigns digest[0 .. 63];
    ensures digest: Digest(data, size, digest); */
INLINE void put_digest(uint8_t digest[BLAKE2B_DIGEST], const uint64_t hash[HASH], const uint8_t *data, uint64_t size)
{
    (void)data, (void)size;
    /*@ loop invariant bounds: 0 <= k <= 64;
        loop invariant done: \forall integer j; 0 <= j < k ==> digest[j] == BlakeDigest{Pre}(data, size, j);
        loop assigns k, digest[0 .. 63]; loop variant 64 - k; */
    for (uint64_t k = 0; k < BLAKE2B_DIGEST; k++)
        digest[k] = byte_of(hash[k / 8], k % 8);
    /*@ assert bytes: \forall integer k; 0 <= k < size ==> data[k] == \at(data[k], Pre); */
    /*@ assert words: \forall integer at; MessageWord(data, size, at) == MessageWord{Pre}(data, size, at); */
    /*@ ghost
        uint64_t block = 0;
        /@ loop invariant bounds: 0 <= block <= BlakeBlocks(size);
           loop invariant same: \forall integer i; 0 <= i < 8 ==> BlakeWord(data, size, block, 0, i) == BlakeWord{Pre}(data, size, block, 0, i);
           loop assigns block; loop variant BlakeBlocks(size) - block; @/
        while (block < (size == 0 ? 1 : (size + 127) / 128)) {
            unsigned half = 0;
            /@ loop invariant bounds: 0 <= half <= 24;
               loop invariant same: \forall integer i; 0 <= i < 16 ==>
                 BlakeWord(data, size, block, half, i) == BlakeWord{Pre}(data, size, block, half, i);
               loop assigns half; loop variant 24 - half; @/
            while (half < 24) {
                /@ assert next: \forall integer i; 0 <= i < 16 ==>
                     BlakeNext(data, size, block, half, i) == BlakeNext{Pre}(data, size, block, half, i); @/
                /@ assert mixed: \forall integer i; 0 <= i < 16 ==> BlakeWord(data, size, block, half + 1, BlakeAt(half, BlakeFrom(half, i)))
                     == BlakeWord{Pre}(data, size, block, half + 1, BlakeAt(half, BlakeFrom(half, i))); @/
                half = half + 1;
            }
            block = block + 1;
        }
        /@ assert end: block == BlakeBlocks(size); @/
        /@ assert whole: \forall integer i; 0 <= i < 8 ==>
             BlakeWord(data, size, BlakeBlocks(size), 0, i) == BlakeWord{Pre}(data, size, BlakeBlocks(size), 0, i); @/
        /@ assert bytes: \forall integer k; 0 <= k < 64 ==> BlakeDigest(data, size, k) == BlakeDigest{Pre}(data, size, k); @/ */
}

void blake2b_512(uint8_t digest[BLAKE2B_DIGEST], const uint8_t *data, uint64_t size)
{
    uint64_t hash[HASH], blocks = size == 0 ? 1 : (size + (BLOCK - 1)) / BLOCK;

    /*@ loop invariant bounds: 0 <= i <= 8;
        loop invariant done: \forall integer j; 0 <= j < i ==> hash[j] == BlakeInitial(j);
        loop assigns i, hash[0 .. 7]; loop variant 8 - i; */
    for (uint64_t i = 0; i < HASH; i++)
        hash[i] = initial[i];
    hash[0] = xored(hash[0], PARAMETERS);
    /*@ loop invariant bounds: 0 <= block <= blocks;
        loop invariant hash: \forall integer i; 0 <= i < 8 ==> hash[i] == BlakeWord{Pre}(data, size, block, 0, i);
        loop assigns block, hash[0 .. 7]; loop variant blocks - block; */
    for (uint64_t block = 0; block < blocks; block++)
        take_block(hash, data, size, block);
    put_digest(digest, hash, data, size);
}
