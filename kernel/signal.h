/* SPDX-License-Identifier: BSD-2-Clause */
/* Signals: who gets them, what is done about them, and the way into a handler. spec/signal.md. */
#ifndef KERNEL_SIGNAL_H
#define KERNEL_SIGNAL_H
#include <linux/errno.h>
#include <linux/signal.h>

#include "kernel/signal_thread.h"
#include "kernel/thread.h"
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

/* The process's part, here because contracts name it: what is done with a signal, and what was sent to the process as a whole, which waits for
   any of its threads. */
extern struct signal_action signal_actions[SIGNAL_COUNT + 1];
extern struct signal_set signal_shared;

#include "spec/signal.acsl"

/* What is done with a signal, 1 to SIGNAL_COUNT. A new action that ignores it forgets what waits. */
/*@ requires number: 1 <= signal <= SIGNAL_COUNT;
    terminates \true; exits \false; assigns \result \from signal;
    ensures exact: \result == &signal_actions[signal]; */
const struct signal_action *signal_action_of(uint32_t signal);
/*@ requires judged: 1 <= signal <= SIGNAL_COUNT && \valid_read(action) && thread_slots.used <= THREAD_MAX;
    terminates \true; exits \false; assigns signal_actions[signal], signal_shared, thread_areas[0 .. THREAD_MAX - 1].thread.signals.pending, ghost_kernel;
    ensures set: signal_actions[signal] == \old(*action);
    ensures kept: !SignalIgnored(signal) ==> signal_shared == \old(signal_shared);
    ensures forgotten: SignalIgnored(signal) ==> signal_shared.bits == (\old(signal_shared.bits) & (uint64_t)~SignalBit(signal));
    ensures by_all: SignalIgnored(signal) ==> SignalForgotten{Pre, Post}(signal, THREAD_MAX); */
void signal_set_action(uint32_t signal, const struct signal_action *action);

/* The kernel sends info->signal to the process, or to the living thread in that slot; what ends the program ends it now.
   0, or -EAGAIN when too many wait. */
/*@ requires valid: \valid_read(info) && SignalInfo(info) && \separated(info, &signal_shared) && thread_slots.used <= THREAD_MAX;
    terminates \false; exits \false; assigns signal_shared, thread_areas[0 .. THREAD_MAX - 1].thread.signals.must_look, ghost_kernel, ghost_dead;
    ensures status: \result == 0 || (\result == -EAGAIN && info->signal >= SIGNAL_REAL_TIME);
    ensures kill: info->signal == SIGKILL ==> ghost_dead == SIGKILL;
    ensures waits: \result == 0 && NobodyWants{Pre}(info->signal, THREAD_MAX) ==>
      signal_shared.bits == (\old(signal_shared.bits) | SignalBit(info->signal));
    ensures either: signal_shared.bits == \old(signal_shared.bits) || signal_shared.bits == (\old(signal_shared.bits) | SignalBit(info->signal)); */
int signal_send(const struct signal_info *info);

/*@ requires valid: slot < THREAD_MAX && \valid_read(info) && SignalInfo(info) && \separated(info, &thread_areas[slot]);
    terminates \false; exits \false;
    assigns thread_areas[slot].thread.signals.pending, thread_areas[slot].thread.signals.must_look, ghost_kernel, ghost_dead;
    ensures status: \result == 0 || (\result == -EAGAIN && info->signal >= SIGNAL_REAL_TIME);
    ensures dies: SignalWanted{Pre}(slot, info->signal) && SignalKills{Pre}(slot, info->signal) ==> ghost_dead == info->signal;
    ensures dropped: SignalWanted{Pre}(slot, info->signal) && SignalDropped{Pre}(slot, info->signal) ==>
      \result == 0 && thread_areas[slot].thread.signals.pending == \old(thread_areas[slot].thread.signals.pending);
    ensures waits: \result == 0 && !(SignalWanted{Pre}(slot, info->signal) && SignalDropped{Pre}(slot, info->signal)) ==>
      thread_areas[slot].thread.signals.pending.bits == (\old(thread_areas[slot].thread.signals.pending.bits) | SignalBit(info->signal));
    ensures looks: \result == 0 && SignalWanted{Pre}(slot, info->signal) && !SignalDropped{Pre}(slot, info->signal) ==>
      thread_areas[slot].thread.signals.must_look; */
