/* SPDX-License-Identifier: BSD-2-Clause */
#include <linux/errno.h>
#include <linux/signal.h>

#include "kernel/end.h"
#include "kernel/sched.h"
#include "kernel/signal.h"
#include "kernel/thread.h"

const uint64_t signal_unblockable = 1ULL << (SIGKILL - 1) | 1ULL << (SIGSTOP - 1);

struct signal_action signal_actions[SIGNAL_COUNT + 1];
struct signal_set signal_shared;

/*@ requires runs: ghost_self < THREAD_MAX;
    terminates \true; exits \false; assigns \result \from ghost_self;
    ensures exact: \result == &thread_areas[ghost_self].thread.signals; */
static struct signal_thread *current(void)
{
    return &thread_current()->signals;
}

/* What Linux ignores by default; stopping is ignored too, for nobody could continue the program. */
/*@ requires number: signal <= SIGNAL_COUNT;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> SignalIgnored(signal); */
static bool is_ignored(uint32_t signal)
{
    uint64_t handler = signal_actions[signal].handler;

    if (handler != (uint64_t)SIG_DFL)
        return handler == (uint64_t)SIG_IGN;
    return signal == SIGCHLD || signal == SIGCONT || signal == SIGURG || signal == SIGWINCH || signal == SIGSTOP ||
           signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

/*@ requires inside: slot < THREAD_MAX && 1 <= signal <= SIGNAL_COUNT;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> SignalWanted(slot, signal); */
static bool wants(uint32_t slot, uint32_t signal)
{
    const struct signal_thread *s = &thread_at(slot)->signals;

    return (~s->blocked | s->awaited) & signal_bit(signal);
}

/* Who takes a signal to the process: the first thread if it can, as on Linux. */
/*@ requires used: thread_slots.used <= THREAD_MAX && 1 <= signal <= SIGNAL_COUNT;
    terminates \true; exits \false; assigns \nothing;
    ensures wants: \result != THREAD_NONE ==> \result < thread_slots.used && thread_slots.lives[\result] && SignalWanted(\result, signal);
    ensures first: NobodyWants(signal, \result);
    ensures inside: \result <= THREAD_NONE; */
static uint32_t choose(uint32_t signal)
{
    uint32_t slot = thread_next(0);

    /*@ loop invariant lives: slot != THREAD_NONE ==> slot < thread_slots.used && thread_slots.lives[slot];
        loop invariant inside: slot <= THREAD_NONE;
        loop invariant passed: NobodyWants(signal, slot);
        loop assigns slot;
        loop variant THREAD_NONE - slot; */
    while (slot != THREAD_NONE && !wants(slot, signal))
        slot = thread_next(slot + 1);
    return slot;
}

/*@ requires inside: slot < THREAD_MAX;
    terminates \true; exits \false; assigns thread_areas[slot].thread.signals.must_look, ghost_kernel;
    ensures looks: thread_areas[slot].thread.signals.must_look; */
static void wake(uint32_t slot)
{
    thread_at(slot)->signals.must_look = true;
    sched_interrupt(slot);
}

/* taker: the slot of a thread that would take it now, or THREAD_NONE. */
/*@ requires valid: \valid(set) && \valid_read(info) && SignalInfo(info) && \separated(set, info) && taker <= THREAD_NONE;
    terminates \false; exits \false; assigns *set, thread_areas[taker].thread.signals.must_look, ghost_kernel, ghost_dead;
    ensures status: \result == 0 || (\result == -EAGAIN && info->signal >= SIGNAL_REAL_TIME && *set == \old(*set));
    ensures dies: SignalKills{Pre}(taker, info->signal) ==> ghost_dead == info->signal;
    ensures dropped: SignalDropped{Pre}(taker, info->signal) ==> \result == 0 && *set == \old(*set);
    ensures waits: \result == 0 && !SignalDropped{Pre}(taker, info->signal) ==> set->bits == (\old(set->bits) | SignalBit(info->signal));
    ensures looks: \result == 0 && taker != THREAD_NONE && !SignalDropped{Pre}(taker, info->signal) ==>
      thread_areas[taker].thread.signals.must_look; */
static int send(struct signal_set *set, uint32_t taker, const struct signal_info *info)
{
    uint32_t signal = (uint32_t)info->signal;
    bool is_awaited = taker != THREAD_NONE && (thread_at(taker)->signals.awaited & signal_bit(signal));

    if (signal == SIGKILL)
        end_by_signal(SIGKILL);
    if (taker != THREAD_NONE && !is_awaited) {
        if (is_ignored(signal))
            return 0;
        if (signal_actions[signal].handler == (uint64_t)SIG_DFL)
            end_by_signal((int)signal);
    }
    if (!signal_set_add(set, info))
        return -EAGAIN;
    if (taker != THREAD_NONE)
        wake(taker);
    return 0;
}

int signal_send(const struct signal_info *info)
{
    return send(&signal_shared, choose((uint32_t)info->signal), info);
}

int signal_send_thread(uint32_t slot, const struct signal_info *info)
{
    return send(&thread_at(slot)->signals.pending, wants(slot, (uint32_t)info->signal) ? slot : THREAD_NONE, info);
}

void signal_send_from_kernel(uint32_t signal)
{
    (void)signal_send(&(struct signal_info){ .signal = (int32_t)signal, .code = SI_KERNEL });
}

void signal_raise(uint32_t signal)
{
    (void)signal_send_thread(
        thread_current_slot(),
        &(struct signal_info){ .signal = (int32_t)signal, .code = SI_USER, .field = { PROCESS_ID } });
}

bool signal_force(const struct signal_info *info)
{
    uint32_t signal = (uint32_t)info->signal;
    uint64_t handler = signal_actions[signal].handler;

    if ((current()->blocked & signal_bit(signal)) || handler == (uint64_t)SIG_DFL || handler == (uint64_t)SIG_IGN)
        return false;
    (void)signal_set_add(&current()->pending, info);
    current()->must_look = true;
    return true;
}

const struct signal_action *signal_action_of(uint32_t signal)
{
    return &signal_actions[signal];
}

void signal_set_action(uint32_t signal, const struct signal_action *next)
{
    signal_actions[signal] = *next;
    if (!is_ignored(signal))
        return;
    signal_set_drop(&signal_shared, signal_bit(signal));
    /*@ loop invariant lives: slot != THREAD_NONE ==> slot < thread_slots.used && thread_slots.lives[slot];
        loop invariant inside: slot <= THREAD_NONE;
        loop invariant forgotten: SignalForgotten{Pre, Here}(signal, slot);
        loop invariant rest: \forall integer t; slot <= t < THREAD_MAX ==>
          thread_areas[t].thread.signals.pending.bits == \at(thread_areas[t].thread.signals.pending.bits, Pre);
        loop assigns slot, thread_areas[0 .. THREAD_MAX - 1].thread.signals.pending, ghost_kernel;
        loop variant THREAD_NONE - slot; */
    for (uint32_t slot = thread_next(0); slot != THREAD_NONE; slot = thread_next(slot + 1))
        signal_set_drop(&thread_at(slot)->signals.pending, signal_bit(signal));
}

uint64_t signal_pending(void)
{
    return current()->pending.bits | signal_shared.bits;
}

/* Which of the signals are ignored; is there another one? */
/*@ requires valid: \valid(ignored) && \separated(ignored, signal_actions + (0 .. SIGNAL_COUNT));
    terminates \true; exits \false; assigns *ignored;
    ensures ignored: \forall integer k; 0 <= k < SIGNAL_COUNT ==> (Bit(*ignored, k) <==> Bit(signals, k) && SignalIgnored(k + 1));
    ensures other: \result <==> SignalHeeded(signals, SIGNAL_COUNT); */
static bool sort(uint64_t signals, uint64_t *ignored)
{
    bool is_heeded = false;

    *ignored = 0;
    /*@ loop invariant bound: 0 <= k <= SIGNAL_COUNT;
        loop invariant ignored: \forall integer i; 0 <= i < SIGNAL_COUNT ==> (Bit(*ignored, i) <==> i < k && Bit(signals, i) && SignalIgnored(i + 1));
        loop invariant heeded: is_heeded <==> SignalHeeded(signals, k);
        loop assigns k, is_heeded, *ignored;
        loop variant SIGNAL_COUNT - k; */
    for (uint32_t k = 0; k < SIGNAL_COUNT; k++) {
        if (!bit_is_set(signals, k))
            continue;
        if (is_ignored(k + 1))
            *ignored = bit_set(*ignored, k);
        else
            is_heeded = true;
    }
    return is_heeded;
}

bool signal_is_due(void)
{
    struct signal_thread *s = current();
    uint64_t ignored;

    if (!s->must_look)
        return false;
    s->must_look = sort(signal_pending() & ~s->blocked, &ignored);
    signal_set_drop(&s->pending, ignored);
    signal_set_drop(&signal_shared, ignored);
    return s->must_look;
}

bool signal_take(uint64_t signals, struct signal_info *info)
{
    return signal_set_take(&current()->pending, signals, info) || signal_set_take(&signal_shared, signals, info);
}

/* Signals to the process that this thread will not take wait for another one, which may be blocked somewhere. */
/*@ requires used: thread_slots.used <= THREAD_MAX;
    terminates \true; exits \false; assigns thread_areas[0 .. THREAD_MAX - 1].thread.signals.must_look, ghost_kernel;
    ensures handed: HandedOver(signals & signal_shared.bits, SIGNAL_COUNT + 1);
    ensures looks: LooksKept{Pre, Post};
    ensures none: (signals & signal_shared.bits) == 0 ==> ghost_kernel == \old(ghost_kernel) && LooksSame{Pre, Post}; */
static void hand_over(uint64_t signals)
{
    uint64_t waiting = signals & signal_shared.bits;

    if (waiting == 0)
        return;
    /*@ loop invariant bound: 1 <= signal <= SIGNAL_COUNT + 1;
        loop invariant handed: HandedOver(waiting, signal);
        loop invariant looks: LooksKept{Pre, Here};
        loop assigns signal, thread_areas[0 .. THREAD_MAX - 1].thread.signals.must_look, ghost_kernel;
        loop variant SIGNAL_COUNT + 1 - signal; */
    for (uint32_t signal = 1; signal <= SIGNAL_COUNT; signal++) {
        uint32_t slot = waiting & signal_bit(signal) ? choose(signal) : THREAD_NONE;

        if (slot != THREAD_NONE)
            wake(slot);
        /*@ assert before: HandedOver(waiting, signal); */
        /*@ assert this: (waiting & SignalBit(signal)) != 0 ==> SignalSettled(signal); */
        /*@ assert each: \forall integer s; 1 <= s <= signal && (waiting & SignalBit(s)) != 0 ==> s < signal || s == signal; */
    }
}

void signal_set_blocked(uint64_t signals)
{
    struct signal_thread *s = current();
    uint64_t added = signals & ~s->blocked;

    s->blocked = signals & ~signal_unblockable;
    s->must_look = signal_pending() & ~s->blocked;
    hand_over(added);
}

void signal_lend_mask(uint64_t signals)
{
    struct signal_thread *s = current();

    s->saved = s->blocked;
    s->has_saved = true;
    signal_set_blocked(signals);
}

void signal_return_mask(void)
{
    if (current()->has_saved)
        signal_set_blocked(current()->saved);
    current()->has_saved = false;
}

void signal_end_thread(void)
{
    struct signal_thread *s = current();

    signal_set_drop(&s->pending, ~0ULL);
    s->awaited = 0;
    signal_set_blocked(~0ULL);
    s->blocked = ~0ULL;
}
