/* SPDX-License-Identifier: BSD-2-Clause */
/* Every entry of the auxiliary vector that a runtime uses must be there and true, and the initial stack pointer a
   multiple of 16 with argc on top. AT_RANDOM points to sixteen bytes that are not all zero. */
#include <elf.h>
#include <stdint.h>
#include <string.h>
#include <sys/auxv.h>

#include "check.h"

extern const char __ehdr_start[];
extern int _start(void);

static void check_headers(void)
{
    const Elf64_Phdr *phdr = (const Elf64_Phdr *)getauxval(AT_PHDR);
    unsigned long count = getauxval(AT_PHNUM);
    int loads = 0;

    CHECK_EQ(getauxval(AT_PHENT), sizeof *phdr);
    CHECK((const char *)phdr > __ehdr_start && (const char *)phdr < __ehdr_start + 4096);
    CHECK(count > 3 && count < 64);
    for (unsigned long i = 0; i < count; i++)
        loads += phdr[i].p_type == PT_LOAD;
    CHECK(loads >= 2);
}

static void check_random(void)
{
    static const char zero[16];
    const char *random = (const char *)getauxval(AT_RANDOM);

    CHECK(random != NULL);
    CHECK(random && memcmp(random, zero, sizeof zero) != 0);
}

int main(int argc, char **argv)
{
    const uint64_t *word = (const uint64_t *)argv - 1;
    const char *name = (const char *)getauxval(AT_EXECFN), *platform = (const char *)getauxval(AT_PLATFORM);

    check_headers();
    check_random();
    CHECK_EQ(getauxval(AT_PAGESZ), 4096);
    CHECK_EQ(getauxval(AT_ENTRY), (uintptr_t)_start);
    CHECK_EQ(getauxval(AT_CLKTCK), 100);
    CHECK(getauxval(AT_SYSINFO_EHDR) != 0);
    CHECK_EQ(getauxval(AT_BASE), 0);
    CHECK_EQ(getauxval(AT_SECURE), 0);
    CHECK(getauxval(AT_HWCAP) & 1u << 25); /* CPUID 1: SSE */
    CHECK(name && name[0] == '/');
    CHECK(platform && strcmp(platform, "x86_64") == 0);
    CHECK_EQ(word[0], argc);
    CHECK_EQ((uintptr_t)word % 16, 0);
    return check_done();
}
