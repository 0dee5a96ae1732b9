/* SPDX-License-Identifier: BSD-2-Clause */
/* Which way a C library asks for the time cannot be seen from its answers: the page of facts is taken away. */
#include <stdio.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <time.h>

int main(void)
{
    struct timespec t;
    char *facts = (char *)getauxval(AT_SYSINFO_EHDR) - 4096;

    clock_gettime(CLOCK_MONOTONIC, &t);
    if (mprotect(facts, 4096, PROT_NONE) != 0)
        return 1;
    puts("reading");
    fflush(stdout);
    clock_gettime(CLOCK_MONOTONIC, &t);
    puts("not by the vDSO");
    return 0;
}
