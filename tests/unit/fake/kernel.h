/* SPDX-License-Identifier: BSD-2-Clause */
/* Fake console, clock and scheduler for tests of system calls. */
#ifndef TESTS_UNIT_FAKE_KERNEL_H
#define TESTS_UNIT_FAKE_KERNEL_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the console was given, and what it will give. */
extern char fake_console_output[65536];
extern size_t fake_console_size;
extern const char *fake_console_input;

/* Nanoseconds that the clock shows. */
extern uint64_t fake_clock;

/* Called by sched_block, and by sched_wait while what it waits for has not come; without one, or when it does nothing, the wait ends as if the
   deadline had come. */
extern void (*fake_meanwhile)(void);
extern unsigned fake_waits;

/* The last sched_block, and the last sched_wake with how many there were; as many as fake_sleepers wait for every key. */
extern struct fake_wait {
    uint64_t key;
    uint32_t bits;
    uint64_t deadline_ns;
} fake_blocked;
extern struct fake_wake {
    unsigned calls;
    uint64_t key;
    uint32_t bits, count;
} fake_woken;
extern uint32_t fake_sleepers;

/* Lines logged. */
extern unsigned fake_log_lines;

#endif
