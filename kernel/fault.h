/* SPDX-License-Identifier: BSD-2-Clause */
/* Which signal a fault in ring 3 is. */
#ifndef KERNEL_FAULT_H
#define KERNEL_FAULT_H
#include "kernel/signal_queue.h"
#include "x86/trap.h"

/* The signal that Linux sends, what it tells about it, and what the report calls it. */
struct fault_kind {
    struct signal_info info;
    const char *what;
};

struct fault_kind fault_kind(const struct trap_frame *frame, uint64_t address);

/* The current thread faulted: its handler runs, or the program ends with a report (kernel/end.h). */
void fault_take(const struct trap_frame *frame, uint64_t address);

#endif
