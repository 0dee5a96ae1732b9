/* SPDX-License-Identifier: BSD-2-Clause */
/* Who runs. A thread that has to wait says for what and until when, and gives up the CPU on its own stack; who makes that happen
   wakes it. spec/sched.md. */
#ifndef KERNEL_SCHED_H
#define KERNEL_SCHED_H
#include <stdbool.h>
#include <stdint.h>

#include <linux/errno.h>

#include "kernel/thread.h"
#include "lib/state.h"

#define SCHED_FOREVER 0xffffffffffffffffULL

/* What can be waited for: a futex word's user address, or one of these. SCHED_IO: a device may have changed, or a file that a
   call waits for among others. SCHED_NODE and 4 times a node's number: that node has changed (kernel/fs/wait.h). */
#define SCHED_IO      0x8000000000000000ULL
#define SCHED_NODE    0xa000000000000000ULL
#define SCHED_NOTHING 0xc000000000000000ULL /* and what is above: nobody wakes it */

/* How long a thread runs at most while another one could. */
#define SCHED_SLICE_NS 10000000ULL

/* Waiters that no mask passes by; wakes them all. */
#define SCHED_ANY UINT32_MAX
#define SCHED_ALL UINT32_MAX

/* Blocks the current thread until the key is woken with one of the bits (0), the monotonic clock reaches deadline_ns
   (-ETIMEDOUT; at once when it has), or a signal is due (-EINTR; at once when one is; another thread may have taken it by now). */
/*@ requires bits: bits != 0;
    terminates \false; exits \false; assigns ghost_kernel, ghost_app, ghost_deadline;
    ensures why: \result == 0 || \result == -ETIMEDOUT || \result == -EINTR;
    ensures until: ghost_deadline == deadline_ns; */
int sched_block(uint64_t key, uint32_t bits, uint64_t deadline_ns);

/* Lets at most count threads go on that wait for the key with one of the bits, longest first: how many. */
/*@ terminates \true; exits \false; assigns ghost_kernel;
    ensures most: \result <= count; */
uint32_t sched_wake(uint64_t key, uint32_t bits, uint32_t count);

/* A signal came for that thread: if it blocks, and not in sched_wait, it goes on with -EINTR. */
/*@ requires inside: thread < THREAD_MAX;
    terminates \true; exits \false; assigns ghost_kernel; */
void sched_interrupt(uint32_t thread);

/* Blocks the current thread until ready(arg) answers true: 0, or -ETIMEDOUT or -EINTR as above. ready is asked at once, and again
   after each wake of the key. */
/*@ terminates \false; exits \false; assigns ghost_kernel, ghost_app, ghost_deadline, ghost_input;
    ensures why: \result == 0 || \result == -ETIMEDOUT || \result == -EINTR;
    ensures until: ghost_deadline == deadline_ns; */
int sched_wait_or_signal(uint64_t key, bool (*ready)(void *arg), void *arg, uint64_t deadline_ns);

/* The same for devices, which no signal hurries: true when it was ready, false at the deadline. */
bool sched_wait(uint64_t key, bool (*ready)(void *arg), void *arg, uint64_t deadline_ns);

/* Blocks the current thread until the deadline (0) or until a signal is due (-EINTR). */
/*@ terminates \false; exits \false; assigns ghost_kernel, ghost_app, ghost_deadline;
    ensures why: \result == 0 || \result == -EINTR;
    ensures until: ghost_deadline == deadline_ns; */
int sched_sleep(uint64_t deadline_ns);

/* kernel/alarm.h has another time: ring 3 is interrupted then. */
/*@ terminates \true; exits \false; assigns ghost_kernel; */
void sched_set_alarm(void);

/* All others that could run do so before the current thread goes on. */
/*@ terminates \false; exits \false; assigns ghost_kernel, ghost_app; */
void sched_yield(void);

/* A new thread (kernel/thread.h) whose frame is filled runs from now on. */
/*@ requires inside: thread < THREAD_MAX;
    terminates \true; exits \false; assigns ghost_kernel; */
void sched_add(uint32_t thread);

/* The current thread ends, and is not the last. */
/*@ requires others: thread_slots.living != 1;
    terminates \false; exits \false; assigns \nothing; */
_Noreturn void sched_exit(void);

/* The thread runs on CPUs whose bit is set from now on; one of them there is. */
/*@ requires judged: thread < THREAD_MAX && cpus != 0;
    terminates \false; exits \false; assigns thread_areas[thread].thread.cpus, ghost_kernel, ghost_app;
    ensures set: thread_areas[thread].thread.cpus == cpus; */
void sched_set_cpus(uint32_t thread, uint32_t cpus);

/* The first thread runs; this CPU's stack becomes that of idling. */
_Noreturn void sched_start(uint32_t thread);

/* Another CPU, which has been started and has the lock, takes part from now on. */
_Noreturn void sched_begin(void);

/* Asked after each interrupt from ring 3: what the console's keys and the host ask for is done, who waited long enough or for a
   device goes on, and a thread that has had its share of time lets others run. */
void sched_after_interrupt(void);

#endif
