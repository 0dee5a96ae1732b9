/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads for tests of system calls: kernel/thread.c's own, on a CPU that this program pretends to be, and the ways in which they end. */
#ifndef TESTS_UNIT_FAKE_THREAD_H
#define TESTS_UNIT_FAKE_THREAD_H
#include <stdbool.h>
#include <stdint.h>

#include "kernel/abi/syscall.h"
#include "kernel/thread.h"

/* The first thread is there and runs. */
void fake_thread_start(void);

/* The thread in that slot is the one that calls from now on. */
void fake_thread_run(uint32_t slot);

/* kmap_own has no memory for another thread. */
extern bool fake_thread_no_memory;

/* What the last wrmsr wrote. */
extern uint32_t fake_msr;
extern uint64_t fake_msr_value;

/* The system call's result, or ENDED if it ended the program or the thread: it did not come back then, and fake_end says how. */
#define ENDED INT64_MIN
int64_t fake_call(syscall_fn *fn, const uint64_t arg[6]);
extern struct fake_end {
    enum { FAKE_NO_END, FAKE_END_STATUS, FAKE_END_SIGNAL, FAKE_END_FAULT, FAKE_END_THREAD } how;
    int value; /* status or signal */
} fake_end;

/* What the scheduler was asked for: the last thread started, interrupted or moved and how often, and where it may run. */
extern struct fake_sched {
    uint32_t added, interrupted, interrupts, moved, cpus, yields, alarms;
} fake_sched;

/* What sched_sleep answers, and until when it was to be. */
extern int fake_sleep_result;
extern uint64_t fake_sleep_deadline;

/* Exceptions that the FPU shows, of x87 and of SSE. */
extern uint32_t fake_fpu_exceptions[2];

#endif
