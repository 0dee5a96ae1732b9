/* SPDX-License-Identifier: BSD-2-Clause */
/* The application's threads: slots with a kernel stack each. What belongs to a thread and not to the process is here.
   spec/thread.md. */
#ifndef KERNEL_THREAD_H
#define KERNEL_THREAD_H
#include <stdbool.h>
#include <stdint.h>

#include "kernel/signal_thread.h"
#include "lib/state.h"
#include "mm/user_range.h"
#include "x86/cpus.h"
#include "x86/fpu.h"
#include "x86/layout.h"
#include "x86/trap.h"

#define THREAD_MAX       512u
#define THREAD_NONE      THREAD_MAX
#define PROCESS_ID       1u /* and the id of its first thread, as Linux has it */
#define THREAD_NAME_SIZE 16 /* Linux: TASK_COMM_LEN */

struct thread {
    struct fpu_state fpu;  /* while it does not run */
    uint64_t kernel_stack; /* where it goes on, while it does not run */
    uint64_t fs_base;
    uint64_t clear_child_tid; /* set_tid_address: user address */
    uint64_t robust_list;     /* set_robust_list: user address */
    struct signal_thread signals;
    uint32_t cpus;               /* the numbers of those it may run on, a bit each: kernel/sched.c */
    bool ends_for_signal;        /* its wait: kernel/sched.c */
    int wait_result;             /* why its last wait ended: kernel/sched.c */
    char name[THREAD_NAME_SIZE]; /* prctl(PR_SET_NAME) */
};

/* One thread's part of the addresses from THREADS_BASE on. Behind what is used no page is mapped, nor is the guard. */
struct thread_area {
    uint8_t guard[GUARD_SIZE];
    uint8_t stack[THREAD_STACK_SIZE];
    struct thread thread;
} __attribute__((aligned(THREAD_AREA_SIZE)));

/* At THREADS_BASE (boot/entry.S). */
extern struct thread_area thread_areas[THREAD_MAX];

/* Which slots are whose, here because contracts name it. Slots below `used` have their memory, and keep it: the next thread finds it there. */
struct thread_slots {
    uint32_t used, living, free;
    uint16_t free_slot[THREAD_MAX];
    uint32_t id[THREAD_MAX]; /* its thread's, or the one that lived there last */
    bool lives[THREAD_MAX];
};
extern struct thread_slots thread_slots;

#include "spec/thread.acsl"

/* What is known of the thread in a slot that was ever given to one. */
/*@ requires inside: slot < THREAD_MAX;
    terminates \true; exits \false; assigns \result \from slot;
    ensures exact: \result == &thread_areas[slot].thread; */
static inline struct thread *thread_at(uint32_t slot)
{
    return &thread_areas[slot].thread;
}

/* The thread that entered the kernel on this CPU; slot THREAD_NONE when the CPU is idle. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures self: \result == ghost_self; */
static inline uint32_t thread_current_slot(void)
{
    return cpu_this()->thread;
}

/*@ requires runs: ghost_self < THREAD_MAX;
    terminates \true; exits \false; assigns \result \from ghost_self;
    ensures exact: \result == &thread_areas[ghost_self].thread; */
static inline struct thread *thread_current(void)
{
    return thread_at(thread_current_slot());
}

/* Its id, as gettid has it. */
/*@ requires runs: ghost_self < THREAD_MAX;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == thread_slots.id[ghost_self]; */
uint32_t thread_current_id(void);

/* The frame with which a thread that is in the kernel goes back to ring 3. */
/*@ requires inside: slot < THREAD_MAX;
    terminates \true; exits \false; assigns \result \from slot;
    ensures place: \result == &ghost_frame[slot]; */
struct trap_frame *thread_frame(uint32_t slot);

/* Whose frame that is: it is the last thing on the thread's stack, and the thread lies behind that. */
static inline struct thread *thread_of_frame(struct trap_frame *frame)
{
    return (struct thread *)(frame + 1);
}

/* The slot of the living thread with that id, THREAD_NONE when there is none; the first thread is found also after its end. And a
   thread's id. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == ThreadSlot(id);
    ensures slot: \result <= THREAD_NONE; */
uint32_t thread_find(uint32_t id);
/*@ requires inside: slot < THREAD_MAX;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == thread_slots.id[slot]; */
uint32_t thread_id(uint32_t slot);

/* The first slot from this one on that has a living thread; THREAD_NONE behind the last. */
/*@ requires used: thread_slots.used <= THREAD_MAX;
    terminates \true; exits \false; assigns \nothing;
    ensures lives: \result != THREAD_NONE ==> slot <= \result < thread_slots.used && thread_slots.lives[\result];
    ensures first: \forall integer s; slot <= s < \result && s < thread_slots.used ==> !thread_slots.lives[s];
    ensures end: \result <= THREAD_NONE; */
uint32_t thread_next(uint32_t slot);

/* How many live. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == thread_slots.living; */
uint32_t thread_count(void);

/* A new thread of the current one's kind (its FPU state, name and signal mask), or the first with everything fresh. Its frame is the
   caller's to fill, before kernel/sched.h makes it run. THREAD_NONE: there are THREAD_MAX, or no memory for its stack. */
/*@ requires new: ghost_new < THREAD_MAX && ghost_new != ghost_self;
    terminates \true; exits \false; assigns thread_areas[ghost_new].thread, thread_slots, ghost_new, ghost_frame[ghost_new];
    ensures slot: \result == THREAD_NONE || (\result == \old(ghost_new) && thread_slots.lives[\result] && 1 <= thread_slots.id[\result] < 4194304);
    ensures clear: \result != THREAD_NONE ==> thread_areas[\result].thread.clear_child_tid == 0; */
uint32_t thread_add(void);

/* The current thread lives no more; its slot may be another's from the next thread_add on. The first thread's never is. */
void thread_remove_current(void);

/* FS base: the CPU's register and the thread's copy. address lies in the user half. */
/*@ requires runs: ghost_self < THREAD_MAX;
    requires half: address < USER_END;
    terminates \true; exits \false; assigns thread_areas[ghost_self].thread.fs_base, ghost_kernel;
    ensures set: thread_areas[ghost_self].thread.fs_base == address; */
void thread_set_fs_base(uint64_t address);

/* Leave and enter: what a thread has in the CPU's registers besides those of its frame is put into the thread, or into the CPU, whose
   entries from ring 3 begin on its stack then. */
void thread_unload(uint32_t slot);
void thread_load(uint32_t slot);

#endif
