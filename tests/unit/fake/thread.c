/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include "fake/thread.h"

#include <asm/prctl.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fake/cpu.h"
#include "x86/cpu.h"

struct fault_kind;

struct cpu_area cpu_area[CPUS_MAX];
struct cpu_features cpu = { .hwcap = 0 };
struct thread_area thread_areas[THREAD_MAX];
bool fake_thread_no_memory;
uint32_t fake_msr;
uint64_t fake_msr_value;
struct fake_end fake_end;
struct fake_sched fake_sched;
int fake_sleep_result;
uint64_t fake_sleep_deadline;
uint32_t fake_fpu_exceptions[2];

/* wrmsr, and invlpg, of which nothing is seen. */
size_t cpu_execute(const uint8_t *insn, greg_t *regs)
{
    unsigned before = insn[0] == 0x41; /* REX.B */
    const uint8_t *code = insn + before;

    if (code[0] == 0x0f && code[1] == 0x30) {
        fake_msr = (uint32_t)regs[REG_RCX];
        fake_msr_value = (uint64_t)regs[REG_RDX] << 32 | (uint32_t)regs[REG_RAX];
        return before + 2;
    }
    if (code[0] == 0x0f && code[1] == 0x01 && (code[2] & 0xb8) == 0x38) /* /7 of a register, perhaps with 8 bits more */
        return before + (code[2] & 0x40 ? 4u : 3u);
    return 0;
}

void fake_thread_start(void)
{
    cpu_area[0].self = &cpu_area[0];
    fake_cpu_start();
    if (syscall(SYS_arch_prctl, ARCH_SET_GS, &cpu_area[0]) != 0)
        abort();
    fake_thread_run(thread_add());
}

void fake_thread_run(uint32_t slot)
{
    cpu_area[0].thread = slot;
}

static jmp_buf end_place;

int64_t fake_call(syscall_fn *fn, const uint64_t arg[6])
{
    fake_end = (struct fake_end){ FAKE_NO_END, 0 };
    return setjmp(end_place) == 0 ? fn(arg) : ENDED;
}

bool kmap_own(uint64_t address, uint32_t pages)
{
    (void)address;
    (void)pages;
    return !fake_thread_no_memory;
}

uint64_t stack_prepare(uint64_t stack_top, void (*begin)(void))
{
    return begin != NULL ? stack_top : 0;
}

void cpu_set_kernel_stack(uint64_t top)
{
    cpu_area[0].kernel_stack = top;
}

void fpu_state_clear(struct fpu_state *state)
{
    memset(state, 0, sizeof(*state));
}

void fpu_state_save(struct fpu_state *state)
{
    memset(state->byte, 0x77, FXSAVE_MXCSR);
}

void fpu_state_load(const struct fpu_state *state)
{
    (void)state;
}

uint32_t fpu_mxcsr_mask(void)
{
    return 0xffff;
}

uint32_t fpu_exceptions(bool is_simd)
{
    return fake_fpu_exceptions[is_simd];
}

static _Noreturn void end(int how, int value)
{
    fake_end = (struct fake_end){ how, value };
    longjmp(end_place, 1);
}

_Noreturn void end_with_status(int status)
{
    end(FAKE_END_STATUS, status);
}

_Noreturn void end_by_signal(int signal)
{
    end(FAKE_END_SIGNAL, signal);
}

_Noreturn void end_by_fault(const struct trap_frame *frame, uint64_t address, const struct fault_kind *kind)
{
    (void)frame;
    (void)address;
    (void)kind;
    end(FAKE_END_FAULT, 0);
}

_Noreturn void sched_exit(void)
{
    end(FAKE_END_THREAD, 0);
}

void sched_add(uint32_t slot)
{
    fake_sched.added = slot;
}

void sched_interrupt(uint32_t slot)
{
    fake_sched.interrupted = slot;
    fake_sched.interrupts++;
}

void sched_set_cpus(uint32_t slot, uint32_t cpus)
{
    fake_sched.moved = slot;
    fake_sched.cpus = cpus;
}

void sched_yield(void)
{
    fake_sched.yields++;
}

void sched_set_alarm(void)
{
    fake_sched.alarms++;
}

int sched_sleep(uint64_t deadline_ns)
{
    fake_sleep_deadline = deadline_ns;
    return fake_sleep_result;
}

/* A test of signals links the kernel's own. */
__attribute__((weak)) void signal_check(void)
{
}
