/* SPDX-License-Identifier: BSD-2-Clause */
/* The bytes are a good function, in memory that is only for reading and writing. */
#include <stdio.h>

static unsigned char code[] = { 0xb8, 42, 0, 0, 0, 0xc3 };

int main(void)
{
    printf("survived %d\n", ((int (*)(void))code)());
    return 0;
}
