/* SPDX-License-Identifier: BSD-2-Clause */
/* Linux system calls on x86-64: rax is the number, rdi rsi rdx r10 r8 r9 the arguments, rax the result or -errno. */
#ifndef KERNEL_ABI_SYSCALL_H
#define KERNEL_ABI_SYSCALL_H
#include <stdbool.h>
#include <stdint.h>

/* One system call: arg[0..5] are untrusted; the result is what Linux's would be, -errno when negative. */
typedef int64_t syscall_fn(const uint64_t arg[6]);

/* System calls are answered from now on: -ENOSYS for what is not in kernel/abi/syscall_list.h. Traced (strace=1), every call
   is named on the console with its arguments and result. */
void syscall_start(bool is_traced);

#endif
