/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks inside a test's kernel: each that fails is a line on the console. */
#ifndef TESTS_XEN_LOOPBACK_CHECK_H
#define TESTS_XEN_LOOPBACK_CHECK_H
#include <stdbool.h>
#include <stdint.h>

/* Is it so? Is it that number? */
#define CHECK(cond)    check_that((cond), #cond, __LINE__)
#define CHECK_EQ(a, b) check_number((int64_t)(a), (int64_t)(b), #a " == " #b, __LINE__)

bool check_that(bool holds, const char *text, int line);
bool check_number(int64_t seen, int64_t wanted, const char *text, int line);

/* The two subjects. */
void check_channels(void);
void check_grants(void);

#endif
