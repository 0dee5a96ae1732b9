/* SPDX-License-Identifier: BSD-2-Clause */
/* Must not start: 336 MB of .bss do not fit into 64 MiB. */
#include <stdio.h>

static char big[336000000];

int main(void)
{
    char *volatile p = big;

    printf("started %d\n", p[1]);
    return 0;
}
