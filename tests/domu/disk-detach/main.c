/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static char page[4096];

static void rest(long ms)
{
    struct timespec time = { ms / 1000, ms % 1000 * 1000000 };

    nanosleep(&time, NULL);
}

int main(void)
{
    int first = open("/dev/xvda", O_RDWR), second = open("/dev/xvdb", O_RDWR), again;

    setvbuf(stdout, NULL, _IONBF, 0);
    if (first < 0 || second < 0)
        return 1;
    puts("reading");
    for (off_t at = 0; pread(first, page, sizeof(page), at) == sizeof(page); at = (at + 4096) % 1048576)
        ;
    printf("errno %d\n", errno);
    printf("other disk: %zd\n", pwrite(second, page, sizeof(page), 8192));
    /* The tools take the keys away a little later. */
    for (int i = 0; i < 100 && (again = open("/dev/xvda", O_RDONLY)) < 0 && errno != ENXIO; i++)
        rest(100);
    printf("open: errno %d\n", errno);
    for (int i = 0; i < 300 && (again = open("/dev/xvda", O_RDONLY)) < 0; i++)
        rest(100);
    printf("back: %zd\n", read(again, page, sizeof(page)));
    return 0;
}
