/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory is used up by reads of /dev/zero into untouched pages, then by writes to a file: first EFAULT or a short count,
   then ENOSPC or ENOMEM; once memory is given back, all works again. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"

#define SIZE (200L << 20)
#define STEP (1L << 20)

static char block[STEP];

static long fill_by_reads(char *p)
{
    int zero = open("/dev/zero", O_RDONLY);
    long done = 0, n = STEP;

    while (done + STEP <= SIZE && n == STEP) {
        n = read(zero, p + done, STEP);
        done += n > 0 ? n : 0;
    }
    CHECK(n < STEP);
    CHECK(n >= 0 || errno == EFAULT || errno == ENOMEM);
    close(zero);
    return done;
}

static long fill_by_writes(int fd)
{
    long done = 0, n = STEP;

    while (done + STEP <= SIZE && n == STEP) {
        n = write(fd, block, STEP);
        done += n > 0 ? n : 0;
    }
    CHECK(n < STEP);
    CHECK(n >= 0 || errno == ENOSPC || errno == ENOMEM);
    return done;
}

int main(void)
{
    char *p = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int fd = open("/tmp/big", O_RDWR | O_CREAT, 0600);
    long done;

    for (long at = 0; at < STEP; at += 4096)
        block[at] = 1;
    puts("begin"); /* the C library's buffer exists from here on */
    for (int round = 0; round < 2; round++) {
        done = fill_by_reads(p);
        CHECK(done > 40 * STEP);
        CHECK_EQ(madvise(p, SIZE, MADV_DONTNEED), 0);
        done = fill_by_writes(fd);
        CHECK(done > 40 * STEP);
        CHECK_EQ(ftruncate(fd, 0), 0);
        CHECK_EQ(lseek(fd, 0, SEEK_SET), 0);
    }
    return check_done();
}
