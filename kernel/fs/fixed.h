/* SPDX-License-Identifier: BSD-2-Clause */
/* The names every boot has: /dev, /proc, /sys, /tmp and the bare program. Made at the first path walk, not before. */
#ifndef KERNEL_FS_FIXED_H
#define KERNEL_FS_FIXED_H
#include <stdint.h>

/* The root and the console, as nodes NODE_ROOT and NODE_CONSOLE: 0 or -ENOMEM. Once, before any other node. */
int fixed_start(void);

/* Makes what is not there yet: 0, or -ENOSPC; then the next call goes on where this one stopped. */
int fixed_populate(void);

/* The node of all links in /proc/self/fd; known after fixed_populate. */
uint32_t fixed_descriptor_link(void);

/* Nodes up to this one are the kernel's: what an archive brings does not replace them. */
uint32_t fixed_last_node(void);

#endif
