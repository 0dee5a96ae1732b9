/* SPDX-License-Identifier: BSD-2-Clause */
/* Waits for a line, walks a path when it has an argument, and ends with 7. */
#include <fcntl.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    (void)argv;
    puts("ready");
    fflush(stdout);
    getchar();
    if (argc > 1)
        printf("path: %d\n", open("/tmp", O_RDONLY) < 0);
    puts("the end");
    return 7;
}
