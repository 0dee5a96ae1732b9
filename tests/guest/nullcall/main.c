/* SPDX-License-Identifier: BSD-2-Clause */
/* The function pointer is null: the jump must not find a page. */
#include <stdio.h>

static int (*volatile nowhere)(void);

int main(void)
{
    printf("survived %d\n", nowhere());
    return 0;
}
