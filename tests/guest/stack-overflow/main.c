/* SPDX-License-Identifier: BSD-2-Clause */
/* Endless recursion: first 7 MiB of stack must work, then the guard must stop it. */
#include <stdio.h>

static volatile char *deepest;

static int fall(int depth, char *above)
{
    volatile char frame[4096];

    frame[0] = (char)depth;
    deepest = frame;
    if (depth == 7 * 256) {
        printf("7 MiB were used\n");
        fflush(stdout);
    }
    return fall(depth + 1, (char *)frame) + frame[0] + above[0];
}

int main(void)
{
    char top = 0;

    return fall(0, &top);
}
