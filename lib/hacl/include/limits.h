/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef LIB_HACL_INCLUDE_LIMITS_H
#define LIB_HACL_INCLUDE_LIMITS_H

#endif
