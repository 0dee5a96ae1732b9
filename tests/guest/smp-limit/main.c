/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    printf("%ld\n", sysconf(_SC_NPROCESSORS_ONLN));
    return 0;
}
