/* SPDX-License-Identifier: BSD-2-Clause */
/* The smallest program that says something: what is measured until its first byte comes out. */
#include <stdio.h>

int main(void)
{
    puts("Hello from Anchorite!");
    return 0;
}
