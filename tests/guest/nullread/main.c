/* SPDX-License-Identifier: BSD-2-Clause */
/* The read must not find a page. */
#include <stdio.h>

static int *volatile nowhere;

int main(void)
{
    printf("survived %d\n", *nowhere);
    return 0;
}
