/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks for guest programs: each that fails says where and what. The program goes on, and ends with 1. */
#ifndef TESTS_GUEST_CHECK_H
#define TESTS_GUEST_CHECK_H
#include <errno.h>
#include <stdio.h>

static int check_failures;

#define CHECK(cond)                                                                                                    \
    do {                                                                                                               \
        if (!(cond)) {                                                                                                 \
            check_failures++;                                                                                          \
            printf("line %d: not so: %s\n", __LINE__, #cond);                                                          \
        }                                                                                                              \
    } while (0)

#define CHECK_EQ(value, wanted)                                                                                        \
    do {                                                                                                               \
        long long check_value = (long long)(value), check_wanted = (long long)(wanted);                                \
        if (check_value != check_wanted) {                                                                             \
            check_failures++;                                                                                          \
            printf("line %d: %s is %lld, want %lld\n", __LINE__, #value, check_value, check_wanted);                   \
        }                                                                                                              \
    } while (0)

/* A call that has to fail with this errno. */
#define CHECK_ERRNO(call, error)                                                                                       \
    do {                                                                                                               \
        errno = 0;                                                                                                     \
        long long check_result = (long long)(call);                                                                    \
        if (check_result != -1 || errno != (error)) {                                                                  \
            check_failures++;                                                                                          \
            printf("line %d: %s gave %lld, errno %d, want errno %d\n", __LINE__, #call, check_result, errno, (error)); \
        }                                                                                                              \
    } while (0)

/* The last line and the status of a program. */
static inline int check_done(void)
{
    puts(check_failures == 0 ? "all as it should be" : "something is wrong");
    return check_failures != 0;
}

#endif
