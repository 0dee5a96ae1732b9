/* SPDX-License-Identifier: BSD-2-Clause */
/* links: mm/user_range.c */
/* Addresses that an application names (T9), against sums that cannot wrap. */
#include "mm/user_range.h"

#include "check.h"
#include "lies.h"

typedef unsigned __int128 wide;

static bool in_user_half(uint64_t addr, uint64_t len)
{
    return (wide)addr + len <= USER_END;
}

static void check_edges(void)
{
    static const uint64_t edges[] = { 0, USER_START, PAGE_SIZE, USER_END, 1ULL << 47, 1ULL << 63, UINT64_MAX };

    for (unsigned i = 0; i < sizeof(edges) / sizeof(edges[0]); i++) {
        for (unsigned j = 0; j < sizeof(edges) / sizeof(edges[0]); j++) {
            for (uint64_t near = 0; near < 9; near++) {
                uint64_t addr = edges[i] + near / 3 - 1, len = edges[j] + near % 3 - 1;

                CHECK_EQ(user_range_is_valid(addr, len), in_user_half(addr, len));
                CHECK_EQ(user_range_is_mappable(addr, len), in_user_half(addr, len) && addr >= USER_START);
                CHECK_EQ(user_range_is_valid(addr, USER_END - addr), addr <= USER_END);
            }
        }
    }
}

static void check_known(void)
{
    CHECK(user_range_is_valid(0, 0) && user_range_is_valid(USER_END, 0) && user_range_is_valid(0, USER_END));
    CHECK(!user_range_is_valid(USER_END, 1) && !user_range_is_valid(USER_END + 1, 0));
    CHECK(!user_range_is_valid(UINT64_MAX, 2) && !user_range_is_valid(2, UINT64_MAX));
    CHECK(!user_range_is_mappable(0, PAGE_SIZE) && !user_range_is_mappable(USER_START - 1, 1));
    CHECK(user_range_is_mappable(USER_START, PAGE_SIZE) && user_range_is_mappable(USER_START, USER_END - USER_START));
    CHECK(!user_range_is_mappable(USER_START, USER_END - USER_START + 1));
}

int main(void)
{
    check_known();
    check_edges();
    for (uint64_t i = lies_count(1000000); i > 0; i--) {
        uint64_t len = lies_next() >> (lies_next() % 64),
                 addr = lies_next() % 2 ? USER_END - len + lies_next() % 3 - 1 : lies_next();

        if (!CHECK_EQ(user_range_is_valid(addr, len), in_user_half(addr, len)))
            break;
    }
    return check_done();
}
