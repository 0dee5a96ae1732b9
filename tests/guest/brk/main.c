/* SPDX-License-Identifier: BSD-2-Clause */
/* The break starts page-aligned behind the program, moves by bytes, shows zeroes where it grows again, and stays where it
   was when it is asked for what cannot be. */
#define _GNU_SOURCE
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"

extern char end[];

static char *brk_to(const char *address)
{
    return (char *)(uintptr_t)syscall(SYS_brk, address);
}

int main(void)
{
    char *start = brk_to(NULL);

    CHECK(start >= end);
    CHECK(brk_to(start + 100000) == start + 100000);
    CHECK(start[0] == 0 && start[99999] == 0);
    memset(start, 'b', 100000);
    CHECK(brk_to(start + 10) == start + 10);
    CHECK_EQ(start[9], 'b');
    CHECK(brk_to(start + 100000) == start + 100000);
    CHECK_EQ(start[50000], 0);
    CHECK(brk_to(start - 4096 * 1024 * 1024L) == start + 100000);
    CHECK(brk_to((char *)0xffff800000000000) == start + 100000);
    CHECK(brk_to((char *)UINTPTR_MAX) == start + 100000);
    CHECK(brk_to(start) == start);
    return check_done();
}
