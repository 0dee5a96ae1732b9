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
#include "lib/shm.h"
#include "x86/cpus.h"
#include "x86/trap.h"

/* How long the application may take to end after SIGTERM. */
#define GRACE_NS 10000000000ULL

/* The queue of those who could run. */
#define READY (QUEUE_THREADS + WAITERS_BUCKETS)

static uint64_t must_end_ns = SCHED_FOREVER;

/* Each CPU's timer: when the running thread has had its share (only while another is ready), and what the timer is set to. */
static struct share {
    uint64_t end_ns, timer_ns;
} share[CPUS_MAX];

/* What is due at a time is due wherever: one CPU's timer is set for the first of it, or for a moment before. */
static uint32_t keeper;
static uint64_t kept_ns = SCHED_FOREVER;

static struct share *own_share(void)
{
    return &share[cpu_this()->number];
}

/* What this CPU has to wake up for, if nothing of its own comes first. */
static uint64_t keep(void)
{
    uint64_t first = least(least(deadline_first(), alarm_next()), must_end_ns);

    if (first < kept_ns || keeper == cpu_this()->number) {
        keeper = cpu_this()->number;
        kept_ns = first;
        return first;
    }
    return SCHED_FOREVER;
}

/* Ring 3 is interrupted when something is to be done then: without that there is no tick. */
static void arm_timer(void)
{
    struct share *own = own_share();
    uint64_t at;

    if (own->end_ns == SCHED_FOREVER && !queue_is_empty(READY))
        own->end_ns = platform.clock_monotonic() + SCHED_SLICE_NS;
    at = least(keep(), own->end_ns);
    if (at < own->timer_ns) {
        own->timer_ns = at;
        platform.interrupt_at(at);
    }
}

static bool may_run(uint32_t thread, uint32_t number)
{
    return thread_at(thread)->cpus >> number & 1;
}

/* A halted CPU that may run the thread, which is ready, is woken; false when there is none. */
static bool call_cpu(uint32_t thread)
{
    for (uint32_t i = 0; i < cpus_count; i++)
        if (shm_read32(&cpu_area[i].state) == CPU_HALTED && may_run(thread, i)) {
            cpus_call(i);
            return true;
        }
    return false;
}

/* Who waits longest among the ready ones that may run here, or READY. */
static uint32_t next_ready(void)
{
    uint32_t thread = queue_after(READY);

    while (thread != READY && !may_run(thread, cpu_this()->number))
        thread = queue_after(thread);
    return thread;
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

/* Another thread runs, or nobody. The current one is where it will be found again. */
static void give_up_cpu(void)
{
    uint32_t next = next_ready();

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
    if (!call_cpu(thread) && thread_current_slot() != THREAD_NONE && own_share()->end_ns == SCHED_FOREVER)
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

/* The CPU that the thread runs on now takes an interrupt, also if it is on its way out of the kernel. */
static void interrupt_runner(uint32_t thread)
{
    for (uint32_t i = 0; i < cpus_count; i++)
        if (cpu_area[i].thread == thread)
            cpus_kick(i);
}

void sched_interrupt(uint32_t thread)
{
    if (!thread_at(thread)->ends_for_signal) {
        interrupt_runner(thread);
        return;
    }
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

/* The current thread waits for its turn again, somewhere else if it may no more run here. */
static void stand_behind(void)
{
    uint32_t self = thread_current_slot();

    queue_append(READY, self);
    if (!may_run(self, cpu_this()->number))
        (void)call_cpu(self);
    give_up_cpu();
}

void sched_yield(void)
{
    if (!queue_is_empty(READY))
        stand_behind();
}

/* The current thread goes where it may run, if that is not here. */
static void move(void)
{
    if (!may_run(thread_current_slot(), cpu_this()->number))
        stand_behind();
}

void sched_set_cpus(uint32_t thread, uint32_t cpus)
{
    thread_at(thread)->cpus = cpus;
    interrupt_runner(thread);
    if (thread == thread_current_slot())
        move();
    else
        (void)call_cpu(thread); /* if it is ready; else a CPU wakes in vain */
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

/* After interrupts, in ring 3, idling or in a driver's sleep. Not after mere kicks: who was called to run a thread would tell those who wait
   for a device to look again, and be told so by them, for ever. */
static void serve_interrupt(void)
{
    static uint64_t served;
    uint32_t thread;
    int signal;

    if (served == irq_events)
        return;
    served = irq_events;
    signal = tty_signal();
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

/* Others that run a thread, and began to when nobody was ready, have to count its share now. */
static void start_shares(void)
{
    if (queue_is_empty(READY))
        return;
    for (uint32_t i = 0; i < cpus_count; i++)
        if (cpu_area[i].thread != THREAD_NONE && share[i].end_ns == SCHED_FOREVER)
            cpus_kick(i);
}

void sched_after_interrupt(void)
{
    struct share *own = own_share();

    serve_interrupt();
    /* Whichever interrupt this was, it may have been the timer's. */
    own->timer_ns = SCHED_FOREVER;
    if (own->end_ns != SCHED_FOREVER && platform.clock_monotonic() >= own->end_ns) {
        own->end_ns = SCHED_FOREVER;
        start_shares();
        sched_yield();
    }
    move();
    /* Perhaps on another CPU by now. */
    arm_timer();
}

/* Nothing has to come while a CPU idles but what ends the first wait. */
static void sleep(void)
{
    *own_share() = (struct share){ SCHED_FOREVER, SCHED_FOREVER };
    platform.interrupt_at(SCHED_FOREVER);
    cpu_this()->state = CPU_HALTED;
    platform.idle_until(keep());
    /* If it had not to sleep. */
    cpu_this()->state = CPU_IN_KERNEL;
}

static _Noreturn void idle(void)
{
    *own_share() = (struct share){ SCHED_FOREVER, SCHED_FOREVER };
    for (;;) {
        serve_interrupt();
        if (next_ready() == READY)
            sleep();
        else
            give_up_cpu();
    }
}

_Noreturn void sched_begin(void)
{
    platform.cpu_begin();
    idle();
}

_Noreturn void sched_start(uint32_t thread)
{
    cpu_this()->thread = THREAD_NONE;
    make_ready(thread, 0);
    idle();
}
