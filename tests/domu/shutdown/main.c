/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>

int main(void)
{
    puts("computing");
    fflush(stdout);
    for (volatile unsigned long i = 0;; i++)
        ;
}
