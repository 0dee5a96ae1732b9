/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/thread.h"
#include "kernel/queue.h"
#include "kernel/signal.h"
#include "lib/string.h"
#include "mm/kmap.h"
#include "x86/cpu.h"

enum { MSR_FS_BASE = 0xc0000100 };

/* Linux's PID_MAX_LIMIT; ids are below. A slot's ids are THREAD_MAX apart, so that none comes back soon. */
#define ID_LIMIT 4194304u

#define AREA_PAGES ((THREAD_STACK_SIZE + sizeof(struct thread) + GUARD_SIZE - 1) / GUARD_SIZE)

_Static_assert(sizeof(struct thread_area) == THREAD_AREA_SIZE, "x86/layout.h");
_Static_assert(sizeof(struct thread_area) * THREAD_MAX == THREADS_SIZE, "x86/layout.h");
_Static_assert(THREAD_MAX == QUEUE_THREADS, "kernel/queue.h");

struct thread_slots thread_slots;

uint32_t thread_current_id(void)
{
    return thread_slots.id[thread_current_slot()];
}

static uint64_t stack_top(uint32_t slot)
{
    return (uint64_t)thread_at(slot);
}

struct trap_frame *thread_frame(uint32_t slot)
{
    return trap_user_frame(stack_top(slot));
}

uint32_t thread_find(uint32_t id)
{
    uint32_t slot = (id % THREAD_MAX + THREAD_MAX - 1) % THREAD_MAX;

    /* Linux keeps a process's first thread until the process ends, so that its id names the process. */
    if (id == PROCESS_ID)
        return slot;
    return thread_slots.lives[slot] && thread_slots.id[slot] == id ? slot : THREAD_NONE;
}

uint32_t thread_id(uint32_t slot)
{
    return thread_slots.id[slot];
}

uint32_t thread_next(uint32_t slot)
{
    /*@ loop invariant passed: \forall integer s; \at(slot, Pre) <= s < slot ==> !thread_slots.lives[s];
        loop invariant range: \at(slot, Pre) <= slot;
        loop assigns slot;
        loop variant thread_slots.used - slot; */
    while (slot < thread_slots.used && !thread_slots.lives[slot])
        slot++;
    return slot < thread_slots.used ? slot : THREAD_NONE;
}

uint32_t thread_count(void)
{
    return thread_slots.living;
}

/* A slot with memory that nobody lives in; THREAD_NONE. */
static uint32_t take_slot(void)
{
    if (thread_slots.free > 0)
        return thread_slots.free_slot[--thread_slots.free];
    if (thread_slots.used == THREAD_MAX || !kmap_own(stack_top(thread_slots.used) - THREAD_STACK_SIZE, AREA_PAGES))
        return THREAD_NONE;
    fpu_state_clear(&thread_at(thread_slots.used)->fpu);
    return thread_slots.used++;
}

/*@ requires inside: slot < THREAD_MAX;
    requires good: thread_slots.id[slot] == 0 || (thread_slots.id[slot] < ID_LIMIT && (thread_slots.id[slot] - 1) % THREAD_MAX == slot);
    terminates \true; exits \false; assigns \nothing;
    ensures range: 1 <= \result < ID_LIMIT;
    ensures slot: (\result - 1) % THREAD_MAX == slot;
    ensures other: \result != thread_slots.id[slot] || slot + 1 == \result; */
static uint32_t next_id(uint32_t slot)
{
    uint32_t id = thread_slots.id[slot] + THREAD_MAX;

    return thread_slots.id[slot] == 0 || id >= ID_LIMIT ? slot + 1 : id;
}

uint32_t thread_add(void)
{
    uint32_t slot = take_slot();
    struct thread *t;

    if (slot == THREAD_NONE)
        return THREAD_NONE;
    t = thread_at(slot);
    t->fs_base = t->clear_child_tid = t->robust_list = 0;
    t->signals = (struct signal_thread){ 0 };
    t->cpus = cpus_all();
    memset(t->name, 0, sizeof t->name);
    if (thread_slots.living > 0) {
        fpu_state_save(&t->fpu);
        memcpy(t->name, thread_current()->name, sizeof t->name);
        t->signals.blocked = thread_current()->signals.blocked;
        t->cpus = thread_current()->cpus;
    }
    t->kernel_stack = stack_prepare(stack_top(slot), signal_check);
    thread_slots.id[slot] = next_id(slot);
    thread_slots.lives[slot] = true;
    thread_slots.living++;
    return slot;
}

void thread_remove_current(void)
{
    uint32_t slot = thread_current_slot();

    thread_slots.living--;
    thread_slots.lives[slot] = false;
    if (thread_slots.id[slot] != PROCESS_ID)
        thread_slots.free_slot[thread_slots.free++] = (uint16_t)slot;
}

void thread_set_fs_base(uint64_t address)
{
    thread_current()->fs_base = address;
    wrmsr(MSR_FS_BASE, address);
}

void thread_unload(uint32_t slot)
{
    fpu_state_save(&thread_at(slot)->fpu);
}

void thread_load(uint32_t slot)
{
    struct thread *t = thread_at(slot);

    fpu_state_load(&t->fpu);
    wrmsr(MSR_FS_BASE, t->fs_base);
    cpu_set_kernel_stack(stack_top(slot));
}
