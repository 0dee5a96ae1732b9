/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/sched.h"

#include <linux/signal.h>

#include "drivers/platform.h"
#include "drivers/tty.h"
#include "kernel/abi/signal.h"
#include "kernel/end.h"
#include "lib/log.h"

/* How long the application may take to end after SIGTERM. */
#define GRACE_NS 10000000000ULL

static uint64_t must_end_ns; /* 0: nobody asked */

/* The host asks for the end as a person would: SIGTERM first. Each way back to the application sets the interrupt anew, for a sleep
   in between had the timer. */
static void check_host(void)
{
    bool is_asked = platform.is_asked_to_end();
    uint64_t now;

    if (!is_asked && must_end_ns == 0)
        return;
    now = platform.clock_monotonic();
    if (must_end_ns == 0)
        must_end_ns = now + GRACE_NS;
    if (is_asked)
        signal_send(SIGTERM);
    if (now >= must_end_ns) {
        log_error("the application did not end by itself within %u seconds", (uint32_t)(GRACE_NS / 1000000000));
        end_by_signal(SIGTERM);
    }
    platform.interrupt_at(must_end_ns);
}

void sched_check_signals(void)
{
    int signal = tty_signal();

    if (signal != 0)
        end_by_signal(signal);
    check_host();
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
