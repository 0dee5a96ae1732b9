/* SPDX-License-Identifier: BSD-2-Clause */
/* 40 MiB are touched and given back eight times, in a guest of 64 MiB: that works only when the frames really return. */
#define _GNU_SOURCE
#include <string.h>
#include <sys/mman.h>

#include "check.h"

#define PAGE 4096L
#define SIZE (40L << 20)

int main(void)
{
    char *p = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    unsigned char resident[2] = { 9, 9 };

    for (int round = 0; round < 8; round++) {
        for (long at = 0; at < SIZE; at += PAGE)
            p[at] = (char)(round + 1);
        CHECK_EQ(p[SIZE - PAGE], round + 1);
        CHECK_EQ(madvise(p, SIZE, MADV_DONTNEED), 0);
        CHECK_EQ(p[SIZE - PAGE], 0);
    }
    p[PAGE] = 1;
    CHECK_EQ(mincore(p, 2 * PAGE, resident), 0);
    CHECK_EQ(resident[1] & 1, 1);
    CHECK_EQ(madvise(p, PAGE, MADV_WILLNEED), 0);
    CHECK_EQ(munmap(p + PAGE, PAGE), 0);
    CHECK_ERRNO(madvise(p, 3 * PAGE, MADV_DONTNEED), ENOMEM);
    CHECK_ERRNO(madvise(p + 1, PAGE, MADV_DONTNEED), EINVAL);
    CHECK_ERRNO(madvise(p, PAGE, 12345), EINVAL);
    return check_done();
}
