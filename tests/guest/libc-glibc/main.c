/* SPDX-License-Identifier: BSD-2-Clause */
#include "../libc/main.c"
