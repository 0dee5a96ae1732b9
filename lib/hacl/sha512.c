/* SPDX-License-Identifier: BSD-2-Clause */
#include "internal/Hacl_Hash_SHA2.h"
#include "lib/hacl/hacl.h"

enum { BLOCK = 128 };

void hacl_sha512(uint8_t digest[64], const uint8_t *head, uint32_t head_size, const uint8_t *rest, uint32_t size)
{
    FStar_UInt128_uint128 total = FStar_UInt128_uint64_to_uint128((uint64_t)head_size + size);
    uint32_t first = size < BLOCK - head_size ? size : BLOCK - head_size, whole = (size - first) / BLOCK * BLOCK;
    uint64_t hash[8];
    uint8_t block[BLOCK];

    Hacl_Hash_SHA2_sha512_init(hash);
    memcpy(block, head, head_size);
    memcpy(block + head_size, rest, first);
    if (head_size + first < BLOCK) {
        Hacl_Hash_SHA2_sha512_update_last(total, head_size + first, block, hash);
    } else {
        Hacl_Hash_SHA2_sha512_update_nblocks(BLOCK, block, hash);
        Hacl_Hash_SHA2_sha512_update_nblocks(whole, (uint8_t *)rest + first, hash);
        Hacl_Hash_SHA2_sha512_update_last(total, size - first - whole, (uint8_t *)rest + first + whole, hash);
    }
    Hacl_Hash_SHA2_sha512_finish(hash, digest);
}
