/* SPDX-License-Identifier: BSD-2-Clause */
/* Every function must be found by either hash table with version LINUX_2.6, as musl, glibc and Go look for them; readings by
   function and by system call in turn must never go back; and the page of facts stays the kernel's, whatever is done to its
   addresses. */
#define _GNU_SOURCE
#include <elf.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

#define PAGE      4096
#define LINUX_2_6 0x3ae75f6 /* the version's hash, which Go has as a constant */
#define READINGS  5000
#define PATIENCE  20000000

static char *image;
static const Elf64_Sym *symbols;
static const char *strings;
static const uint32_t *hash, *gnu_hash;
static const uint16_t *versions;
static const Elf64_Verdef *definitions;

static void open_image(void)
{
    const Elf64_Ehdr *ehdr = (const Elf64_Ehdr *)image;
    const Elf64_Phdr *phdr = (const Elf64_Phdr *)(image + ehdr->e_phoff);
    const Elf64_Dyn *dyn = NULL;

    CHECK(memcmp(image, "\177ELF\2\1", 6) == 0 && ehdr->e_type == ET_DYN && ehdr->e_machine == EM_X86_64);
    for (int i = 0; i < ehdr->e_phnum; i++) {
        if (phdr[i].p_type == PT_DYNAMIC)
            dyn = (const Elf64_Dyn *)(image + phdr[i].p_vaddr);
        if (phdr[i].p_type == PT_LOAD)
            CHECK(phdr[i].p_vaddr == 0 && phdr[i].p_flags == (PF_R | PF_X) && phdr[i].p_memsz <= PAGE);
    }
    for (; dyn && dyn->d_tag != DT_NULL; dyn++) {
        const char *at = image + dyn->d_un.d_ptr;

        symbols = dyn->d_tag == DT_SYMTAB ? (const Elf64_Sym *)at : symbols;
        strings = dyn->d_tag == DT_STRTAB ? at : strings;
        hash = dyn->d_tag == DT_HASH ? (const uint32_t *)at : hash;
        gnu_hash = dyn->d_tag == DT_GNU_HASH ? (const uint32_t *)at : gnu_hash;
        versions = dyn->d_tag == DT_VERSYM ? (const uint16_t *)at : versions;
        definitions = dyn->d_tag == DT_VERDEF ? (const Elf64_Verdef *)at : definitions;
    }
}

static int is_named(uint32_t index, const char *name)
{
    const Elf64_Verdef *version = definitions;

    if (strcmp(strings + symbols[index].st_name, name) != 0 || symbols[index].st_shndx == SHN_UNDEF)
        return 0;
    while (version->vd_ndx != versions[index] && version->vd_next)
        version = (const Elf64_Verdef *)((const char *)version + version->vd_next);
    return version->vd_ndx == versions[index] && version->vd_hash == LINUX_2_6;
}

/* System V's table (musl) */
static uint32_t find_by_hash(const char *name)
{
    uint32_t h = 0;

    for (const char *c = name; *c; c++) {
        h = (h << 4) + (unsigned char)*c;
        h = (h ^ (h >> 24 & 0xf0)) & 0xfffffff;
    }
    for (uint32_t i = hash[2 + h % hash[0]]; i != 0; i = hash[2 + hash[0] + i])
        if (is_named(i, name))
            return i;
    return 0;
}

/* GNU's table (glibc, Go) */
static uint32_t find_by_gnu_hash(const char *name)
{
    const uint32_t *buckets = gnu_hash + 4 + 2 * gnu_hash[2], *chain = buckets + gnu_hash[0];
    uint32_t h = 5381;

    for (const char *c = name; *c; c++)
        h = h * 33 + (unsigned char)*c;
    for (uint32_t i = buckets[h % gnu_hash[0]]; i >= gnu_hash[1]; i++) {
        uint32_t have = chain[i - gnu_hash[1]];

        if ((have | 1) == (h | 1) && is_named(i, name))
            return i;
        if (have & 1)
            break;
    }
    return 0;
}

static void *find(const char *name)
{
    uint32_t index = find_by_hash(name);

    CHECK(index != 0);
    CHECK_EQ(find_by_gnu_hash(name), index);
    return image + symbols[index].st_value;
}

static long long ns_of(const struct timespec *t)
{
    return t->tv_sec * 1000000000LL + t->tv_nsec;
}

/* In turn by function and by system call. */
static void check_clock(int (*gettime)(clockid_t, struct timespec *), clockid_t id)
{
    struct timespec t = { 0, 0 };
    long long last = 0, start = 0;

    for (int i = 0; i < READINGS; i++) {
        int status = i % 4 == 3 ? (int)syscall(SYS_clock_gettime, id, &t) : gettime(id, &t);

        if (status != 0 || ns_of(&t) < last) {
            CHECK_EQ(status, 0);
            CHECK(ns_of(&t) >= last);
            return;
        }
        start = i == 0 ? ns_of(&t) : start;
        last = ns_of(&t);
    }
    /* a clock that was ahead stands still until its time has come (spec/clock.md), but it goes on */
    for (int i = 0; i < PATIENCE && last == start; i++) {
        CHECK_EQ(gettime(id, &t), 0);
        last = ns_of(&t);
    }
    CHECK(last > start);
}

