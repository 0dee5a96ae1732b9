/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel tells the frequency by a function of its vDSO (spec/vdso.md); Linux in /proc/cpuinfo. */
#include <elf.h>
#include <hermit/isle.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>

#define KHZ_PER_MHZ 1000

/* A function of the vDSO, or null. Its objects are few: the symbols are gone through in a row. */
static void *find_in_vdso(const char *name)
{
    const char *image = (const char *)getauxval(AT_SYSINFO_EHDR), *strings = NULL;
    const Elf64_Ehdr *ehdr = (const Elf64_Ehdr *)image;
    const Elf64_Sym *symbols = NULL;
    const uint32_t *hash = NULL;

    if (!image)
        return NULL;
    for (int i = 0; i < ehdr->e_phnum; i++) {
        const Elf64_Phdr *phdr = (const Elf64_Phdr *)(image + ehdr->e_phoff) + i;

        if (phdr->p_type != PT_DYNAMIC)
            continue;
        for (const Elf64_Dyn *dyn = (const Elf64_Dyn *)(image + phdr->p_vaddr); dyn->d_tag != DT_NULL; dyn++) {
            strings = dyn->d_tag == DT_STRTAB ? image + dyn->d_un.d_ptr : strings;
            symbols = dyn->d_tag == DT_SYMTAB ? (const Elf64_Sym *)(image + dyn->d_un.d_ptr) : symbols;
            hash = dyn->d_tag == DT_HASH ? (const uint32_t *)(image + dyn->d_un.d_ptr) : hash;
        }
    }
    for (uint32_t i = 1; strings && symbols && hash && i < hash[1]; i++)
        if (strcmp(strings + symbols[i].st_name, name) == 0)
            return (void *)(image + symbols[i].st_value);
    return NULL;
}

static unsigned int read_cpuinfo(void)
{
    FILE *file = fopen("/proc/cpuinfo", "r");
    char line[256];
    double mhz = 0;

    while (file && mhz == 0 && fgets(line, sizeof line, file))
        (void)sscanf(line, "cpu MHz : %lf", &mhz);
    if (file)
        fclose(file);
    return (unsigned int)(mhz + 0.5);
}

unsigned int get_cpufreq(void)
{
    static unsigned int mhz;
    unsigned long (*tsc_khz)(void);

    if (mhz == 0) {
        tsc_khz = (unsigned long (*)(void))find_in_vdso("__vdso_anchorite_tsc_khz");
        mhz = tsc_khz ? (unsigned int)((tsc_khz() + KHZ_PER_MHZ / 2) / KHZ_PER_MHZ) : read_cpuinfo();
    }
    return mhz;
}
