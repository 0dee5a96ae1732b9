/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static char page[4096];

int main(void)
{
    int first = open("/dev/xvda", O_RDWR), second = open("/dev/xvdb", O_RDWR);
    time_t begin;

    setvbuf(stdout, NULL, _IONBF, 0);
    if (first < 0 || second < 0)
        return 1;
    puts("reading");
    for (off_t at = 0; pread(first, page, sizeof(page), at) == sizeof(page); at = (at + 4096) % 1048576)
        ;
    printf("lied: errno %d\n", errno);
    if (open("/dev/xvda", O_RDONLY) < 0)
        printf("open: errno %d\n", errno);
    printf("other disk: %zd\n", pwrite(second, page, sizeof(page), 8192));
    puts("storm");
    begin = time(NULL);
    while (time(NULL) < begin + 4)
        if (pread(second, page, sizeof(page), 0) != sizeof(page))
            return 1;
    puts("the storm is over");
    return 0;
}
