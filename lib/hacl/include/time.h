/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef LIB_HACL_INCLUDE_TIME_H
#define LIB_HACL_INCLUDE_TIME_H

typedef long time_t;

time_t time(time_t *when);

#endif
