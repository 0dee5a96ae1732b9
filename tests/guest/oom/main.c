/* SPDX-License-Identifier: BSD-2-Clause */
/* The mapping of 200 MiB in a guest of 64 MiB succeeds, as on Linux. The page too many must end the program, not the
   kernel; a copy of the kernel's into such memory is refused first. */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/mman.h>

#define SIZE (200L << 20)

int main(void)
{
    char *p = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (p == MAP_FAILED)
        return 1;
    puts("reserved");
    fflush(stdout);
    for (long at = 0; at < SIZE; at += 4096)
        p[at] = 1;
    puts("survived");
    return 0;
}
