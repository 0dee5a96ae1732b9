/* SPDX-License-Identifier: BSD-2-Clause */
#include "../vdso-used/main.c"
