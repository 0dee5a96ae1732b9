/* SPDX-License-Identifier: BSD-2-Clause */
/* Single pages of alternating rights fill the table. The next mapping and every split must be refused with ENOMEM and change
   nothing; whole areas can still be given back, and then there is room again. */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"

#define PAGE  4096L
#define START ((char *)0x200000000000)
#define LIMIT 70000L

static char *map_page(long i)
{
    return mmap(START + i * PAGE, PAGE, i % 2 ? PROT_READ : PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
}

int main(void)
{
    char *big = mmap(NULL, 9 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    long n = 0;

    puts("begin");
    big[4 * PAGE] = 'b';
    while (n < LIMIT && map_page(n) != MAP_FAILED)
        n++;
    CHECK(n > 500);
    CHECK_EQ(errno, ENOMEM);
    for (int i = 0; i < 8; i++) /* whatever room is left goes to splits, until there is none */
        mprotect(big + i * PAGE, PAGE, i % 2 ? PROT_READ : PROT_NONE);
    CHECK_ERRNO(munmap(START + 1, PAGE), EINVAL);
    CHECK_EQ(munmap(START, PAGE), 0);
    CHECK_EQ(munmap(START + 5 * PAGE, PAGE), 0);
    CHECK_EQ(munmap(START + 10 * PAGE, 20 * PAGE), 0);
    CHECK(map_page(0) == START);
    CHECK_EQ(START[0], 0);
    CHECK_EQ(mprotect(big, 9 * PAGE, PROT_READ), 0);
    CHECK_EQ(big[4 * PAGE], 'b');
    CHECK_EQ(munmap(START, (size_t)(n * PAGE)), 0);
    CHECK_EQ(munmap(big, 9 * PAGE), 0);
    return check_done();
}
