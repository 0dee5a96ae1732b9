/* SPDX-License-Identifier: BSD-2-Clause */
/* The store must fault; nothing after it may run. */
#include <stdio.h>

int main(void)
{
    *(volatile char *)main = 0;
    puts("survived");
    return 0;
}
