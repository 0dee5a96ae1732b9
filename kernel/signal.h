/* SPDX-License-Identifier: BSD-2-Clause */
/* Signals: who gets them, what is done about them, and the way into a handler. spec/signal.md. */
#ifndef KERNEL_SIGNAL_H
#define KERNEL_SIGNAL_H
#include <linux/errno.h>

#include "kernel/signal_thread.h"
#include "lib/state.h"
#include "x86/trap.h"

/* The result of a call that a signal ended and that may be made again; the application never sees it (Linux's own number). */
#define ERESTARTSYS 512

/* SIGKILL and SIGSTOP: neither blocked nor caught. */
extern const uint64_t signal_unblockable;

/* struct kernel_sigaction of arch/x86: what rt_sigaction takes and gives. */
struct signal_action {
    uint64_t handler, flags, restorer, mask;
};

/* What is done with a signal, 1 to SIGNAL_COUNT. A new action that ignores it forgets what waits. */
/*@ requires number: 1 <= signal <= SIGNAL_COUNT;
    terminates \true; exits \false; assigns \result \from signal;
    ensures valid: \valid_read(\result); */
const struct signal_action *signal_action_of(uint32_t signal);
/*@ requires judged: 1 <= signal <= SIGNAL_COUNT && \valid_read(action);
    terminates \true; exits \false; assigns ghost_kernel; */
void signal_set_action(uint32_t signal, const struct signal_action *action);

/* The kernel sends info->signal to the process, or to the living thread in that slot; what ends the program ends it now.
   0, or -EAGAIN when too many wait. */
/*@ requires valid: \valid_read(info) && 1 <= info->signal <= SIGNAL_COUNT;
    terminates \false; exits \false; assigns ghost_kernel;
    ensures status: \result == 0 || \result == -EAGAIN; */
int signal_send(const struct signal_info *info);

/*@ requires valid: \valid_read(info) && 1 <= info->signal <= SIGNAL_COUNT;
    terminates \false; exits \false; assigns ghost_kernel;
    ensures status: \result == 0 || \result == -EAGAIN; */
int signal_send_thread(uint32_t slot, const struct signal_info *info);

/* The kernel itself sends this signal to the process (^C, a timer), or to the current thread (SIGPIPE). */
void signal_send_from_kernel(uint32_t signal);
void signal_raise(uint32_t signal);

/* A fault of the current thread: its signal waits to be taken before all others. False, and nothing changed, when the program does
   not catch it: it is blocked, ignored, or has the default action. */
bool signal_force(const struct signal_info *info);

/* Is there anything for the current thread that a wait must end for? What is ignored is forgotten by this. */
bool signal_is_due(void);

/* Takes the next signal of these that waits for the current thread, its own before the process's. */
bool signal_take(uint64_t signals, struct signal_info *info);

/* Signals that wait for the current thread or the process. */
uint64_t signal_pending(void);

/* The current thread blocks these from now on. */
void signal_set_blocked(uint64_t signals);

/* The same until the current call is over. If it was a signal that ended the call, the handler's return brings the old mask back;
   signal_return_mask brings it back now. */
/*@ terminates \true; exits \false; assigns ghost_kernel; */
void signal_lend_mask(uint64_t signals);
/*@ terminates \true; exits \false; assigns ghost_kernel; */
void signal_return_mask(void);

/* The current thread takes no signals any more; what it would have taken of the process's goes to another. */
void signal_end_thread(void);

/* On the way to ring 3, when must_look is set: the frame becomes that of a handler, once for each signal that is due, or the program
   ends. A call that says it may be made again (-ERESTARTSYS) is, or answers -EINTR. */
void signal_deliver(struct trap_frame *frame);

/* The same for the current thread when it does not come from a system call, if there is anything. */
void signal_check(void);

/* sigreturn: the current thread goes on where its handler's frame says. What is in rax there; SIGSEGV if it cannot. */
/*@ terminates \false; exits \false; assigns ghost_kernel, ghost_app; */
uint64_t signal_return(void);

#endif
