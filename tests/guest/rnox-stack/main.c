/* SPDX-License-Identifier: BSD-2-Clause */
/* The program is linked with an executable stack, which the kernel does not grant. */
#include <stdio.h>

int main(void)
{
    volatile unsigned char code[] = { 0xb8, 42, 0, 0, 0, 0xc3 };

    printf("survived %d\n", ((int (*)(void))code)());
    return 0;
}
