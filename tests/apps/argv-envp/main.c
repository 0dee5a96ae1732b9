/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>

int main(int argc, char **argv, char **envp)
{
    for (int i = 1; i < argc; i++)
        printf("argument %d: %s\n", i, argv[i]);
    for (char **each = envp; *each; each++)
        printf("environment: %s\n", *each);
    return argc;
}