int signal_send_thread(uint32_t slot, const struct signal_info *info);

/* The kernel itself sends this signal to the process (^C, a timer), or to the current thread (SIGPIPE). */
/*@ requires number: 1 <= signal < SIGNAL_REAL_TIME && thread_slots.used <= THREAD_MAX;
    terminates \false; exits \false; assigns signal_shared, thread_areas[0 .. THREAD_MAX - 1].thread.signals.must_look, ghost_kernel, ghost_dead;
    ensures waits: NobodyWants{Pre}(signal, THREAD_MAX) ==> signal_shared.bits == (\old(signal_shared.bits) | SignalBit(signal)); */
void signal_send_from_kernel(uint32_t signal);
/*@ requires number: 1 <= signal < SIGNAL_REAL_TIME && ghost_self < THREAD_MAX;
    terminates \false; exits \false; assigns thread_areas[ghost_self].thread.signals.pending, thread_areas[ghost_self].thread.signals.must_look, ghost_kernel, ghost_dead;
    ensures waits: !SignalWanted{Pre}(ghost_self, signal) ==>
      thread_areas[ghost_self].thread.signals.pending.bits == (\old(thread_areas[ghost_self].thread.signals.pending.bits) | SignalBit(signal));
    ensures dies: SignalWanted{Pre}(ghost_self, signal) && SignalKills{Pre}(ghost_self, signal) ==> ghost_dead == signal; */
void signal_raise(uint32_t signal);

/* A fault of the current thread: its signal waits to be taken before all others. False, and nothing changed, when the program does
   not catch it: it is blocked, ignored, or has the default action. */
/*@ requires valid: ghost_self < THREAD_MAX && \valid_read(info) && SignalInfo(info) && \separated(info, &thread_areas[ghost_self]);
    terminates \true; exits \false; assigns thread_areas[ghost_self].thread.signals.pending, thread_areas[ghost_self].thread.signals.must_look, ghost_kernel;
    ensures caught: \result <==> (thread_areas[ghost_self].thread.signals.blocked & SignalBit(info->signal)) == 0
      && signal_actions[info->signal].handler != 0 && signal_actions[info->signal].handler != 1;
    ensures kept: !\result ==> thread_areas[ghost_self].thread.signals.pending == \old(thread_areas[ghost_self].thread.signals.pending) && ghost_kernel == \old(ghost_kernel)
      && (thread_areas[ghost_self].thread.signals.must_look <==> \old(thread_areas[ghost_self].thread.signals.must_look));
    ensures waits: \result && info->signal < SIGNAL_REAL_TIME ==> thread_areas[ghost_self].thread.signals.must_look
      && thread_areas[ghost_self].thread.signals.pending.bits == (\old(thread_areas[ghost_self].thread.signals.pending.bits) | SignalBit(info->signal)); */
bool signal_force(const struct signal_info *info);

/* Is there anything for the current thread that a wait must end for? What is ignored is forgotten by this. */
/*@ requires runs: ghost_self < THREAD_MAX;
    terminates \true; exits \false;
    assigns thread_areas[ghost_self].thread.signals.pending, signal_shared, thread_areas[ghost_self].thread.signals.must_look, ghost_kernel;
    ensures looked: \result <==> thread_areas[ghost_self].thread.signals.must_look;
    ensures kept: !\old(thread_areas[ghost_self].thread.signals.must_look) ==> ghost_kernel == \old(ghost_kernel);
    ensures due: \result <==> \old(thread_areas[ghost_self].thread.signals.must_look)
      && SignalHeeded(\old(SignalsPending) & (uint64_t)~thread_areas[ghost_self].thread.signals.blocked, SIGNAL_COUNT); */
bool signal_is_due(void);

/* Takes the next signal of these that waits for the current thread, its own before the process's. */
/*@ requires runs: ghost_self < THREAD_MAX;
    requires valid: \valid(info) && \separated(info, &signal_shared, &thread_areas[ghost_self]);
    terminates \true; exits \false; assigns *info, thread_areas[ghost_self].thread.signals.pending, signal_shared, ghost_kernel;
    ensures none: \result <==> (\old(thread_areas[ghost_self].thread.signals.pending.bits) & signals) != 0 || (\old(signal_shared.bits) & signals) != 0;
    ensures taken: \result ==> SignalInfo(info) && (signals & SignalBit(info->signal)) != 0;
    ensures own: (\old(thread_areas[ghost_self].thread.signals.pending.bits) & signals) != 0 ==> signal_shared == \old(signal_shared);
    ensures other: (\old(thread_areas[ghost_self].thread.signals.pending.bits) & signals) == 0 ==> thread_areas[ghost_self].thread.signals.pending == \old(thread_areas[ghost_self].thread.signals.pending); */
