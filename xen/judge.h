/* SPDX-License-Identifier: BSD-2-Clause */
/* What a hypercall's result means. Xen's error numbers are Linux's for all calls used here (xen/errno.h). */
#ifndef XEN_JUDGE_H
#define XEN_JUDGE_H
#include <linux/errno.h>
#include <stdint.h>

#define JUDGE_ERRNO_END 4096

/* Of a call whose only success is 0: 0 or a negative errno. A positive result is never a success (XSA-316). */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures success: \result == 0 <==> result == 0;
    ensures error: result != 0 ==> \result == (-JUDGE_ERRNO_END < result < 0 ? result : -EIO); */
static inline int judge_zero(int64_t result)
{
    if (result == 0)
        return 0;
    return result < 0 && result > -JUDGE_ERRNO_END ? (int)result : -EIO;
}

/* Of a call that counts: at most limit, or a negative errno. */
/*@ requires limit: limit <= 0x7fffffffffffffff;
    terminates \true; exits \false; assigns \nothing;
    ensures count: 0 <= result <= limit ==> \result == result;
    ensures error: !(0 <= result <= limit) ==> \result == (-JUDGE_ERRNO_END < result < 0 ? result : -EIO); */
static inline int64_t judge_count(int64_t result, uint64_t limit)
{
    if (result < 0)
        return result > -JUDGE_ERRNO_END ? result : -EIO;
    return (uint64_t)result <= limit ? result : -EIO;
}

#endif
