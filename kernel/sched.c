/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/sched.h"

#include <linux/errno.h>
#include <linux/signal.h>

#include "drivers/platform.h"
#include "drivers/tty.h"
#include "kernel/alarm.h"
#include "kernel/deadline.h"
#include "kernel/end.h"
#include "kernel/queue.h"
#include "kernel/signal.h"
#include "kernel/thread.h"
#include "kernel/waiters.h"
#include "lib/limits.h"
#include "lib/log.h"
#include "x86/cpus.h"
#include "x86/trap.h"

/* How long the application may take to end after SIGTERM. */
#define GRACE_NS 10000000000ULL

/* How long a thread runs at most while another one could. */
#define SLICE_NS 10000000ULL

/* The queue of those who could run. */
#define READY (QUEUE_THREADS + WAITERS_BUCKETS)

static uint64_t must_end_ns = SCHED_FOREVER;

/* This CPU's timer: when the running thread has had its share (only while another is ready), and what the timer is set to. */
static uint64_t slice_end_ns = SCHED_FOREVER, timer_ns = SCHED_FOREVER;

/* Ring 3 is interrupted when something is to be done then: without that there is no tick. */
static void arm_timer(void)
{
    uint64_t at;

    if (slice_end_ns == SCHED_FOREVER && !queue_is_empty(READY))
        slice_end_ns = platform.clock_monotonic() + SLICE_NS;
    at = least(least(deadline_first(), alarm_next()), least(must_end_ns, slice_end_ns));
    if (at < timer_ns) {
        timer_ns = at;
        platform.interrupt_at(at);
    }
}

/* The CPU goes from its thread, or from idling, to the next one. */
static void switch_to(uint32_t next)
{
    struct cpu_area *cpu = cpu_this();
    uint64_t *from = &cpu->idle_stack;

    if (cpu->thread != THREAD_NONE) {
        thread_unload(cpu->thread);
        from = &thread_at(cpu->thread)->kernel_stack;
    }
    cpu->thread = next;
    if (next != THREAD_NONE)
        thread_load(next);
    stack_switch(from, next == THREAD_NONE ? cpu->idle_stack : thread_at(next)->kernel_stack);
}

/* Who waits longest among the ready ones runs, or nobody. The current thread is where it will be found again. */
static void give_up_cpu(void)
{
    uint32_t next = queue_after(READY);

    if (next == READY) {
        next = THREAD_NONE;
    } else {
        queue_remove(next);
        arm_timer();
    }
    if (next != thread_current_slot())
        switch_to(next);
}

static void make_ready(uint32_t thread, int wait_result)
{
    deadline_clear(thread);
    thread_at(thread)->ends_for_signal = false;
    thread_at(thread)->wait_result = wait_result;
    queue_append(READY, thread);
    if (thread_current_slot() != THREAD_NONE && slice_end_ns == SCHED_FOREVER)
        arm_timer();
}

static int block(uint64_t key, uint32_t bits, uint64_t deadline_ns, bool ends_for_signal)
{
    uint32_t self = thread_current_slot();

    if (ends_for_signal && thread_at(self)->signals.must_look && signal_is_due())
        return -EINTR;
    if (deadline_ns != SCHED_FOREVER) {
        if (platform.clock_monotonic() >= deadline_ns)
            return -ETIMEDOUT;
        deadline_set(self, deadline_ns);
    }
    thread_at(self)->ends_for_signal = ends_for_signal;
    waiters_add(self, key, bits);
    give_up_cpu();
    return thread_at(self)->wait_result;
}

int sched_block(uint64_t key, uint32_t bits, uint64_t deadline_ns)
{
    return block(key, bits, deadline_ns, true);
}

void sched_interrupt(uint32_t thread)
{
    if (!thread_at(thread)->ends_for_signal)
        return;
    waiters_remove(thread);
    make_ready(thread, -EINTR);
}

uint32_t sched_wake(uint64_t key, uint32_t bits, uint32_t count)
{
    uint32_t woken = 0, thread;

    for (; woken < count; woken++) {
        thread = waiters_take(key, bits);
        if (thread == WAITERS_NONE)
            break;
        make_ready(thread, 0);
    }
    return woken;
}

