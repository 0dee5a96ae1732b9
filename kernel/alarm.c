/* SPDX-License-Identifier: BSD-2-Clause */
#include <linux/signal.h>

#include "kernel/alarm.h"
#include "kernel/signal.h"
#include "lib/limits.h"

#define NEVER 0xffffffffffffffffULL

static uint64_t end_ns = NEVER, interval_ns;

/*@ requires valid: \valid_read(next);
    terminates \true; exits \false; assigns end_ns, interval_ns;
    ensures interval: interval_ns == next->interval;
    ensures off: next->left == 0 ==> end_ns == NEVER;
    ensures on: next->left != 0 ==> end_ns == (now + next->left > NEVER ? NEVER : now + next->left); */
void alarm_set(const struct alarm *next, uint64_t now)
{
    end_ns = next->left == 0 ? NEVER : sum_at_most(now, next->left);
    interval_ns = next->interval;
}

/*@ terminates \true; exits \false; assigns \nothing;
    ensures interval: \result.interval == interval_ns;
    ensures off: \result.left == 0 <==> end_ns == NEVER;
    ensures left: now < end_ns < NEVER ==> \result.left == end_ns - now;
    ensures over: end_ns < NEVER && end_ns <= now ==> \result.left == 1; */
struct alarm alarm_get(uint64_t now)
{
    /* One that has ended, but was not served yet, runs for a moment more. */
    uint64_t left = end_ns == NEVER ? 0 : end_ns > now ? end_ns - now : 1;

    return (struct alarm){ left, interval_ns };
}

/*@ terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == end_ns; */
uint64_t alarm_next(void)
{
    return end_ns;
}

/* Starts it again if it has ended and repeats. Did it end? */
/*@ terminates \true; exits \false; assigns end_ns;
    ensures ended: \result <==> \old(end_ns) <= now;
    ensures runs: !\result ==> end_ns == \old(end_ns);
    ensures once: \result && interval_ns == 0 ==> end_ns == NEVER;
    ensures ahead: \result ==> end_ns > now || end_ns == NEVER;
    ensures soon: \result && end_ns != NEVER ==> end_ns <= now + interval_ns; */
static bool restart(uint64_t now)
{
    if (end_ns > now)
        return false;
    end_ns = interval_ns == 0 || interval_ns > NEVER - now ? NEVER : now - (now - end_ns) % interval_ns + interval_ns;
    return true;
}

void alarm_serve(uint64_t now)
{
    if (restart(now))
        signal_send_from_kernel(SIGALRM);
}
