/* SPDX-License-Identifier: BSD-2-Clause */
#include <linux/errno.h>
#include <linux/signal.h>

#include "kernel/end.h"
#include "kernel/signal.h"
#include "kernel/signal_frame.h"
#include "kernel/thread.h"
#include "lib/log.h"

enum { SYSCALL_SIZE = 2 }; /* of the instruction */

/* What becomes of the call that the frame is in, if it was ended by a signal; afterwards the frame is in no call. */
/*@ requires valid: \valid(frame);
    requires call: frame->vector == TRAP_SYSCALL ==> frame->rip >= SYSCALL_SIZE;
    terminates \true; exits \false; assigns frame->vector, frame->rax, frame->rip;
    ensures none: \old(frame->vector) != TRAP_SYSCALL ==> frame->vector == \old(frame->vector)
      && frame->rax == \old(frame->rax) && frame->rip == \old(frame->rip);
    ensures over: frame->vector != TRAP_SYSCALL;
    ensures done: \old(frame->vector) == TRAP_SYSCALL && (int64_t)\old(frame->rax) != -ERESTARTSYS ==>
      frame->rax == \old(frame->rax) && frame->rip == \old(frame->rip);
    ensures again: \old(frame->vector) == TRAP_SYSCALL && (int64_t)\old(frame->rax) == -ERESTARTSYS && is_repeated ==>
      frame->rax == frame->error && frame->rip == \old(frame->rip) - SYSCALL_SIZE;
    ensures ended: \old(frame->vector) == TRAP_SYSCALL && (int64_t)\old(frame->rax) == -ERESTARTSYS && !is_repeated ==>
      frame->rax == (uint64_t)-EINTR && frame->rip == \old(frame->rip); */
static void end_call(struct trap_frame *frame, bool is_repeated)
{
    if (frame->vector != TRAP_SYSCALL)
        return;
    frame->vector = TRAP_NONE;
    if ((int64_t)frame->rax != -ERESTARTSYS)
        return;
    frame->rax = (uint64_t)-EINTR;
    if (is_repeated) {
        frame->rax = frame->error;
        frame->rip -= SYSCALL_SIZE;
    }
}

/* signal: the one whose handler could not be entered, which is not tried twice. */
static void force_segv(uint32_t signal, const char *why)
{
    if (signal != SIGSEGV && signal_force(&(struct signal_info){ .signal = SIGSEGV, .code = SI_KERNEL }))
        return;
    log_error("%s", why);
    end_by_signal(SIGSEGV);
}

static void run_handler(struct trap_frame *frame, const struct signal_info *info)
{
    struct signal_thread *s = &thread_current()->signals;
    uint32_t signal = (uint32_t)info->signal;
    struct signal_action action = *signal_action_of(signal);
    uint64_t blocked = s->blocked | action.mask;

    if (action.handler == (uint64_t)SIG_DFL)
        end_by_signal((int)signal);
    end_call(frame, action.flags & SA_RESTART);
    if (action.flags & SA_RESETHAND)
        signal_set_action(signal, &(struct signal_action){ .flags = action.flags, .mask = action.mask });
    if (signal_frame_push(frame, &action, info, s->has_saved ? s->saved : s->blocked) != 0) {
        force_segv(signal, "no room on the stack for the frame of a handler");
        return;
    }
    s->has_saved = false;
    if (!(action.flags & SA_NODEFER))
        blocked |= signal_bit(signal);
    signal_set_blocked(blocked);
}

void signal_deliver(struct trap_frame *frame)
{
    const struct signal_thread *s = &thread_current()->signals;
    struct signal_info info;

    while (signal_is_due() && signal_take(~s->blocked, &info))
        run_handler(frame, &info);
    if ((int64_t)frame->rax == -ERESTARTSYS)
        end_call(frame, true);
    signal_return_mask();
}

void signal_check(void)
{
    if (thread_current()->signals.must_look)
        signal_deliver(thread_frame(thread_current_slot()));
}

uint64_t signal_return(void)
{
    struct trap_frame *frame = thread_frame(thread_current_slot());
    uint64_t mask;

    if (signal_frame_pop(frame, &mask) != 0) {
        force_segv(0, "sigreturn: no frame of a handler there, or one that lies");
        return 0;
    }
    frame->vector = TRAP_NONE;
    signal_set_blocked(mask);
    thread_current()->signals.must_look = true; /* so that this call leaves by trap_resume */
    return frame->rax;
}
