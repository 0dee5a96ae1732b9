/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef LIB_HACL_INCLUDE_MALLOC_H
#define LIB_HACL_INCLUDE_MALLOC_H

#endif
