/* SPDX-License-Identifier: BSD-2-Clause */
/* What Linux's mmap, munmap and mprotect promise: fresh memory is zero, an unmapped middle leaves both ends, a fixed
   mapping replaces what was there, rights can be taken and given, what makes no sense is refused. Whether memory can be
   touched is asked of the kernel, by a write from there to a pipe. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"

#define PAGE 4096L

static int fd[2];

/* Can one byte be read there? */
static int is_readable(const char *p)
{
    char byte;

    return write(fd[1], p, 1) == 1 && read(fd[0], &byte, 1) == 1;
}

/* Can one byte be written there? */
static int is_writable(char *p)
{
    return write(fd[1], "w", 1) == 1 && (read(fd[0], p, 1) == 1 || (read(fd[0], &(char){ 0 }, 1), 0));
}

static char *map(long pages, int prot)
{
    return mmap(NULL, (size_t)(pages * PAGE), prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void check_split(void)
{
    char *p = map(8, PROT_READ | PROT_WRITE);

    for (int i = 0; i < 8; i++)
        CHECK_EQ(p[i * PAGE + i], 0);
    memset(p, 'x', 8 * PAGE);
    CHECK_EQ(munmap(p + 2 * PAGE, 3 * PAGE), 0);
    CHECK(is_readable(p + 2 * PAGE - 1));
    CHECK(!is_readable(p + 2 * PAGE));
    CHECK(!is_readable(p + 5 * PAGE - 1));
    CHECK(is_readable(p + 5 * PAGE));
    CHECK_EQ(munmap(p, 8 * PAGE), 0); /* the hole in it is no error */
    CHECK_EQ(munmap(p, 8 * PAGE), 0);
    CHECK(!is_readable(p));
}

static void check_fixed(void)
{
    char *p = map(4, PROT_READ | PROT_WRITE);

    memset(p, 'y', 4 * PAGE);
    CHECK(mmap(p + PAGE, 2 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == p + PAGE);
    CHECK(p[0] == 'y' && p[PAGE] == 0 && p[3 * PAGE - 1] == 0 && p[3 * PAGE] == 'y');
    CHECK(!is_writable(p + PAGE));
    CHECK_ERRNO(mmap(p, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0), EEXIST);
    CHECK_EQ(munmap(p, 4 * PAGE), 0);
    CHECK(mmap(p, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == p);
    CHECK(mmap(p + PAGE, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == p + PAGE); /* a hint that is free */
    CHECK(mmap(p, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != p);
}

static void check_rights(void)
{
    char *p = map(5, PROT_READ | PROT_WRITE);

    memset(p, 'z', 5 * PAGE);
    CHECK_EQ(mprotect(p + PAGE, PAGE, PROT_READ), 0);
    CHECK_EQ(mprotect(p + 2 * PAGE, PAGE, PROT_NONE), 0);
    CHECK(is_writable(p) && !is_writable(p + PAGE) && is_readable(p + PAGE));
    CHECK(!is_readable(p + 2 * PAGE) && is_writable(p + 3 * PAGE));
    CHECK_EQ(mprotect(p + 2 * PAGE, PAGE, PROT_READ | PROT_WRITE), 0);
    CHECK_EQ(p[2 * PAGE + 5], 'z'); /* what was there comes back */
    CHECK_EQ(munmap(p + 3 * PAGE, PAGE), 0);
    CHECK_ERRNO(mprotect(p + 2 * PAGE, 3 * PAGE, PROT_READ), ENOMEM);
    CHECK_ERRNO(syscall(SYS_mprotect, p + 1, PAGE, PROT_READ), EINVAL); /* the C library would round */
    CHECK_EQ(mprotect(p, 0, PROT_READ), 0);
}

static void check_refused(void)
{
    char *p = map(1, PROT_READ);

    CHECK_ERRNO(mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), EINVAL);
    CHECK_ERRNO(mmap(NULL, PAGE, PROT_READ, MAP_ANONYMOUS, -1, 0), EINVAL);
    CHECK_ERRNO(mmap(p + 1, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0), EINVAL);
    CHECK_ERRNO(mmap(NULL, 1UL << 62, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0), ENOMEM);
    CHECK_ERRNO(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, 77, 0), EBADF);
    CHECK_ERRNO(munmap(p + 1, PAGE), EINVAL);
    CHECK_ERRNO(munmap(p, 0), EINVAL);
    CHECK_ERRNO(munmap((void *)0xffff800000000000, PAGE), EINVAL);
    CHECK_ERRNO(munmap(p, -2 * PAGE), EINVAL);
}

/* 500 pieces with holes between them, and all of them given back in one call. */
static void check_many(void)
{
    char *p = map(1000, PROT_READ | PROT_WRITE);

    for (int i = 0; i < 1000; i += 2)
        CHECK_EQ(munmap(p + i * PAGE, PAGE), 0);
    for (int i = 1; i < 1000; i += 2)
        p[i * PAGE] = (char)i;
    for (int i = 1; i < 1000; i += 2)
        CHECK_EQ(p[i * PAGE], (char)i);
    CHECK_EQ(munmap(p, 1000 * PAGE), 0);
    CHECK(!is_readable(p + PAGE) && !is_readable(p + 999 * PAGE));
}

int main(void)
{
    CHECK_EQ(pipe2(fd, O_NONBLOCK), 0);
    check_split();
    check_fixed();
    check_rights();
    check_refused();
    check_many();
    return check_done();
}
