/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef LIB_HACL_INCLUDE_SYS_TYPES_H
#define LIB_HACL_INCLUDE_SYS_TYPES_H

#endif