bool signal_take(uint64_t signals, struct signal_info *info);

/* Signals that wait for the current thread or the process. */
/*@ requires runs: ghost_self < THREAD_MAX;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == SignalsPending; */
uint64_t signal_pending(void);

/* The current thread blocks these from now on. */
/*@ requires runs: ghost_self < THREAD_MAX && thread_slots.used <= THREAD_MAX;
    terminates \true; exits \false;
    assigns thread_areas[0 .. THREAD_MAX - 1].thread.signals.must_look, thread_areas[ghost_self].thread.signals.blocked, ghost_kernel;
    ensures blocked: thread_areas[ghost_self].thread.signals.blocked == (signals & (uint64_t)~signal_unblockable);
    ensures looks: (SignalsPending & (uint64_t)~thread_areas[ghost_self].thread.signals.blocked) != 0 ==>
      thread_areas[ghost_self].thread.signals.must_look;
    ensures handed: HandedOver(signals & (uint64_t)~\old(thread_areas[ghost_self].thread.signals.blocked) & signal_shared.bits, SIGNAL_COUNT + 1); */
void signal_set_blocked(uint64_t signals);

/* The same until the current call is over. If it was a signal that ended the call, the handler's return brings the old mask back;
   signal_return_mask brings it back now. */
/*@ requires runs: ghost_self < THREAD_MAX && thread_slots.used <= THREAD_MAX;
    terminates \true; exits \false;
    assigns thread_areas[0 .. THREAD_MAX - 1].thread.signals.must_look, thread_areas[ghost_self].thread.signals.blocked, thread_areas[ghost_self].thread.signals.saved,
      thread_areas[ghost_self].thread.signals.has_saved, ghost_kernel;
    ensures blocked: thread_areas[ghost_self].thread.signals.blocked == (signals & (uint64_t)~signal_unblockable);
    ensures saved: thread_areas[ghost_self].thread.signals.has_saved && thread_areas[ghost_self].thread.signals.saved == \old(thread_areas[ghost_self].thread.signals.blocked); */
void signal_lend_mask(uint64_t signals);
/*@ requires runs: ghost_self < THREAD_MAX && thread_slots.used <= THREAD_MAX;
    terminates \true; exits \false;
    assigns thread_areas[0 .. THREAD_MAX - 1].thread.signals.must_look, thread_areas[ghost_self].thread.signals.blocked, thread_areas[ghost_self].thread.signals.has_saved, ghost_kernel;
    ensures over: !thread_areas[ghost_self].thread.signals.has_saved;
    ensures kept: !\old(thread_areas[ghost_self].thread.signals.has_saved) ==> thread_areas[ghost_self].thread.signals.blocked == \old(thread_areas[ghost_self].thread.signals.blocked) && ghost_kernel == \old(ghost_kernel);
    ensures back: \old(thread_areas[ghost_self].thread.signals.has_saved) ==> thread_areas[ghost_self].thread.signals.blocked == (thread_areas[ghost_self].thread.signals.saved & (uint64_t)~signal_unblockable); */
void signal_return_mask(void);

/* The current thread takes no signals any more; what it would have taken of the process's goes to another. */
/*@ requires runs: ghost_self < THREAD_MAX && thread_slots.used <= THREAD_MAX;
    terminates \true; exits \false;
    assigns thread_areas[0 .. THREAD_MAX - 1].thread.signals.must_look, thread_areas[ghost_self].thread.signals.blocked, thread_areas[ghost_self].thread.signals.awaited, thread_areas[ghost_self].thread.signals.pending, ghost_kernel;
    ensures all: thread_areas[ghost_self].thread.signals.blocked == 0xffffffffffffffff && thread_areas[ghost_self].thread.signals.awaited == 0;
    ensures forgotten: thread_areas[ghost_self].thread.signals.pending.bits == 0; */
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
