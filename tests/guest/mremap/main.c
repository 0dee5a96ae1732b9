/* SPDX-License-Identifier: BSD-2-Clause */
/* Contents go along with every move, new pages are zero, what was given up is gone, neighbours stay untouched. */
#define _GNU_SOURCE
#include <string.h>
#include <sys/mman.h>

#include "check.h"

#define PAGE 4096L

static char *map(long pages)
{
    return mmap(NULL, (size_t)(pages * PAGE), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void check_in_place(void)
{
    char *p = map(10);

    memset(p, 'a', 4 * PAGE);
    CHECK_EQ(munmap(p + 4 * PAGE, 6 * PAGE), 0);
    CHECK(mremap(p, 4 * PAGE, 6 * PAGE, 0) == p);
    CHECK(p[4 * PAGE - 1] == 'a' && p[4 * PAGE] == 0 && p[6 * PAGE - 1] == 0);
    CHECK(mremap(p, 6 * PAGE, 2 * PAGE, 0) == p);
    CHECK(mremap(p, 2 * PAGE, 3 * PAGE, 0) == p);
    CHECK(p[2 * PAGE - 1] == 'a' && p[2 * PAGE] == 0);
}

static void check_moved(void)
{
    char *p = map(8), *q;

    for (int i = 0; i < 8; i++)
        p[i * PAGE] = (char)('0' + i);
    /* the middle cannot grow where it is */
    CHECK_ERRNO(mremap(p + 2 * PAGE, 2 * PAGE, 5 * PAGE, 0), ENOMEM);
    q = mremap(p + 2 * PAGE, 2 * PAGE, 5 * PAGE, MREMAP_MAYMOVE);
    CHECK(q != MAP_FAILED && q != p + 2 * PAGE);
    CHECK(q[0] == '2' && q[PAGE] == '3' && q[2 * PAGE] == 0 && q[5 * PAGE - 1] == 0);
    CHECK(p[PAGE] == '1' && p[4 * PAGE] == '4');
    CHECK(mmap(p + 2 * PAGE, 2 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) ==
          p + 2 * PAGE);
    CHECK_EQ(p[2 * PAGE], 0);
}

static void check_fixed(void)
{
    char *p = map(2), *q = map(4);

    memset(p, 'p', 2 * PAGE);
    memset(q, 'q', 4 * PAGE);
    CHECK(mremap(p, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, q + PAGE) == q + PAGE);
    CHECK(q[0] == 'q' && q[PAGE] == 'p' && q[3 * PAGE - 1] == 'p' && q[3 * PAGE] == 'q');
    CHECK_ERRNO(mremap(q, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, q + PAGE), EINVAL);
}

static void check_refused(void)
{
    char *p = map(4);

    CHECK_EQ(munmap(p + 2 * PAGE, 2 * PAGE), 0);
    CHECK_ERRNO(mremap(p, 3 * PAGE, 4 * PAGE, MREMAP_MAYMOVE), EFAULT);
    CHECK_ERRNO(mremap(p + 3 * PAGE, PAGE, 2 * PAGE, MREMAP_MAYMOVE), EFAULT);
    CHECK_ERRNO(mremap(p + 1, PAGE, 2 * PAGE, MREMAP_MAYMOVE), EINVAL);
    CHECK_ERRNO(mremap(p, PAGE, 0, MREMAP_MAYMOVE), EINVAL);
    CHECK_ERRNO(mremap(p, PAGE, 2 * PAGE, 64), EINVAL);
}

/* Grown page by page as realloc does it, everything is still there at the end. */
static void check_growth(void)
{
    char *p = map(1);

    for (long pages = 1; pages < 300; pages++) {
        p[(pages - 1) * PAGE] = (char)pages;
        p = mremap(p, (size_t)(pages * PAGE), (size_t)((pages + 1) * PAGE), MREMAP_MAYMOVE);
        if (p == MAP_FAILED)
            break;
    }
    CHECK(p != MAP_FAILED);
    for (long pages = 1; p != MAP_FAILED && pages < 300; pages++)
        CHECK_EQ(p[(pages - 1) * PAGE], (char)pages);
}

int main(void)
{
    check_in_place();
    check_moved();
    check_fixed();
    check_refused();
    check_growth();
    return check_done();
}
