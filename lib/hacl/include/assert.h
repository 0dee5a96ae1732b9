/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef LIB_HACL_INCLUDE_ASSERT_H
#define LIB_HACL_INCLUDE_ASSERT_H

#endif
