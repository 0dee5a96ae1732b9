/* SPDX-License-Identifier: BSD-2-Clause */
/* A program that only prints must come out the same as on Linux, with its status. */
#include <stdio.h>

int main(int argc, char **argv)
{
    printf("Hello, world! %d argument\n", argc - 1);
    printf("%s has %.3f\n", argv[1], 22 / 7.0);
    return 0;
}
