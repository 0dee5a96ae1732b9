/* SPDX-License-Identifier: BSD-2-Clause */
/* System calls on signals. spec/signal.md. */
#ifndef KERNEL_ABI_SIGNAL_H
#define KERNEL_ABI_SIGNAL_H
#include <linux/errno.h>
#include <stdint.h>

#include "kernel/signal.h"
#include "lib/state.h"

/* A signal mask at user address user, of `size` bytes as the application says: 0, -EINVAL or -EFAULT. */
/*@ requires valid: \valid(mask);
    terminates \true; exits \false; assigns *mask, ghost_in_u64;
    ensures status: \result == 0 || \result == -EFAULT || \result == -EINVAL;
    ensures size: \result == -EINVAL <==> size != 8;
    ensures copied: \result == 0 ==> *mask == ghost_in_u64;
    ensures refused: \result == -EINVAL ==> *mask == \old(*mask); */
int64_t signal_copy_mask(uint64_t user, uint64_t size, uint64_t *mask);

/* Lends the mask to the current call, where user is not 0: see signal_lend_mask. 0, -EINVAL or -EFAULT. */
/*@ requires runs: ghost_self < THREAD_MAX && thread_slots.used <= THREAD_MAX;
    terminates \true; exits \false;
    assigns thread_areas[0 .. THREAD_MAX - 1].thread.signals.must_look, thread_areas[ghost_self].thread.signals.blocked, thread_areas[ghost_self].thread.signals.saved,
      thread_areas[ghost_self].thread.signals.has_saved, ghost_kernel, ghost_in_u64;
    ensures status: \result == 0 || \result == -EFAULT || \result == -EINVAL;
    ensures none: user == 0 ==> \result == 0;
    ensures lent: user != 0 && \result == 0 ==> thread_areas[ghost_self].thread.signals.has_saved
      && thread_areas[ghost_self].thread.signals.blocked == (ghost_in_u64 & (uint64_t)~signal_unblockable);
    ensures size: user != 0 ==> (\result == -EINVAL <==> size != 8);
    ensures refused: \result != 0 || user == 0 ==> ghost_kernel == \old(ghost_kernel); */
int64_t signal_lend_user_mask(uint64_t user, uint64_t size);

/* The end of a call that may have lent a mask, with its result: a signal that ended it is taken with that mask. */
/*@ requires runs: ghost_self < THREAD_MAX && thread_slots.used <= THREAD_MAX;
    terminates \true; exits \false;
    assigns thread_areas[0 .. THREAD_MAX - 1].thread.signals.must_look, thread_areas[ghost_self].thread.signals.blocked, thread_areas[ghost_self].thread.signals.has_saved, ghost_kernel;
    ensures exact: \result == \old(result);
    ensures back: result != -EINTR ==> !thread_areas[ghost_self].thread.signals.has_saved;
    ensures lent: result == -EINTR ==> thread_areas[ghost_self].thread.signals.blocked == \old(thread_areas[ghost_self].thread.signals.blocked);
    ensures taken: result == -EINTR ==> ghost_kernel == \old(ghost_kernel); */
int64_t signal_end_lent(int64_t result);

int64_t sys_rt_sigaction(const uint64_t arg[6]);
int64_t sys_rt_sigprocmask(const uint64_t arg[6]);
int64_t sys_rt_sigpending(const uint64_t arg[6]);
int64_t sys_rt_sigreturn(const uint64_t arg[6]);
int64_t sys_sigaltstack(const uint64_t arg[6]);

int64_t sys_kill(const uint64_t arg[6]);
int64_t sys_tkill(const uint64_t arg[6]);
int64_t sys_tgkill(const uint64_t arg[6]);
int64_t sys_rt_sigqueueinfo(const uint64_t arg[6]);
int64_t sys_rt_tgsigqueueinfo(const uint64_t arg[6]);

int64_t sys_pause(const uint64_t arg[6]);
int64_t sys_rt_sigsuspend(const uint64_t arg[6]);
int64_t sys_rt_sigtimedwait(const uint64_t arg[6]);

int64_t sys_alarm(const uint64_t arg[6]);
int64_t sys_getitimer(const uint64_t arg[6]);
int64_t sys_setitimer(const uint64_t arg[6]);

#endif
