/* SPDX-License-Identifier: BSD-2-Clause */
/* The sum over all bytes and their places must be what it is on Linux; the program dawdles before it reads. */
#include <stdio.h>
#include <time.h>
#include <unistd.h>

int main(void)
{
    struct timespec pause = { 0, 2000000 };
    unsigned long sum = 0, n = 0;
    unsigned char block[257];
    ssize_t got;

    while ((got = read(0, block, sizeof block)) > 0) {
        for (ssize_t i = 0; i < got; i++, n++)
            sum += (n % 251 + 1) * block[i];
        nanosleep(&pause, NULL);
    }
    printf("%lu bytes, sum %lu\n", n, sum);
    return got != 0;
}
