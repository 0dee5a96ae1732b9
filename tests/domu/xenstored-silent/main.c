/* SPDX-License-Identifier: BSD-2-Clause */
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* Walks a path: how many seconds did it take? */
static long walk(void)
{
    time_t begin = time(NULL);

    close(open("/tmp", O_RDONLY));
    return time(NULL) - begin;
}

int main(void)
{
    long first, second;

    puts("started");
    fflush(stdout);
    first = walk();
    second = walk();
    printf("%s (%ld s, %ld s)\n", first > 0 && second < first ? "waited, then did not" : "odd", first, second);
    fflush(stdout);
    for (;;)
        pause();
}
