/* SPDX-License-Identifier: BSD-2-Clause */
#include <linux/errno.h>

#include "kernel/signal_stack.h"
#include "lib/limits.h"

bool signal_stack_holds(const struct signal_stack *stack, uint64_t rsp)
{
    return rsp > stack->start && rsp - stack->start <= stack->size;
}

uint32_t signal_stack_state(const struct signal_stack *stack, uint64_t rsp)
{
    if (stack->size == 0)
        return SS_DISABLE;
    return !(stack->flags & SS_AUTODISARM) && signal_stack_holds(stack, rsp) ? SS_ONSTACK : 0;
}

int signal_stack_set(struct signal_stack *stack, const stack_t *user_stack, uint64_t rsp)
{
    uint32_t flags = (uint32_t)user_stack->ss_flags, mode = flags & ~SS_FLAG_BITS;

    if (signal_stack_state(stack, rsp) == SS_ONSTACK)
        return -EPERM;
    if (mode != SS_DISABLE && mode != SS_ONSTACK && mode != 0)
        return -EINVAL;
    if (mode != SS_DISABLE && user_stack->ss_size < MINSIGSTKSZ)
        return -ENOMEM;
    if (mode == SS_DISABLE)
        *stack = (struct signal_stack){ .flags = flags };
    else
        *stack = (struct signal_stack){ (uint64_t)user_stack->ss_sp, user_stack->ss_size, flags };
    return 0;
}

bool signal_stack_place(const struct signal_stack *stack, uint64_t rsp, bool is_wanted, uint64_t fpu_size,
                        uint64_t frame_size, struct signal_place *place)
{
    uint64_t top = rsp < SIGNAL_RED_ZONE ? 0 : rsp - SIGNAL_RED_ZONE;
    uint32_t state = signal_stack_state(stack, top);
    bool is_on = state == SS_ONSTACK;

    if (is_wanted && state == 0) {
        top = sum_at_most(stack->start, stack->size);
        is_on = true;
    }
    if (top < fpu_size + SIGNAL_FPU_ALIGN + frame_size + 24)
        return false;
    place->fpu = (top - fpu_size) / SIGNAL_FPU_ALIGN * SIGNAL_FPU_ALIGN;
    place->frame = (place->fpu - frame_size) / 16 * 16 - 8;
    return !is_on || signal_stack_holds(stack, place->frame);
}
