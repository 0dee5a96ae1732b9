/* SPDX-License-Identifier: BSD-2-Clause */
/* Not one byte may be added or lost at the end. */
#include <stdio.h>

int main(void)
{
    printf("line\r\nhalf a line, exit status=");
    return 5;
}
