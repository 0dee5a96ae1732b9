/* SPDX-License-Identifier: BSD-2-Clause */
/* A private mapping of a file must show the file's bytes, zeroes up to the end of the page, the same at an offset; what
   is written to it never reaches the file; it outlives close and unlink. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"

#define PAGE 4096L
#define SIZE (3 * PAGE + 100)

int main(void)
{
    char name[] = "/tmp/mmap-file-XXXXXX", text[SIZE];
    int fd = mkstemp(name);
    char *p, *tail;

    for (long i = 0; i < SIZE; i++)
        text[i] = (char)('a' + i % 23);
    CHECK_EQ(write(fd, text, SIZE), SIZE);
    p = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    tail = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 3 * PAGE);
    CHECK(p != MAP_FAILED && tail != MAP_FAILED);
    CHECK(memcmp(p, text, SIZE) == 0);
    CHECK(p[SIZE] == 0 && p[4 * PAGE - 1] == 0);
    CHECK(memcmp(tail, text + 3 * PAGE, 100) == 0 && tail[100] == 0);
    p[0] = 'Z';
    CHECK(pread(fd, text, 1, 0) == 1 && text[0] == 'a');
    CHECK_ERRNO(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 5), EINVAL);
    CHECK_EQ(unlink(name), 0);
    CHECK_EQ(close(fd), 0);
    CHECK_EQ(munmap(p + PAGE, PAGE), 0);
    CHECK(p[0] == 'Z' && p[2 * PAGE] == 'a' + 2 * PAGE % 23);
    CHECK_EQ(munmap(p, 4 * PAGE), 0);
    CHECK_EQ(tail[99], 'a' + (3 * PAGE + 99) % 23);
    return check_done();
}
