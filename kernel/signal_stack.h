/* SPDX-License-Identifier: BSD-2-Clause */
/* The stack that a thread gave for handlers with SA_ONSTACK. */
#ifndef KERNEL_SIGNAL_STACK_H
#define KERNEL_SIGNAL_STACK_H
#include <linux/signal.h>
#include <stdbool.h>

#include "kernel/signal_thread.h"

#include "spec/signal_stack.acsl"

/* Is this stack pointer on it? Linux counts the end, not the start. */
/*@ requires valid: \valid_read(stack);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> StackHolds(stack, rsp); */
bool signal_stack_holds(const struct signal_stack *stack, uint64_t rsp);

/* SS_ONSTACK, SS_DISABLE, or 0 when it could be used; with SS_AUTODISARM it is never in use. */
/*@ requires valid: \valid_read(stack);
    terminates \true; exits \false; assigns \nothing;
    ensures used: \result == SS_ONSTACK <==> StackUsed(stack, rsp);
    ensures none: \result == SS_DISABLE <==> stack->size == 0;
    ensures states: \result == SS_ONSTACK || \result == SS_DISABLE || \result == 0; */
uint32_t signal_stack_state(const struct signal_stack *stack, uint64_t rsp);

/* sigaltstack by a thread with that stack pointer: 0, -EPERM (it is in use), -EINVAL, -ENOMEM (below MINSIGSTKSZ). */
/*@ requires valid: \valid(stack) && \valid_read(user_stack) && \separated(stack, user_stack);
    terminates \true; exits \false; assigns *stack;
    ensures status: \result == 0 || \result == -EPERM || \result == -EINVAL || \result == -ENOMEM;
    ensures in_use: \result == -EPERM <==> StackUsed{Pre}(stack, rsp);
    ensures mode: \result == 0 || \result == -ENOMEM ==> StackMode(user_stack) == 0 || StackMode(user_stack) == SS_ONSTACK
      || StackMode(user_stack) == SS_DISABLE;
    ensures small: \result == -ENOMEM ==> user_stack->ss_size < MINSIGSTKSZ;
    ensures refused: \result != 0 ==> *stack == \old(*stack);
    ensures off: \result == 0 && StackMode(user_stack) == SS_DISABLE ==> stack->start == 0 && stack->size == 0;
    ensures on: \result == 0 && StackMode(user_stack) != SS_DISABLE ==> stack->start == (uint64_t)user_stack->ss_sp
      && stack->size == user_stack->ss_size && stack->size >= MINSIGSTKSZ;
    ensures flags: \result == 0 ==> stack->flags == (uint32_t)user_stack->ss_flags; */
int signal_stack_set(struct signal_stack *stack, const stack_t *user_stack, uint64_t rsp);

#endif
