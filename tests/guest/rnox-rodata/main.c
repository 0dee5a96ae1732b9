/* SPDX-License-Identifier: BSD-2-Clause */
/* The linker is told to keep constants in pages of their own; their bytes are a good function. */
#include <stdio.h>

static const unsigned char code[] = { 0xb8, 42, 0, 0, 0, 0xc3 };

int main(void)
{
    printf("survived %d\n", ((int (*)(void))code)());
    return 0;
}
