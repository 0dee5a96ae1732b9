/* SPDX-License-Identifier: BSD-2-Clause */
/* What a unit test is written with: it checks, prints each check that failed, and ends with check_done(). */
#ifndef TESTS_UNIT_CHECK_H
#define TESTS_UNIT_CHECK_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

static unsigned check_count;
static unsigned check_failures;

/* Is the condition true? Prints file, line and the text of the condition if not, and goes on. Gives the condition. */
#define CHECK(cond) check_that((cond), #cond, __FILE__, __LINE__)

/* Are the two integers equal, as 64-bit values? Prints both if not, and goes on. Gives whether they are. */
#define CHECK_EQ(a, b) check_equal((uint64_t)(a), (uint64_t)(b), #a " == " #b, __FILE__, __LINE__)

static inline bool check_that(bool holds, const char *text, const char *file, int line)
{
    check_count++;
    if (!holds) {
        check_failures++;
        printf("%s:%d: failed: %s\n", file, line, text);
    }
    return holds;
}

static inline bool check_equal(uint64_t left, uint64_t right, const char *text, const char *file, int line)
{
    if (check_that(left == right, text, file, line))
        return true;
    printf("    left  0x%" PRIx64 " (%" PRId64 ")\n    right 0x%" PRIx64 " (%" PRId64 ")\n", left, (int64_t)left, right,
           (int64_t)right);
    return false;
}

/* The last statement of main, `return check_done();`: prints `FILE: N checks, M failed`, gives the exit status. A
 * program without any check failed too. */
#define check_done() check_finish(__FILE__)

static inline int check_finish(const char *file)
{
    printf("%s: %u checks, %u failed\n", file, check_count, check_failures);
    return check_count > 0 && check_failures == 0 ? 0 : 1;
}

#endif