int sched_wait_or_signal(uint64_t key, bool (*ready)(void *arg), void *arg, uint64_t deadline_ns)
{
    int status = 0;

    while (!ready(arg)) {
        /* Another thread may have taken the signal that ended the wait. */
        if (status == -ETIMEDOUT || (status == -EINTR && signal_is_due()))
            return status;
        status = sched_block(key, SCHED_ANY, deadline_ns);
    }
    return 0;
}

bool sched_wait(uint64_t key, bool (*ready)(void *arg), void *arg, uint64_t deadline_ns)
{
    while (!ready(arg))
        if (block(key, SCHED_ANY, deadline_ns, false) != 0)
            return ready(arg);
    return true;
}

int sched_sleep(uint64_t deadline_ns)
{
    int status;

    do
        status = sched_block(SCHED_NOTHING + ((uint64_t)thread_current_slot() << 2), SCHED_ANY, deadline_ns);
    while (status == -EINTR && !signal_is_due());
    return status == -EINTR ? -EINTR : 0;
}

void sched_set_alarm(void)
{
    platform_start_interrupts();
    arm_timer();
}

void sched_yield(void)
{
    if (queue_is_empty(READY))
        return;
    queue_append(READY, thread_current_slot());
    give_up_cpu();
}

void sched_add(uint32_t thread)
{
    platform_start_interrupts();
    make_ready(thread, 0);
}

_Noreturn void sched_exit(void)
{
    thread_remove_current();
    give_up_cpu();
    panic("a thread that had ended ran again");
}

/* The host asks for the end as a person would: SIGTERM first. */
static void check_host(void)
{
    bool is_asked = platform.is_asked_to_end();

    if (!is_asked && must_end_ns == SCHED_FOREVER)
        return;
    if (must_end_ns == SCHED_FOREVER)
        must_end_ns = platform.clock_monotonic() + GRACE_NS;
    if (is_asked)
        signal_send_from_kernel(SIGTERM);
    if (platform.clock_monotonic() >= must_end_ns) {
        log_error("the application did not end by itself within %u seconds", (uint32_t)(GRACE_NS / 1000000000));
        end_by_signal(SIGTERM);
    }
}

/* After an interrupt, or a sleep that may have had one. */
static void serve_interrupt(void)
{
    int signal = tty_signal();
    uint32_t thread;

    if (signal != 0)
        signal_send_from_kernel((uint32_t)signal);
    check_host();
    if (alarm_next() != SCHED_FOREVER)
        alarm_serve(platform.clock_monotonic());
    sched_wake(SCHED_IO, SCHED_ANY, SCHED_ALL);
    if (deadline_first() == DEADLINE_NEVER)
        return;
    for (uint64_t now = platform.clock_monotonic();; make_ready(thread, -ETIMEDOUT)) {
        thread = deadline_take(now);
        if (thread == DEADLINE_NONE)
            break;
        waiters_remove(thread);
    }
}

void sched_after_interrupt(void)
{
    serve_interrupt();
    /* Whichever interrupt this was, it may have been the timer's. */
    timer_ns = SCHED_FOREVER;
    if (slice_end_ns != SCHED_FOREVER && platform.clock_monotonic() >= slice_end_ns) {
        slice_end_ns = SCHED_FOREVER;
        sched_yield();
    }
    arm_timer();
}

/* Nothing has to come while a CPU idles but what ends the first wait. */
static void sleep(void)
{
    slice_end_ns = timer_ns = SCHED_FOREVER;
    platform.interrupt_at(SCHED_FOREVER);
    platform.idle_until(least(least(deadline_first(), alarm_next()), must_end_ns));
}

static _Noreturn void idle(void)
{
    uint64_t seen = platform.sleeps;

    for (;;) {
        /* A driver may have slept too, in some thread's call. */
        if (platform.sleeps != seen) {
            seen = platform.sleeps;
            serve_interrupt();
        }
        if (queue_is_empty(READY))
            sleep();
        else
            give_up_cpu();
    }
}

_Noreturn void sched_start(uint32_t thread)
{
    cpu_this()->thread = THREAD_NONE;
    make_ready(thread, 0);
    idle();
}
