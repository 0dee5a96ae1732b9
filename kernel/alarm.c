/* SPDX-License-Identifier: BSD-2-Clause */
#include <linux/signal.h>

#include "kernel/alarm.h"
#include "kernel/signal.h"
#include "lib/limits.h"

#define NEVER 0xffffffffffffffffULL

static uint64_t end_ns = NEVER, interval_ns;

void alarm_set(const struct alarm *next, uint64_t now)
{
    end_ns = next->left == 0 ? NEVER : sum_at_most(now, next->left);
    interval_ns = next->interval;
}

struct alarm alarm_get(uint64_t now)
{
    /* One that has ended, but was not served yet, runs for a moment more. */
    uint64_t left = end_ns == NEVER ? 0 : end_ns > now ? end_ns - now : 1;

    return (struct alarm){ left, interval_ns };
}

uint64_t alarm_next(void)
{
    return end_ns;
}

void alarm_serve(uint64_t now)
{
    if (end_ns > now)
        return;
    end_ns = interval_ns == 0 || interval_ns > NEVER - now ? NEVER : now - (now - end_ns) % interval_ns + interval_ns;
    signal_send_from_kernel(SIGALRM);
}
