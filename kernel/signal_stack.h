/* SPDX-License-Identifier: BSD-2-Clause */
/* The stack that a thread gave for handlers with SA_ONSTACK. */
#ifndef KERNEL_SIGNAL_STACK_H
#define KERNEL_SIGNAL_STACK_H
#include <linux/signal.h>
#include <stdbool.h>

#include "kernel/signal_thread.h"

#define SIGNAL_RED_ZONE  128u /* below the stack pointer, the interrupted function's own (System V ABI, 3.2.2) */
#define SIGNAL_FPU_ALIGN 64u

/* What a handler finds on its stack: the FPU's state at a multiple of SIGNAL_FPU_ALIGN, and below it the frame, 8 below a multiple
   of 16 as after a call. */
struct signal_place {
    uint64_t frame, fpu;
};

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

/* Where both go when a thread with that stack pointer enters a handler; is_wanted: on the alternate stack, if there is one. False:
   they do not fit, or would leave the alternate stack. */
/*@ requires valid: \valid_read(stack) && \valid(place) && \separated(stack, place);
    requires sizes: fpu_size <= 65536 && frame_size <= 4096;
    terminates \true; exits \false; assigns *place;
    ensures aligned: \result ==> place->fpu % SIGNAL_FPU_ALIGN == 0 && place->frame % 16 == 8;
    ensures apart: \result ==> place->frame + frame_size <= place->fpu;
    ensures used: \result && !(is_wanted && StackFree(stack, rsp)) ==> place->fpu + fpu_size + SIGNAL_RED_ZONE <= rsp;
    ensures wanted: \result && is_wanted && StackFree(stack, rsp) ==>
      stack->start < place->frame && place->fpu + fpu_size <= stack->start + stack->size;
    ensures inside: \result && StackUsed(stack, rsp - SIGNAL_RED_ZONE) ==> StackHolds(stack, place->frame); */
bool signal_stack_place(const struct signal_stack *stack, uint64_t rsp, bool is_wanted, uint64_t fpu_size,
                        uint64_t frame_size, struct signal_place *place);

#endif
