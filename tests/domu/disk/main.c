/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

static char buffer[1 << 20];

static void must(int holds, const char *what)
{
    if (holds)
        return;
    printf("%s: errno %d\n", what, errno);
    exit(1);
}

int main(void)
{
    static const size_t sizes[] = { 1 << 20, 4096, 1000, 512, 300000, 1, 65536, 511 };
    int from, to, value = 0;
    uint64_t size = 0;
    off_t done = 0;
    struct stat stat;

    must(open("/dev/xvda", O_RDWR) < 0 && errno == EACCES, "read-only disk opened for writing");
    from = open("/dev/xvda", O_RDONLY | O_DIRECT);
    must(from >= 0, "open xvda");
    to = open("/dev/xvdb", O_RDWR);
    must(to >= 0, "open xvdb");
    must(fstat(to, &stat) == 0 && S_ISBLK(stat.st_mode) && stat.st_rdev == (202 << 8 | 16), "fstat");
    must(ioctl(from, BLKGETSIZE64, &size) == 0 && size == 16385 * 512, "BLKGETSIZE64");
    must(ioctl(from, BLKROGET, &value) == 0, "BLKROGET");
    printf("read-only: %s\n", value ? "yes" : "no");
    printf("refused: %s\n", write(from, buffer, 512) < 0 ? "yes" : "no");
    for (unsigned i = 0; done < (off_t)size; i++) {
        ssize_t got = pread(from, buffer, sizes[i % 8], done);

        must(got > 0, "read");
        must(pwrite(to, buffer, (size_t)got, done) == got, "write");
        done += got;
    }
    must(fsync(to) == 0, "fsync");
    printf("copied %ld bytes\n", (long)done);
    must(lseek(to, 0, SEEK_END) == (off_t)size && read(to, buffer, 1) == 0, "end");
    must(write(to, buffer, 1) < 0 && errno == ENOSPC, "write behind the end");
    return 0;
}
