/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel starts at that address; the report may name the address that the program itself used, no more. */
#include <stdio.h>

int main(void)
{
    volatile const char *kernel = (volatile const char *)0xffffffff80100000;

    printf("survived %d\n", *kernel);
    return 0;
}
