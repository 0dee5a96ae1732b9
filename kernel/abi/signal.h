/* SPDX-License-Identifier: BSD-2-Clause */
/* System calls on signals. A program can say what it wants done with them and end itself by one; handlers are not run yet. */
#ifndef KERNEL_ABI_SIGNAL_H
#define KERNEL_ABI_SIGNAL_H
#include <stdint.h>

/* What the program wants done with a signal, 1 to 64, is done now: by default it ends. */
void signal_send(uint32_t signal);

int64_t sys_rt_sigaction(const uint64_t arg[6]);
int64_t sys_rt_sigprocmask(const uint64_t arg[6]);
int64_t sys_rt_sigpending(const uint64_t arg[6]);
int64_t sys_sigaltstack(const uint64_t arg[6]);
int64_t sys_kill(const uint64_t arg[6]);
int64_t sys_tkill(const uint64_t arg[6]);
int64_t sys_tgkill(const uint64_t arg[6]);
int64_t sys_pause(const uint64_t arg[6]);

#endif
