/* SPDX-License-Identifier: BSD-2-Clause */
/* Linux's names of all its system calls, generated from <asm/unistd_64.h> by the Makefile. */
#ifndef KERNEL_ABI_SYSCALL_NAMES_H
#define KERNEL_ABI_SYSCALL_NAMES_H
#include <stdint.h>

/* build/gen: SYSCALL_NAMES_COUNT and SYSCALL_NAMES, "read\0write\0..." in the order of numbers, gaps empty */
#include "syscall_names_generated.h"

static inline const char *syscall_name(uint64_t number)
{
    static const char names[] = SYSCALL_NAMES;
    const char *name = names;

    for (; number > 0; number--) {
        while (*name)
            name++;
        name++;
    }
    return name;
}

#endif
