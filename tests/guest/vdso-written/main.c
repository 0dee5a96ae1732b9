/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <sys/auxv.h>

int main(void)
{
    volatile char *facts = (char *)getauxval(AT_SYSINFO_EHDR) - 4096;

    *facts = 1;
    puts("written");
    return 0;
}
