/* SPDX-License-Identifier: BSD-2-Clause */
/* Language runtimes reserve far more than there is and open pieces of it. Neither the reservation nor an opened piece may
   cost memory before it is touched. */
#define _GNU_SOURCE
#include <string.h>
#include <sys/mman.h>

#include "check.h"

#define RESERVED (1600L << 20)
#define PIECE    (8L << 20)

int main(void)
{
    char *p = mmap(NULL, RESERVED, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    char *q = mmap(NULL, RESERVED, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    CHECK(p != MAP_FAILED && q != MAP_FAILED);
    for (long at = 0; at + PIECE <= RESERVED; at += 10 * PIECE) {
        CHECK_EQ(mprotect(p + at, PIECE, PROT_READ | PROT_WRITE), 0);
        CHECK_EQ(p[at + PIECE - 1], 0);
        p[at] = q[at] = 'r';
    }
    CHECK(p[0] == 'r' && q[10 * PIECE] == 'r' && q[1] == 0);
    CHECK_EQ(munmap(p, RESERVED), 0);
    CHECK_EQ(munmap(q, RESERVED), 0);
    return check_done();
}
