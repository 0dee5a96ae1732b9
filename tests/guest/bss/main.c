/* SPDX-License-Identifier: BSD-2-Clause */
/* Only the pages that are touched may get memory, and all of them must be zero. */
#include "check.h"

static char big[336000000];

int main(void)
{
    char *volatile p = big;

    for (unsigned long at = 0; at < sizeof big; at += sizeof big / 64)
        CHECK_EQ(p[at], 0);
    p[sizeof big - 1] = 'b';
    CHECK_EQ(p[sizeof big - 1], 'b');
    return check_done();
}
