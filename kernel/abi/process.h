/* SPDX-License-Identifier: BSD-2-Clause */
/* System calls on the process and its end. */
#ifndef KERNEL_ABI_PROCESS_H
#define KERNEL_ABI_PROCESS_H
#include <stdint.h>

int64_t sys_exit_group(const uint64_t arg[6]);
int64_t sys_reboot(const uint64_t arg[6]);
int64_t sys_arch_prctl(const uint64_t arg[6]);
int64_t sys_prctl(const uint64_t arg[6]);
int64_t sys_wait4(const uint64_t arg[6]);

#endif
