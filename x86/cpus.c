/* SPDX-License-Identifier: BSD-2-Clause */
#include "x86/cpus.h"
#include "lib/shm.h"
#include "x86/cpu.h"
#include "x86/desc.h"

/* x86/trap.S */
extern uint64_t tlb_generation;
extern struct {
    uint32_t next, turn;
} kernel_lock;
extern uint32_t kernel_sleepers;
void kernel_take(void);
void kernel_release(uint32_t state);

_Noreturn void cpus_begin(uint32_t number);
void kernel_wait(uint32_t ticket);
void kernel_wake(void);

struct cpu_area cpu_area[CPUS_MAX];
uint32_t cpus_count = 1;

/* Has another CPU come so far that it only waits for the lock, or is it not to? */
enum { AWAITED, ARRIVED, LEFT_OUT };

static struct cpus_host host;
static void (*begin_cpu)(void);

_Static_assert(sizeof(struct cpu_stacks) == CPU_STACKS_SIZE, "x86/layout.h");

void cpus_set(const struct cpus_host *this_host, void (*begin)(void))
{
    host = *this_host;
    begin_cpu = begin;
}

bool cpus_is_up(uint32_t number)
{
    return shm_read32(&cpu_area[number].arrival) == ARRIVED;
}

static bool settle(uint32_t number, uint32_t arrival)
{
    uint32_t expected = AWAITED;

    return __atomic_compare_exchange_n(&cpu_area[number].arrival, &expected, arrival, false, __ATOMIC_SEQ_CST,
                                       __ATOMIC_SEQ_CST);
}

bool cpus_leave_out(uint32_t number)
{
    return settle(number, LEFT_OUT);
}

/* boot/entry.S calls it on the CPU's own stack. */
_Noreturn void cpus_begin(uint32_t number)
{
    struct cpu_stacks *stacks = cpu_stacks(number);
    struct desc_stacks tops = { (uint64_t)(&stacks->main + 1), (uint64_t)(&stacks->double_fault + 1),
                                (uint64_t)(&stacks->nmi + 1), (uint64_t)(&stacks->machine_check + 1) };

    cpu_start_other(number);
    desc_load(number, &tops);
    if (!settle(number, ARRIVED))
        cpu_stop();
    kernel_take();
    begin_cpu();
    cpu_stop();
}

void cpus_kick(uint32_t number)
{
    if (number != cpu_this()->number)
        host.kick(number);
}

/* How often a CPU looks whether its wait is over before it sleeps: the other one is quick, unless the host has taken it away. */
enum { SPINS = 100 };

/* The CPU that sleeps until others have left ring 3: they call it when they have, by their way into the wait for the lock. */
static struct {
    uint32_t sleeps, number, is_called;
} stopper;

/* Each of them takes an interrupt: ring 3 can not turn that off. No call is lost: is_called is cleared before the state is looked at, and a CPU
   changes its state before it looks who sleeps. */
static void wait_until_left(struct cpu_area *area)
{
    for (uint32_t i = 0; shm_read32(&area->state) == CPU_IN_USER; i++) {
        if (i < SPINS) {
            cpu_pause();
            continue;
        }
        stopper.number = cpu_this()->number;
        shm_write32(&stopper.is_called, 0);
        __atomic_exchange_n(&stopper.sleeps, 1, __ATOMIC_SEQ_CST);
        if (shm_read32(&area->state) == CPU_IN_USER)
            host.wait(&stopper.is_called, 1);
        shm_write32(&stopper.sleeps, 0);
    }
}

static void call_stopper(void)
{
    if (!shm_read32(&stopper.sleeps))
        return;
    shm_write32(&stopper.is_called, 1);
    host.wake(stopper.number);
}

void cpus_stop_others(void)
{
    struct cpu_area *self = cpu_this();

    self->tlb_generation = ++tlb_generation;
    for (uint32_t i = 0; i < cpus_count; i++)
        if (shm_read32(&cpu_area[i].state) == CPU_IN_USER)
            host.kick(i);
    for (uint32_t i = 0; i < cpus_count; i++)
        wait_until_left(&cpu_area[i]);
}

/* From trap.S, without the lock. A lock is held for microseconds, unless the host has taken that CPU away: then it is not to see this one
   spin. No wake-up is lost: here a sleeper is counted before it looks at whose turn it is, and there the turn is passed on before
   sleepers are counted; both by locked instructions. */
void kernel_wait(uint32_t ticket)
{
    struct cpu_area *self = cpu_this();

    call_stopper();
    for (uint32_t i = 0; shm_read32(&kernel_lock.turn) != ticket; i++) {
        if (i < SPINS) {
            cpu_pause();
            continue;
        }
        self->ticket = ticket;
        shm_write32(&self->sleeps, 1);
        __atomic_fetch_add(&kernel_sleepers, 1, __ATOMIC_SEQ_CST);
        host.wait(&kernel_lock.turn, ticket);
        __atomic_fetch_sub(&kernel_sleepers, 1, __ATOMIC_SEQ_CST);
        shm_write32(&self->sleeps, 0);
    }
}

/* From trap.S, after the lock was given back while somebody slept. */
void kernel_wake(void)
{
    uint32_t turn = shm_read32(&kernel_lock.turn);

    for (uint32_t i = 0; i < cpus_count; i++)
        if (shm_read32(&cpu_area[i].sleeps) && shm_read32(&cpu_area[i].ticket) == turn)
            host.wake(i);
}

void cpus_call(uint32_t number)
{
    cpu_area[number].state = CPU_CALLED;
    host.kick(number);
}

void cpu_halt(void)
{
    if (cpu_this()->state == CPU_HALTED)
        kernel_release(CPU_HALTED);
    irq_enable_and_halt();
    cpu_wake();
}

void cpu_wake(void)
{
    struct cpu_area *self = cpu_this();

    if (shm_read32(&self->state) < CPU_HALTED)
        return;
    kernel_take();
    /* Another CPU may have called this one before it had the lock. */
    self->state = CPU_IN_KERNEL;
}
