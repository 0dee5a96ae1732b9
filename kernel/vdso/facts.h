/* SPDX-License-Identifier: BSD-2-Clause */
/* The page that the kernel writes and the application may read: nothing is in it that is not told anyway. spec/vdso.md. */
#ifndef KERNEL_VDSO_FACTS_H
#define KERNEL_VDSO_FACTS_H
#include <stdint.h>

#include "drivers/clock_face.h"

struct vdso_facts {
    struct clock_face clock;
    uint32_t cpu_count;   /* 1: the CPU that runs is 0 */
    uint32_t has_tsc_aux; /* RDTSCP tells which CPU runs */
};

#endif
