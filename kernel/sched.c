/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/sched.h"
#include "drivers/platform.h"
#include "drivers/tty.h"
#include "kernel/end.h"

void sched_check_signals(void)
{
    int signal = tty_signal();

    if (signal != 0)
        end_by_signal(signal);
}

bool sched_wait(bool (*ready)(void *arg), void *arg, uint64_t deadline_ns)
{
    for (;;) {
        sched_check_signals();
        if (ready(arg))
            return true;
        if (deadline_ns != SCHED_FOREVER && platform.clock_monotonic() >= deadline_ns)
            return false;
        platform.idle_until(deadline_ns);
    }
}

static bool never(void *arg)
{
    (void)arg;
    return false;
}

void sched_sleep(uint64_t deadline_ns)
{
    sched_wait(never, 0, deadline_ns);
}
