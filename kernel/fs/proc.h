/* SPDX-License-Identifier: BSD-2-Clause */
/* /proc and /sys: texts made when a file is opened, and links to nodes. */
#ifndef KERNEL_FS_PROC_H
#define KERNEL_FS_PROC_H
#include <stdint.h>

/* What uname and /proc say. */
#define OS_TYPE    "Linux"
#define OS_RELEASE "6.1.0-anchorite"
#define OS_VERSION "#1 Anchorite"

/* The program that runs: where /proc/self/exe leads. The node gets one reference for ever. */
void proc_set_exe(uint32_t node);

/* The node behind a link of /proc (PROC_CWD, PROC_ROOT, PROC_EXE); 0: none. */
uint32_t proc_link_node(uint32_t special);

/* The node of the open file that the name stands for in /proc/self/fd; 0 when dir is not that, or there is none. */
uint32_t proc_descriptor_node(uint32_t dir, const char *name, uint32_t length);

/* A nameless regular file, without a reference yet, with the text of PROC_TEXT and above: its node or -ENOMEM. */
int64_t proc_open(uint32_t special, uint32_t mode);

#endif
