/* SPDX-License-Identifier: BSD-2-Clause */
/* System calls on files that are there to wait for: epoll, timers, joined sockets. */
#ifndef KERNEL_ABI_EVENT_H
#define KERNEL_ABI_EVENT_H
#include <stdint.h>

/* Opens a node that nobody refers to yet (0: -ENFILE) with O_ bits; it goes away when that fails. */
int64_t file_open_nameless(uint32_t node, uint32_t flags);

/* kernel/abi/epoll.c */
int64_t sys_epoll_create(const uint64_t arg[6]);
int64_t sys_epoll_create1(const uint64_t arg[6]);
int64_t sys_epoll_ctl(const uint64_t arg[6]);
int64_t sys_epoll_wait(const uint64_t arg[6]);
int64_t sys_epoll_pwait(const uint64_t arg[6]);
int64_t sys_epoll_pwait2(const uint64_t arg[6]);

/* kernel/abi/timerfd.c */
int64_t sys_timerfd_create(const uint64_t arg[6]);
int64_t sys_timerfd_settime(const uint64_t arg[6]);
int64_t sys_timerfd_gettime(const uint64_t arg[6]);

/* kernel/abi/socket.c */
int64_t sys_socketpair(const uint64_t arg[6]);
int64_t sys_sendto(const uint64_t arg[6]);
int64_t sys_recvfrom(const uint64_t arg[6]);
int64_t sys_sendmsg(const uint64_t arg[6]);
int64_t sys_recvmsg(const uint64_t arg[6]);
int64_t sys_shutdown(const uint64_t arg[6]);

#endif
