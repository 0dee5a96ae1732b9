/* SPDX-License-Identifier: BSD-2-Clause */
/* Every way the application ends. The last line on the console is `exit status=N`. spec/end.md. */
#ifndef KERNEL_END_H
#define KERNEL_END_H
#include <stdint.h>

#include "kernel/fault.h"
#include "lib/state.h"
#include "x86/trap.h"

/* The closing line, then the machine ends with that status, 0 to 255. Also the end of a panic. */
/*@ terminates \false; exits \false; assigns \nothing; */
_Noreturn void end_with_status(int status);

/* Nothing was executed: one line with the reason, then STATUS_REFUSED or STATUS_NO_APPLICATION. */
_Noreturn void end_refused(int status, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The application dies of a signal: one line, then status 128 + signal. */
/*@ requires number: 1 <= signal <= 64;
    terminates \false; exits \false; assigns ghost_dead;
    ensures dead: ghost_dead == signal; */
_Noreturn void end_by_signal(int signal);

/* The application faulted and does not catch it: one report (what, where, registers), then status 128 + the signal. */
_Noreturn void end_by_fault(const struct trap_frame *frame, uint64_t address, const struct fault_kind *kind);

#endif
