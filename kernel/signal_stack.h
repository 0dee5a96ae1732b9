/* SPDX-License-Identifier: BSD-2-Clause */
/* The stack that a thread gave for handlers with SA_ONSTACK. */
#ifndef KERNEL_SIGNAL_STACK_H
#define KERNEL_SIGNAL_STACK_H
#include <linux/signal.h>
#include <stdbool.h>

#include "kernel/signal_thread.h"

/* Is this stack pointer on it? Linux counts the end, not the start. */
bool signal_stack_holds(const struct signal_stack *stack, uint64_t rsp);

/* SS_ONSTACK, SS_DISABLE, or 0 when it could be used; with SS_AUTODISARM it is never in use. */
uint32_t signal_stack_state(const struct signal_stack *stack, uint64_t rsp);

/* sigaltstack by a thread with that stack pointer: 0, -EPERM (it is in use), -EINVAL, -ENOMEM (below MINSIGSTKSZ). */
int signal_stack_set(struct signal_stack *stack, const stack_t *user_stack, uint64_t rsp);

#endif
