/* SPDX-License-Identifier: BSD-2-Clause */
/* Prints what it was given, each in brackets. It must be what the user typed: no word split, joined, lost or taken by
   the kernel. */
#include <stdio.h>
#include <stdlib.h>

extern char **environ;

int main(int argc, char **argv)
{
    printf("%d\n", argc);
    for (int i = 1; i < argc; i++)
        printf("[%s]\n", argv[i]);
    for (char **e = environ; *e; e++)
        printf("{%s}\n", *e);
    printf("%s %d\n", getenv("SENTENCE"), getenv("PATH") != NULL);
    return argv[argc] != NULL;
}
