/* SPDX-License-Identifier: BSD-2-Clause */
/* SMAP keeps the kernel out of the application's pages everywhere but between stac and clac here. */
#include <linux/errno.h>

#include "mm/user.h"
#include "mm/user_range.h"
#include "x86/cpu.h"
#include "x86/fault.h"

int user_copy_in(void *dst, uint64_t user, uint64_t n)
{
    uint64_t left;

    if (!user_range_is_valid(user, n))
        return -EFAULT;
    stac();
    left = copy_may_fault(dst, (const void *)user, n);
    clac();
    return left == 0 ? 0 : -EFAULT;
}

int user_copy_out(uint64_t user, const void *src, uint64_t n)
{
    uint64_t left;

    if (!user_range_is_valid(user, n))
        return -EFAULT;
    stac();
    left = copy_may_fault((void *)user, src, n);
    clac();
    return left == 0 ? 0 : -EFAULT;
}

int user_swap_word(uint64_t user, uint32_t *expected, uint32_t next)
{
    int status;

    if (!user_range_is_valid(user, sizeof next))
        return -EFAULT;
    stac();
    status = swap_may_fault((uint32_t *)user, expected, next);
    clac();
    return status == 0 ? 0 : -EFAULT;
}

int user_zero(uint64_t user, uint64_t n)
{
    uint64_t left;

    if (!user_range_is_valid(user, n))
        return -EFAULT;
    stac();
    left = zero_may_fault((void *)user, n);
    clac();
    return left == 0 ? 0 : -EFAULT;
}

int64_t user_copy_string(char *dst, uint64_t user, uint64_t size)
{
    uint64_t limit = size;
    int64_t length;

    if (!user_range_is_valid(user, 1))
        return -EFAULT;
    if (limit > USER_END - user)
        limit = USER_END - user;
    stac();
    length = string_may_fault(dst, (const char *)user, limit);
    clac();
    if (length < 0)
        return -EFAULT;
    if ((uint64_t)length < limit)
        return length;
    return limit < size ? -EFAULT : -ENAMETOOLONG;
}
