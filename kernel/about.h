/* SPDX-License-Identifier: BSD-2-Clause */
/* What /proc/self tells about the program: its areas, arguments and environment, as proc(5) has them. */
#ifndef KERNEL_ABOUT_H
#define KERNEL_ABOUT_H
#include "boot/cmdline.h"

/* Registers the texts with the file system. name is argv[0]; both stay readable for ever. */
void about_start(const char *name, const struct cmdline *cmdline);

#endif
