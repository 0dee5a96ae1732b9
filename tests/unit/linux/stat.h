/* SPDX-License-Identifier: BSD-2-Clause */
/* On the host linux/stat.h leaves the S_IF constants to the C library's header, which kernel files do not include. */
#ifndef TESTS_UNIT_LINUX_STAT_H
#define TESTS_UNIT_LINUX_STAT_H
#pragma push_macro("__GLIBC__")
#undef __GLIBC__
#include_next <linux/stat.h>
#pragma pop_macro("__GLIBC__")

#endif
