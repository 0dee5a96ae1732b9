/* SPDX-License-Identifier: BSD-2-Clause */
/* How long the calls that wait for files wait. */
#ifndef KERNEL_ABI_TIMEOUT_H
#define KERNEL_ABI_TIMEOUT_H
#include <stdint.h>

/* The moment so many milliseconds from now: 0 stands for not waiting at all, less for SCHED_FOREVER. */
uint64_t timeout_after(int32_t milliseconds);

/* A timeout that the application gives by address, in units of unit nanoseconds. */
struct timeout {
    uint64_t user;
    uint64_t unit;
    uint64_t deadline; /* monotonic, 0: not waiting at all */
};

/* Takes it from user address user (0: no timeout): 0, -EFAULT, -EINVAL. */
int timeout_take(struct timeout *timeout, uint64_t user, uint64_t unit);

/* Puts what is left of it where it came from. */
void timeout_give(const struct timeout *timeout);

#endif
