/* SPDX-License-Identifier: BSD-2-Clause */
#include <linux/errno.h>
#include <linux/signal.h>

#include "kernel/abi/signal.h"
#include "kernel/end.h"
#include "kernel/sched.h"
#include "kernel/thread.h"
#include "lib/log.h"
#include "mm/user.h"

#define SIGNAL_COUNT 64u
#define SET_SIZE     8u

/* struct kernel_sigaction of arch/x86: what rt_sigaction takes and gives. */
struct action {
    uint64_t handler, flags, restorer, mask;
};

static struct action action[SIGNAL_COUNT + 1];
static stack_t alternate = { .ss_flags = SS_DISABLE };
static uint64_t pending;

static uint64_t bit_of(uint32_t signal)
{
    return 1ULL << (signal - 1);
}

static const uint64_t unblockable = 1ULL << (SIGKILL - 1) | 1ULL << (SIGSTOP - 1);

/* What Linux ignores by default; stopping is ignored too, for nobody could continue the program. */
static bool is_ignored_by_default(uint32_t signal)
{
    return signal == SIGCHLD || signal == SIGCONT || signal == SIGURG || signal == SIGWINCH || signal == SIGSTOP ||
           signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

/* A signal to the process is one to any thread that does not block it. */
static bool is_blocked(uint32_t signal)
{
    uint64_t blocked = ~unblockable;

    for (uint32_t i = thread_next(0); i != THREAD_NONE; i = thread_next(i + 1))
        blocked &= thread_at(i)->blocked_signals;
    return blocked & bit_of(signal);
}

void signal_send(uint32_t signal)
{
    uint64_t handler = action[signal].handler;

    if (is_blocked(signal)) {
        pending |= bit_of(signal);
        return;
    }
    pending &= ~bit_of(signal);
    if (handler == (uint64_t)SIG_IGN || (handler == (uint64_t)SIG_DFL && is_ignored_by_default(signal)))
        return;
    if (handler == (uint64_t)SIG_DFL)
        end_by_signal((int)signal);
    log_warn("signal %u has a handler, but handlers are not run yet", signal);
}

static void deliver_pending(void)
{
    uint64_t ready = pending & ~thread_current()->blocked_signals;

    for (uint32_t signal = 1; signal <= SIGNAL_COUNT && ready != 0; signal++)
        if (ready & bit_of(signal))
            signal_send(signal);
}

int64_t sys_rt_sigaction(const uint64_t arg[6])
{
    uint32_t signal = (uint32_t)arg[0];
    struct action old, new;

    if (signal < 1 || signal > SIGNAL_COUNT || arg[3] != SET_SIZE)
        return -EINVAL;
    old = action[signal];
    if (arg[1] != 0) {
        if (bit_of(signal) & unblockable)
            return -EINVAL;
        if (user_copy_in(&new, arg[1], sizeof new) != 0)
            return -EFAULT;
    }
    if (arg[2] != 0 && user_copy_out(arg[2], &old, sizeof old) != 0)
        return -EFAULT;
    if (arg[1] != 0)
        action[signal] = new;
    return 0;
}

int64_t sys_rt_sigprocmask(const uint64_t arg[6])
{
    struct thread *t = thread_current();
    uint64_t old = t->blocked_signals, set = 0;

    if (arg[3] != SET_SIZE)
        return -EINVAL;
    if (arg[1] != 0) {
        if ((uint32_t)arg[0] > SIG_SETMASK)
            return -EINVAL;
        if (user_copy_in(&set, arg[1], sizeof set) != 0)
            return -EFAULT;
    }
    if (arg[2] != 0 && user_copy_out(arg[2], &old, sizeof old) != 0)
        return -EFAULT;
    if (arg[1] == 0)
        return 0;
    if (arg[0] == SIG_BLOCK)
        t->blocked_signals |= set;
    else if (arg[0] == SIG_UNBLOCK)
        t->blocked_signals &= ~set;
    else
        t->blocked_signals = set;
    t->blocked_signals &= ~unblockable;
    deliver_pending();
    return 0;
}

int64_t sys_rt_sigpending(const uint64_t arg[6])
{
    if (arg[1] > SET_SIZE)
        return -EINVAL;
    return user_copy_out(arg[0], &pending, arg[1]);
}

int64_t sys_sigaltstack(const uint64_t arg[6])
{
    stack_t old = alternate, new;

    if (arg[0] != 0) {
        if (user_copy_in(&new, arg[0], sizeof new) != 0)
            return -EFAULT;
        if (new.ss_flags != 0 && new.ss_flags != SS_DISABLE &&new.ss_flags != SS_ONSTACK)
            return -EINVAL;
        if (new.ss_flags != SS_DISABLE &&new.ss_size < MINSIGSTKSZ)
            return -ENOMEM;
    }
    if (arg[1] != 0 && user_copy_out(arg[1], &old, sizeof old) != 0)
        return -EFAULT;
    if (arg[0] != 0)
        alternate = new;
    return 0;
}

static int64_t send(uint64_t signal)
{
    if ((uint32_t)signal > SIGNAL_COUNT)
        return -EINVAL;
    if ((uint32_t)signal != 0)
        signal_send((uint32_t)signal);
    return 0;
}

/* Its own process, its group, or all there are: the same one. */
int64_t sys_kill(const uint64_t arg[6])
{
    int32_t id = (int32_t)arg[0];

    if (id != 0 && id != -1 && id != (int32_t)PROCESS_ID && id != -(int32_t)PROCESS_ID)
        return -ESRCH;
    return send(arg[1]);
}

int64_t sys_tkill(const uint64_t arg[6])
{
    if ((int32_t)arg[0] <= 0)
        return -EINVAL;
    return thread_find((uint32_t)arg[0]) != THREAD_NONE ? send(arg[1]) : -ESRCH;
}

int64_t sys_tgkill(const uint64_t arg[6])
{
    if ((int32_t)arg[0] <= 0 || (int32_t)arg[1] <= 0)
        return -EINVAL;
    if ((uint32_t)arg[0] != PROCESS_ID || thread_find((uint32_t)arg[1]) == THREAD_NONE)
        return -ESRCH;
    return send(arg[2]);
}

/* Until ^C: no other signal can come. */
int64_t sys_pause(const uint64_t arg[6])
{
    (void)arg;
    sched_sleep(SCHED_FOREVER);
    return -EINTR;
}
