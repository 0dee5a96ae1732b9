/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef LIB_HACL_INCLUDE_INTTYPES_H
#define LIB_HACL_INCLUDE_INTTYPES_H

#include <stdint.h>

#endif
