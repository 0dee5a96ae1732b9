/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/thread.h"
#include "x86/cpu.h"
#include "x86/trap.h"

enum { MSR_FS_BASE = 0xc0000100 };

static struct thread thread[THREAD_MAX];

struct thread *thread_current(void)
{
    return &thread[0];
}

uint32_t thread_current_id(void)
{
    return PROCESS_ID;
}

void thread_set_fs_base(uint64_t address)
{
    thread_current()->fs_base = address;
    wrmsr(MSR_FS_BASE, address);
}

void thread_enter(uint64_t entry, uint64_t stack)
{
    struct thread *t = thread_current();

    fpu_state_clear(&t->fpu);
    fpu_state_load(&t->fpu);
    user_enter(entry, stack);
}
