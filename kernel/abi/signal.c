/* SPDX-License-Identifier: BSD-2-Clause */
#include <linux/errno.h>
#include <linux/signal.h>

#include "kernel/abi/copy.h"
#include "kernel/abi/signal.h"
#include "kernel/signal.h"
#include "kernel/signal_stack.h"
#include "kernel/thread.h"
#include "mm/user.h"

#define SET_SIZE 8u

/* The flags that Linux knows; it forgets the others, and libraries ask so what there is. */
#define ACTION_FLAGS                                                                                                   \
    (SA_NOCLDSTOP | SA_NOCLDWAIT | SA_SIGINFO | SA_EXPOSE_TAGBITS | SA_RESTORER | SA_ONSTACK | SA_RESTART |            \
     SA_NODEFER | SA_RESETHAND)

int64_t signal_copy_mask(uint64_t user, uint64_t size, uint64_t *mask)
{
    return size != SET_SIZE ? -EINVAL : copy_in_u64(mask, user);
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    requires apart: \separated(arg + (0 .. 5), signal_actions + (0 .. SIGNAL_COUNT), &signal_shared, thread_areas + (0 .. THREAD_MAX - 1));
    requires used: thread_slots.used <= THREAD_MAX;
    terminates \true; exits \false;
    assigns signal_actions[0 .. SIGNAL_COUNT], signal_shared, thread_areas[0 .. THREAD_MAX - 1].thread.signals.pending, ghost_app, ghost_out_at, ghost_out_size,
      ghost_out_word[0 .. 3], ghost_kernel;
    ensures status: \result == 0 || \result == -EFAULT || \result == -EINVAL;
    ensures size: arg[3] != 8 ==> \result == -EINVAL;
    ensures number: \result == 0 ==> 1 <= (uint32_t)arg[0] <= SIGNAL_COUNT;
    ensures unblockable: arg[1] != 0 && ((uint32_t)arg[0] == SIGKILL || (uint32_t)arg[0] == SIGSTOP) ==> \result != 0;
    ensures refused: \result != 0 || arg[1] == 0 ==> ghost_kernel == \old(ghost_kernel);
    ensures nothing: \result == -EINVAL || arg[2] == 0 ==> ghost_app == \old(ghost_app);
    ensures told: \result == 0 && arg[2] != 0 ==> CopiedTo(arg[2], 32); */
int64_t sys_rt_sigaction(const uint64_t arg[6])
{
    uint32_t signal = (uint32_t)arg[0];
    struct signal_action old, new = { 0 };

    if (arg[3] != SET_SIZE)
        return -EINVAL;
    if (arg[1] != 0 && copy_in_signal_action(&new, arg[1]) != 0)
        return -EFAULT;
    if (signal < 1 || signal > SIGNAL_COUNT || (arg[1] != 0 && (signal == SIGKILL || signal == SIGSTOP)))
        return -EINVAL;
    old = *signal_action_of(signal);
    if (arg[2] != 0 && copy_out_signal_action(arg[2], &old) != 0)
        return -EFAULT;
    if (arg[1] == 0)
        return 0;
    new.flags &= ACTION_FLAGS;
    new.mask &= ~signal_unblockable;
    signal_set_action(signal, &new);
    return 0;
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    requires runs: ghost_self < THREAD_MAX && thread_slots.used <= THREAD_MAX;
    terminates \true; exits \false;
    assigns thread_areas[0 .. THREAD_MAX - 1].thread.signals.must_look, thread_areas[ghost_self].thread.signals.blocked, ghost_kernel, ghost_app, ghost_out_at, ghost_out_size,
      ghost_out_word[0], ghost_in_u64;
    ensures status: \result == 0 || \result == -EFAULT || \result == -EINVAL;
    ensures size: \old(arg[3]) != 8 ==> \result == -EINVAL;
    ensures how: \old(arg[1]) != 0 && (uint32_t)\old(arg[0]) > SIG_SETMASK ==> \result != 0;
    ensures kept: \result != 0 || \old(arg[1]) == 0 ==> thread_areas[ghost_self].thread.signals.blocked == \old(thread_areas[ghost_self].thread.signals.blocked) && ghost_kernel == \old(ghost_kernel);
    ensures told: \result == 0 && \old(arg[2]) != 0 ==> CopiedTo(\old(arg[2]), 8) && ghost_out_word[0] == \old(thread_areas[ghost_self].thread.signals.blocked);
    ensures nothing: \old(arg[2]) == 0 || \result == -EINVAL ==> ghost_app == \old(ghost_app);
    ensures more: \result == 0 && \old(arg[1]) != 0 && (uint32_t)\old(arg[0]) == SIG_BLOCK ==>
      thread_areas[ghost_self].thread.signals.blocked == ((ghost_in_u64 | \old(thread_areas[ghost_self].thread.signals.blocked)) & (uint64_t)~signal_unblockable);
    ensures less: \result == 0 && \old(arg[1]) != 0 && (uint32_t)\old(arg[0]) == SIG_UNBLOCK ==>
      thread_areas[ghost_self].thread.signals.blocked == ((\old(thread_areas[ghost_self].thread.signals.blocked) & (uint64_t)~ghost_in_u64) & (uint64_t)~signal_unblockable);
    ensures set: \result == 0 && \old(arg[1]) != 0 && (uint32_t)\old(arg[0]) == SIG_SETMASK ==>
      thread_areas[ghost_self].thread.signals.blocked == (ghost_in_u64 & (uint64_t)~signal_unblockable); */
int64_t sys_rt_sigprocmask(const uint64_t arg[6])
{
    uint64_t old = thread_current()->signals.blocked, set;

    if (arg[3] != SET_SIZE)
        return -EINVAL;
    if (arg[1] != 0) {
        if (copy_in_u64(&set, arg[1]) != 0)
            return -EFAULT;
        if ((uint32_t)arg[0] > SIG_SETMASK)
            return -EINVAL;
    }
    if (arg[2] != 0 && copy_out_u64(arg[2], old) != 0)
        return -EFAULT;
    if (arg[1] == 0)
        return 0;
    if ((uint32_t)arg[0] == SIG_BLOCK)
        set |= old;
    else if ((uint32_t)arg[0] == SIG_UNBLOCK)
        set = old & ~set;
    signal_set_blocked(set);
    return 0;
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    requires runs: ghost_self < THREAD_MAX;
    terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0];
    ensures status: CopyStatus(\result) || \result == -EINVAL;
    ensures size: \result == -EINVAL <==> arg[1] > 8;
    ensures refused: \result == -EINVAL ==> ghost_app == \old(ghost_app);
    ensures told: \result != -EINVAL ==> CopiedTo(arg[0], arg[1])
      && ghost_out_word[0] == (SignalsPending & thread_areas[ghost_self].thread.signals.blocked); */
int64_t sys_rt_sigpending(const uint64_t arg[6])
{
    uint64_t set = signal_pending() & thread_current()->signals.blocked;

    return arg[1] > SET_SIZE ? -EINVAL : copy_out_low(arg[0], set, arg[1]);
}

/*@ terminates \false; exits \false; assigns ghost_kernel, ghost_app; */
int64_t sys_rt_sigreturn(const uint64_t arg[6])
{
    (void)arg;
    return (int64_t)signal_return();
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    requires runs: ghost_self < THREAD_MAX;
    terminates \true; exits \false; assigns thread_areas[ghost_self].thread.signals.stack, ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0 .. 2];
    ensures status: \result == 0 || \result == -EFAULT || \result == -EPERM || \result == -EINVAL || \result == -ENOMEM;
    ensures in_use: \result == -EPERM ==> StackUsed{Pre}(&thread_areas[ghost_self].thread.signals.stack, ghost_frame[ghost_self].rsp);
    ensures used: \old(arg[0]) != 0 && StackUsed{Pre}(&thread_areas[ghost_self].thread.signals.stack, ghost_frame[ghost_self].rsp) ==> \result == -EPERM || \result == -EFAULT;
    ensures kept: \result != 0 || \old(arg[0]) == 0 ==> thread_areas[ghost_self].thread.signals.stack == \old(thread_areas[ghost_self].thread.signals.stack);
    ensures nothing: \old(arg[1]) == 0 || \result == -EPERM || \result == -EINVAL || \result == -ENOMEM ==> ghost_app == \old(ghost_app);
    ensures told: \result == 0 && \old(arg[1]) != 0 ==> CopiedTo(\old(arg[1]), 24)
      && ghost_out_word[0] == \old(thread_areas[ghost_self].thread.signals.stack.start) && ghost_out_word[2] == \old(thread_areas[ghost_self].thread.signals.stack.size); */
int64_t sys_sigaltstack(const uint64_t arg[6])
{
    struct signal_stack *stack = &thread_current()->signals.stack, next = *stack;
    uint64_t rsp = thread_frame(thread_current_slot())->rsp;
    stack_t old = { (void *)stack->start, (int)(signal_stack_state(stack, rsp) | (stack->flags & SS_FLAG_BITS)),
                    stack->size },
            new;
    int status = arg[0] == 0 ? 0 : copy_in_stack(&new, arg[0]);

    if (status == 0 && arg[0] != 0)
        status = signal_stack_set(&next, &new, rsp);
    if (status != 0)
        return status;
    if (arg[1] != 0 && copy_out_stack(arg[1], &old) != 0)
        return -EFAULT;
    *stack = next;
    return 0;
}
