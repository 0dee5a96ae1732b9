/* SPDX-License-Identifier: BSD-2-Clause */
/* System calls that say who and where: one process, root, on this machine. */
#ifndef KERNEL_ABI_IDENTITY_H
#define KERNEL_ABI_IDENTITY_H
#include <stdint.h>

int64_t sys_getpid(const uint64_t arg[6]);
int64_t sys_gettid(const uint64_t arg[6]);
int64_t sys_getppid(const uint64_t arg[6]);
int64_t sys_getpgid(const uint64_t arg[6]);
int64_t sys_getpgrp(const uint64_t arg[6]);
int64_t sys_getsid(const uint64_t arg[6]);
int64_t sys_setsid(const uint64_t arg[6]);
int64_t sys_setpgid(const uint64_t arg[6]);
int64_t sys_getuid(const uint64_t arg[6]);
int64_t sys_geteuid(const uint64_t arg[6]);
int64_t sys_getgid(const uint64_t arg[6]);
int64_t sys_getegid(const uint64_t arg[6]);
int64_t sys_getresuid(const uint64_t arg[6]);
int64_t sys_getresgid(const uint64_t arg[6]);
int64_t sys_getgroups(const uint64_t arg[6]);
int64_t sys_setuid(const uint64_t arg[6]);
int64_t sys_setgid(const uint64_t arg[6]);
int64_t sys_uname(const uint64_t arg[6]);
int64_t sys_sysinfo(const uint64_t arg[6]);
int64_t sys_getrandom(const uint64_t arg[6]);
int64_t sys_getrlimit(const uint64_t arg[6]);
int64_t sys_setrlimit(const uint64_t arg[6]);
int64_t sys_prlimit64(const uint64_t arg[6]);
int64_t sys_getpriority(const uint64_t arg[6]);
int64_t sys_setpriority(const uint64_t arg[6]);

#endif
