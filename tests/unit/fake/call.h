/* SPDX-License-Identifier: BSD-2-Clause */
/* System calls on files, as a test writes them. */
#ifndef TESTS_UNIT_FAKE_CALL_H
#define TESTS_UNIT_FAKE_CALL_H
#include "check.h"
#include "fake/mm.h"
#include "kernel/abi/file.h"
#include "kernel/abi/syscall.h"
#include <linux/fcntl.h>
#include <string.h>

#define HERE   ((uint64_t)AT_FDCWD)
#define KERNEL 0xffffffff80000000ull
#define USER   ((uint64_t)fake_user())

static inline int64_t call(syscall_fn *fn, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
    const uint64_t arg[6] = { a, b, c, d, e, f };
    return fn(arg);
}

#define CALL1(fn, a)          call(fn, (uint64_t)(a), 0, 0, 0, 0, 0)
#define CALL2(fn, a, b)       call(fn, (uint64_t)(a), (uint64_t)(b), 0, 0, 0, 0)
#define CALL3(fn, a, b, c)    call(fn, (uint64_t)(a), (uint64_t)(b), (uint64_t)(c), 0, 0, 0)
#define CALL4(fn, a, b, c, d) call(fn, (uint64_t)(a), (uint64_t)(b), (uint64_t)(c), (uint64_t)(d), 0, 0)
#define TEXT(text)            fake_text(0, text)

static inline int64_t open_text(const char *path, uint64_t flags)
{
    return CALL3(sys_open, TEXT(path), flags, 0644);
}

static inline int64_t write_text(int64_t fd, const char *text)
{
    return CALL3(sys_write, fd, fake_text(1, text), strlen(text));
}

/* What a read of at most 4000 bytes gives, as a string in user memory. */
static inline const char *read_text(int64_t fd)
{
    int64_t n = CALL3(sys_read, fd, USER, 4000);
    fake_user()[n < 0 ? 0 : n] = '\0';
    return (const char *)fake_user();
}

static inline bool file_says(const char *path, const char *text)
{
    int64_t fd = open_text(path, O_RDONLY);
    bool same = CHECK(fd >= 0) && strcmp(read_text(fd), text) == 0;
    CHECK_EQ(CALL1(sys_close, fd), 0);
    return same;
}

#endif
