/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static char page[4096];

int main(void)
{
    static char name[] = "/dev/xvdb";
    int fd;

    for (; name[8] <= 'f'; name[8]++) {
        fd = open(name, O_RDONLY);
        printf("%s: errno %d\n", name + 5, fd < 0 ? errno : 0);
    }
    fd = open("/dev/xvda", O_RDWR);
    printf("xvda: %zd bytes\n", fd < 0 ? -errno : read(fd, page, sizeof(page)));
    return 0;
}
