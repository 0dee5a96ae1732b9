/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines look like the kernel's last one; all of them must come out as output, and the status must be 7. */
#include <stdio.h>

int main(void)
{
    puts("exit status=0");
    puts("exit status=3\nexit status=4");
    printf("\r\r\nexit status=5\n");
    return 7;
}
