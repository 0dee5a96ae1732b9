/* SPDX-License-Identifier: BSD-2-Clause */
#include <linux/errno.h>
#include <linux/signal.h>

#include "kernel/end.h"
#include "kernel/sched.h"
#include "kernel/signal.h"
#include "kernel/thread.h"

const uint64_t signal_unblockable = 1ULL << (SIGKILL - 1) | 1ULL << (SIGSTOP - 1);

/* The process's part: what was sent to it as a whole waits for any of its threads. */
static struct signal_action action[SIGNAL_COUNT + 1];
static struct signal_set shared;

static struct signal_thread *current(void)
{
    return &thread_current()->signals;
}

/* What Linux ignores by default; stopping is ignored too, for nobody could continue the program. */
/*@ requires number: signal <= SIGNAL_COUNT;
    terminates \true; exits \false; assigns \nothing;
    ensures said: action[signal].handler != 0 ==> (\result <==> action[signal].handler == 1);
    ensures default: action[signal].handler == 0 ==> (\result <==> signal == SIGCHLD || signal == SIGCONT || signal == SIGURG || signal == SIGWINCH || signal == SIGSTOP
        || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU); */
static bool is_ignored(uint32_t signal)
{
    uint64_t handler = action[signal].handler;

    if (handler != (uint64_t)SIG_DFL)
        return handler == (uint64_t)SIG_IGN;
    return signal == SIGCHLD || signal == SIGCONT || signal == SIGURG || signal == SIGWINCH || signal == SIGSTOP ||
           signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

static bool wants(uint32_t slot, uint32_t signal)
{
    const struct signal_thread *s = &thread_at(slot)->signals;

    return (~s->blocked | s->awaited) & signal_bit(signal);
}

/* Who takes a signal to the process: the first thread if it can, as on Linux. */
static uint32_t choose(uint32_t signal)
{
    uint32_t slot = thread_next(0);

    while (slot != THREAD_NONE && !wants(slot, signal))
        slot = thread_next(slot + 1);
    return slot;
}

static void wake(uint32_t slot)
{
    thread_at(slot)->signals.must_look = true;
    sched_interrupt(slot);
}

/* taker: the slot of a thread that would take it now, or THREAD_NONE. */
static int send(struct signal_set *set, uint32_t taker, const struct signal_info *info)
{
    uint32_t signal = (uint32_t)info->signal;
    bool is_awaited = taker != THREAD_NONE && (thread_at(taker)->signals.awaited & signal_bit(signal));

    if (signal == SIGKILL)
        end_by_signal(SIGKILL);
    if (taker != THREAD_NONE && !is_awaited) {
        if (is_ignored(signal))
            return 0;
        if (action[signal].handler == (uint64_t)SIG_DFL)
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
    return send(&shared, choose((uint32_t)info->signal), info);
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
    uint64_t handler = action[signal].handler;

    if ((current()->blocked & signal_bit(signal)) || handler == (uint64_t)SIG_DFL || handler == (uint64_t)SIG_IGN)
        return false;
    (void)signal_set_add(&current()->pending, info);
    current()->must_look = true;
    return true;
}

/*@ ensures exact: \result == &action[signal]; */
const struct signal_action *signal_action_of(uint32_t signal)
{
    return &action[signal];
}

void signal_set_action(uint32_t signal, const struct signal_action *next)
{
    action[signal] = *next;
    if (!is_ignored(signal))
        return;
    signal_set_drop(&shared, signal_bit(signal));
    for (uint32_t slot = thread_next(0); slot != THREAD_NONE; slot = thread_next(slot + 1))
        signal_set_drop(&thread_at(slot)->signals.pending, signal_bit(signal));
}

uint64_t signal_pending(void)
{
    return current()->pending.bits | shared.bits;
}

bool signal_is_due(void)
{
    struct signal_thread *s = current();
    uint64_t due = s->must_look ? signal_pending() & ~s->blocked : 0, ignored = 0;

    for (uint64_t left = due; left != 0; left &= left - 1)
        if (is_ignored((uint32_t)__builtin_ctzll(left) + 1))
            ignored |= left & -left;
    signal_set_drop(&s->pending, ignored);
    signal_set_drop(&shared, ignored);
    s->must_look = due & ~ignored;
    return s->must_look;
}

bool signal_take(uint64_t signals, struct signal_info *info)
{
    return signal_set_take(&current()->pending, signals, info) || signal_set_take(&shared, signals, info);
}

/* Signals to the process that this thread will not take wait for another one, which may be blocked somewhere. */
static void hand_over(uint64_t signals)
{
    for (uint64_t left = signals & shared.bits; left != 0; left &= left - 1) {
        uint32_t slot = choose((uint32_t)__builtin_ctzll(left) + 1);

        if (slot != THREAD_NONE)
            wake(slot);
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
