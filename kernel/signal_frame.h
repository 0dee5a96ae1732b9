/* SPDX-License-Identifier: BSD-2-Clause */
/* Linux's rt_sigframe: what a handler finds on its stack, and how sigreturn reads it back. spec/signal.md. */
#ifndef KERNEL_SIGNAL_FRAME_H
#define KERNEL_SIGNAL_FRAME_H
#include "kernel/signal.h"

/* The current thread's frame becomes that of the action's handler, and what it was lies on the stack, with the mask that sigreturn is
   to bring back. -EFAULT, and only the stack was changed: it does not fit there, or the action names no place in the user half
   or no way back. */
int signal_frame_push(struct trap_frame *frame, const struct signal_action *action, const struct signal_info *info,
                      uint64_t mask);

/* How much of a stack a frame takes at most, with the red zone and what alignment leaves free. */
uint64_t signal_frame_size(void);

/* The other way, by a thread that called sigreturn. -EFAULT, and nothing was changed: there is no frame, or it lies. */
int signal_frame_pop(struct trap_frame *frame, uint64_t *mask);

#endif
