/* SPDX-License-Identifier: BSD-2-Clause */
/* What a Linux program finds on its stack when it starts: argc, argv, environment, auxiliary vector (System V ABI, 3.4.1). */
#ifndef KERNEL_STACK_H
#define KERNEL_STACK_H
#include <stdint.h>

#include "boot/cmdline.h"
#include "kernel/elf.h"

/* Writes it below top, a mapped stack of size bytes: the stack pointer, or -E2BIG or -EFAULT. bias: where the plan was moved;
   vdso: its address, or 0. */
int64_t stack_build(uint64_t top, uint64_t size, const struct elf_plan *plan, uint64_t bias, uint64_t vdso,
                    const char *path, const struct cmdline *cmdline);

#endif
