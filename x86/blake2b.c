/* SPDX-License-Identifier: BSD-2-Clause */
/* lib/blake2b.c is compiled twice (Makefile), the second time for AVX2's registers of four words; here one of the two is taken. */
#include "lib/blake2b.h"

#include "x86/cpu.h"

/*@ requires readable: \valid_read(data + (0 .. size - 1)) && \valid(digest + (0 .. 63));
    requires size: size <= 0x7fffffffffffff00;
    requires apart: \separated(digest + (0 .. 63), data + (0 .. size - 1));
    terminates \true; exits \false; assigns digest[0 .. 63];
    ensures digest: Digest(data, size, digest); */
void blake2b_512_plain(uint8_t digest[BLAKE2B_DIGEST], const uint8_t *data, uint64_t size);

/* The same, on a CPU that has cpu.avx2. Loses the vector registers, which are nobody's before the application runs. */
/*@ requires readable: \valid_read(data + (0 .. size - 1)) && \valid(digest + (0 .. 63));
    requires size: size <= 0x7fffffffffffff00;
    requires apart: \separated(digest + (0 .. 63), data + (0 .. size - 1));
    requires vectors: cpu.avx2;
    terminates \true; exits \false; assigns digest[0 .. 63];
    ensures digest: Digest(data, size, digest); */
void blake2b_512_avx2(uint8_t digest[BLAKE2B_DIGEST], const uint8_t *data, uint64_t size);

void blake2b_512(uint8_t digest[BLAKE2B_DIGEST], const uint8_t *data, uint64_t size)
{
    if (cpu.avx2)
        blake2b_512_avx2(digest, data, size);
    else
        blake2b_512_plain(digest, data, size);
}
