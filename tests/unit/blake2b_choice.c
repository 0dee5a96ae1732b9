/* SPDX-License-Identifier: BSD-2-Clause */
/* links: x86/blake2b.c */
/* Vector registers are used where the CPU has them, and only there. */
#include "lib/blake2b.h"

#include <stddef.h>

#include "check.h"
#include "x86/cpu.h"

void blake2b_512_plain(uint8_t digest[BLAKE2B_DIGEST], const uint8_t *data, uint64_t size);
void blake2b_512_avx2(uint8_t digest[BLAKE2B_DIGEST], const uint8_t *data, uint64_t size);

struct cpu_features cpu;
static const uint8_t message[3];
static uint8_t result[BLAKE2B_DIGEST];
static unsigned plain, vectors;

void blake2b_512_plain(uint8_t digest[BLAKE2B_DIGEST], const uint8_t *data, uint64_t size)
{
    CHECK(digest == result && data == message && size == sizeof message);
    plain++;
}

void blake2b_512_avx2(uint8_t digest[BLAKE2B_DIGEST], const uint8_t *data, uint64_t size)
{
    CHECK(digest == result && data == message && size == sizeof message);
    vectors++;
}

int main(void)
{
    blake2b_512(result, message, sizeof message);
    CHECK(plain == 1 && vectors == 0);
    cpu.avx2 = true;
    blake2b_512(result, message, sizeof message);
    CHECK(plain == 1 && vectors == 1);
    return check_done();
}
