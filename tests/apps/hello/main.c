/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>

int main(void)
{
    puts("Hello from a C program");
    return 0;
}
