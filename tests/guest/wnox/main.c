/* SPDX-License-Identifier: BSD-2-Clause */
/* Every way to writable and executable memory must be refused with EACCES; the way through two steps (write, then
   make executable and read-only) must work, and must take the right to write away. */
#define _GNU_SOURCE
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"

#define PAGE 4096UL
#define RWX  (PROT_READ | PROT_WRITE | PROT_EXEC)

int main(void)
{
    static const unsigned char code[] = { 0xb8, 42, 0, 0, 0, 0xc3 }; /* mov $42, %eax; ret */
    char *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int fd[2];

    CHECK_ERRNO(mmap(NULL, PAGE, RWX, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), EACCES);
    CHECK_ERRNO(mmap(NULL, PAGE, PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), EACCES);
    CHECK_ERRNO(mmap(p, PAGE, RWX, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0), EACCES);
    CHECK_ERRNO(mprotect(p, PAGE, RWX), EACCES);
    CHECK_ERRNO(mprotect(p, PAGE, PROT_WRITE | PROT_EXEC), EACCES);
    CHECK_ERRNO(mprotect((void *)((unsigned long)main / PAGE * PAGE), PAGE, RWX), EACCES);
    memcpy(p, code, sizeof code);
    CHECK_EQ(mprotect(p, PAGE, PROT_READ | PROT_EXEC), 0);
    CHECK_EQ(((int (*)(void))p)(), 42);
    CHECK_EQ(pipe(fd), 0);
    CHECK_EQ(write(fd[1], "x", 1), 1);
    CHECK_ERRNO(read(fd[0], p, 1), EFAULT); /* nor may the kernel write there */
    return check_done();
}
