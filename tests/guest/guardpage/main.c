/* SPDX-License-Identifier: BSD-2-Clause */
/* The space of the whole program is filled with reservations until no more fit; none may lie within 1 MiB below the
   lowest page that the stack may grow to. */
#define _GNU_SOURCE
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "check.h"

#define GAP 0x100000UL

static uintptr_t highest;

static void fill(unsigned long size)
{
    char *p;

    for (int i = 0; i < 100; i++) {
        p = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (p == MAP_FAILED)
            return;
        if ((uintptr_t)p + size > highest)
            highest = (uintptr_t)p + size;
    }
}

int main(int argc, char **argv)
{
    uintptr_t top = (uintptr_t)argv[argc - 1] / 4096 * 4096 + 4096;
    struct rlimit limit;

    CHECK_EQ(getrlimit(RLIMIT_STACK, &limit), 0);
    for (unsigned long size = 1UL << 46; size >= 4096; size /= 2)
        fill(size);
    CHECK(highest != 0 && highest < top);
    CHECK(top - highest >= limit.rlim_cur + GAP);
    return check_done();
}
