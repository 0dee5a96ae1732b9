/* SPDX-License-Identifier: BSD-2-Clause */
/* No request may put memory below 64 KiB, and a hint there is not obeyed. */
#define _GNU_SOURCE
#include <stdint.h>
#include <sys/mman.h>

#include "check.h"

#define PAGE  4096UL
#define FIXED (MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED)

static char *map(unsigned long address, unsigned long size, int flags)
{
    return mmap((void *)address, size, PROT_READ, flags, -1, 0);
}

int main(void)
{
    char *p = map(1UL << 32, PAGE, FIXED), *hinted = map(PAGE, PAGE, MAP_PRIVATE | MAP_ANONYMOUS);

    CHECK((uintptr_t)hinted >= 0x10000 && hinted != MAP_FAILED);
    for (unsigned long address = 0; address < 0x10000; address += PAGE)
        CHECK_ERRNO((long)map(address, PAGE, FIXED), EPERM);
    CHECK_ERRNO((long)map(0xf000, 2 * PAGE, FIXED), EPERM);
    CHECK_ERRNO((long)map(0, 1UL << 30, FIXED), EPERM);
    CHECK_ERRNO((long)mremap(p, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, (void *)PAGE), EINVAL);
    CHECK(map(0x10000, PAGE, FIXED) == (char *)0x10000);
    return check_done();
}
