/* SPDX-License-Identifier: BSD-2-Clause */
/* The application's threads: slots, one for now. What belongs to a thread and not to the process is here. */
#ifndef KERNEL_THREAD_H
#define KERNEL_THREAD_H
#include <stdint.h>

#include "x86/fpu.h"

#define THREAD_MAX 1u
#define PROCESS_ID 1u /* and the id of its first thread, as Linux has it */

struct thread {
    uint64_t fs_base;
    uint64_t clear_child_tid; /* set_tid_address: user address */
    uint64_t blocked_signals;
    char name[16]; /* prctl(PR_SET_NAME) */
    struct fpu_state fpu;
};

/* The thread that entered the kernel. */
struct thread *thread_current(void);

/* Its id, as gettid has it. */
uint32_t thread_current_id(void);

/* FS base: the CPU's register and the thread's copy. address lies in the user half. */
void thread_set_fs_base(uint64_t address);

/* Leaves for ring 3 with a fresh FPU and nothing of the kernel's in any register. */
_Noreturn void thread_enter(uint64_t entry, uint64_t stack);

#endif