static void check_answers(void)
{
    static const clockid_t ids[] = {
        CLOCK_MONOTONIC,        CLOCK_REALTIME, CLOCK_MONOTONIC_RAW, CLOCK_REALTIME_COARSE,
        CLOCK_MONOTONIC_COARSE, CLOCK_BOOTTIME, CLOCK_TAI,           CLOCK_PROCESS_CPUTIME_ID
    };
    int (*gettime)(clockid_t, struct timespec *) = find("__vdso_clock_gettime");
    int (*getres)(clockid_t, struct timespec *) = find("__vdso_clock_getres");
    int (*gettimeofday_)(struct timeval *, void *) = find("__vdso_gettimeofday");
    long (*time_)(long *) = find("__vdso_time"), seconds = 0;
    long (*getcpu_)(unsigned *, unsigned *, void *) = find("__vdso_getcpu");
    struct timeval t = { 0, 0 };
    struct timespec resolution = { 9, 9 };
    unsigned cpu = 9999, node = 9999, zone[2] = { 7, 7 };

    for (unsigned i = 0; i < sizeof ids / sizeof ids[0]; i++)
        check_clock(gettime, ids[i]);
    CHECK_EQ(gettime(77, &resolution), -EINVAL);
    CHECK_EQ(getres(CLOCK_MONOTONIC, &resolution), 0);
    CHECK(resolution.tv_sec == 0 && resolution.tv_nsec == 1);
    CHECK_EQ(getres(77, NULL), -EINVAL);
    CHECK_EQ(gettimeofday_(&t, NULL), 0);
    CHECK_EQ(gettimeofday_(NULL, zone), 0);
    CHECK(zone[0] == 0 && zone[1] == 0);
    CHECK(time_(&seconds) == seconds && seconds >= t.tv_sec && seconds - t.tv_sec < 60);
    CHECK(t.tv_usec < 1000000 && syscall(SYS_time, NULL) >= seconds);
    CHECK_EQ(getcpu_(&cpu, &node, NULL), 0);
    CHECK(cpu < 8 && node == 0);
    CHECK_EQ(getcpu_(NULL, NULL, NULL), 0);
}

/* The frame outlives whatever is done to the addresses: time goes on wherever the pair of pages lies. */
static void check_walls(void)
{
    char *facts = image - PAGE, *place = mmap(NULL, 4 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int (*gettime)(clockid_t, struct timespec *) = find("__vdso_clock_gettime");
    ptrdiff_t offset = (char *)(uintptr_t)gettime - image;
    struct timespec t;

    CHECK_ERRNO(mprotect(facts, PAGE, PROT_READ | PROT_WRITE), EACCES);
    CHECK_ERRNO(mprotect(facts, PAGE, PROT_READ | PROT_EXEC), EACCES);
    CHECK_ERRNO(mprotect(facts, 2 * PAGE, PROT_READ | PROT_WRITE), EACCES);
    CHECK_ERRNO(mprotect(image, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC), EACCES);
    CHECK_ERRNO(syscall(SYS_clock_gettime, CLOCK_MONOTONIC, facts), EFAULT);
    CHECK_ERRNO(syscall(SYS_clock_gettime, CLOCK_MONOTONIC, image), EFAULT);
    CHECK_EQ(madvise(facts, PAGE, MADV_DONTNEED), 0);
    CHECK_EQ(mprotect(facts, PAGE, PROT_NONE), 0);
    CHECK_EQ(mprotect(facts, PAGE, PROT_READ), 0);
    check_clock(gettime, CLOCK_MONOTONIC);
    CHECK(mremap(facts, PAGE, 2 * PAGE, 0) == MAP_FAILED);
    CHECK(mremap(facts, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, place) == place);
    CHECK(mremap(image, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, place + PAGE) == place + PAGE);
    gettime = (int (*)(clockid_t, struct timespec *))(uintptr_t)(place + PAGE + offset);
    check_clock(gettime, CLOCK_MONOTONIC);
    /* The code is a copy of the application's own; the facts are given up, and their frame is used by nobody else. */
    CHECK_EQ(mprotect(place + PAGE, PAGE, PROT_READ | PROT_WRITE), 0);
    memset(place + PAGE, 0, PAGE);
    CHECK_EQ(munmap(place, 4 * PAGE), 0);
    for (int i = 0; i < 256; i++) {
        uint64_t *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        CHECK(page[0] == 0 && page[1] == 0);
        page[1] = ~0ull;
        CHECK_EQ(syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &t), 0);
        CHECK(page[0] == 0 && page[1] == ~0ull);
    }
}

int main(void)
{
    image = (char *)getauxval(AT_SYSINFO_EHDR);
    CHECK(image != NULL);
    if (image == NULL)
        return check_done();
    open_image();
    check_answers();
    check_walls();
    return check_done();
}
