/* SPDX-License-Identifier: BSD-2-Clause */
#include "mm/user_range.h"

bool user_range_is_valid(uint64_t addr, uint64_t len)
{
    return len <= USER_END && addr <= USER_END - len;
}

bool user_range_is_mappable(uint64_t addr, uint64_t len)
{
    return addr >= USER_START && user_range_is_valid(addr, len);
}
