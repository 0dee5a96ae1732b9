/* SPDX-License-Identifier: BSD-2-Clause */
/* Tables of system calls: arguments in, the result out. */
#ifndef TESTS_UNIT_FAKE_SYSCALL_H
#define TESTS_UNIT_FAKE_SYSCALL_H
#include "check.h"
#include "fake/mm.h"
#include "fake/thread.h"

#include <string.h>

#define PLACE_MASK 0xffffffffff000000ULL
#define PLACE      0x5500001100000000ULL

/* The address of that byte of the fake user memory, in a table; and one where nothing is. */
#define AT(n)    (PLACE | (n))
#define NOWHERE  0x1000ULL
#define HIGH(n)  (0xabcd000000000000ULL | (uint32_t)(n)) /* the same number to a call that takes 32 bits of it */
#define ROWS(of) (sizeof(of) / sizeof((of)[0]))

struct syscall_row {
    const char *file;
    int line;
    syscall_fn *call;
    uint64_t arg[6];
    int64_t result;
};

/* A row: call, { arguments }, result, which is ENDED when it does not come back. */
#define ROW(name, ...)                                                                                                 \
    {                                                                                                                  \
        __FILE__, __LINE__, name, __VA_ARGS__                                                                          \
    }

static inline uint64_t placed(uint64_t value)
{
    return (value & PLACE_MASK) == PLACE ? (uint64_t)fake_user() + (uint32_t)(value & ~PLACE_MASK) : value;
}

/* The call with up to six arguments. */
#define call(fn, ...) call_with(fn, (const uint64_t[6]){ __VA_ARGS__ })

static inline int64_t call_with(syscall_fn *fn, const uint64_t row[6])
{
    uint64_t arg[6];

    for (int k = 0; k < 6; k++)
        arg[k] = placed(row[k]);
    return fake_call(fn, arg);
}

static inline void check_rows(const struct syscall_row *row, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        check_equal((uint64_t)call_with(row[i].call, row[i].arg), (uint64_t)row[i].result, "the row's result",
                    row[i].file, row[i].line);
}

/* The words of the fake user memory, 8 bytes each, and its 32-bit ones. */
static inline uint64_t *words(uint32_t at)
{
    return (uint64_t *)(fake_user() + at);
}

static inline uint32_t *halves(uint32_t at)
{
    return (uint32_t *)(fake_user() + at);
}

#endif
