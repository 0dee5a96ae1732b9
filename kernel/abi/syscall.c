/* SPDX-License-Identifier: BSD-2-Clause */
#include <asm/unistd_64.h>
#include <linux/errno.h>

#include "kernel/abi/event.h"
#include "kernel/abi/file.h"
#include "kernel/abi/futex.h"
#include "kernel/abi/identity.h"
#include "kernel/abi/memory.h"
#include "kernel/abi/process.h"
#include "kernel/abi/sched_policy.h"
#include "kernel/abi/signal.h"
#include "kernel/abi/syscall.h"
#include "kernel/abi/syscall_names.h"
#include "kernel/abi/thread.h"
#include "kernel/abi/time.h"
#include "kernel/signal.h"
#include "kernel/thread.h"
#include "lib/format.h"
#include "lib/log.h"
#include "x86/trap.h"

#define SYSCALL_COUNT SYSCALL_NAMES_COUNT

static syscall_fn *const call[SYSCALL_COUNT] = {
#define CALL(name, args) [__NR_##name] = sys_##name,
#include "kernel/abi/syscall_list.h"
#undef CALL
};
static const uint8_t arg_count[SYSCALL_COUNT] = {
#define CALL(name, args) [__NR_##name] = (args),
#include "kernel/abi/syscall_list.h"
#undef CALL
};
/* exit and exit_group have no result to wait for. */
static bool is_last(uint64_t number)
{
    return number == __NR_exit || number == __NR_exit_group;
}

static void trace(uint64_t number, const uint64_t arg[6], int64_t result)
{
    char text[160];
    bool is_known = number < SYSCALL_COUNT && call[number];
    size_t n = format_string(text, sizeof text, "strace: %s(", number < SYSCALL_COUNT ? syscall_name(number) : "?");
    uint32_t count = is_known ? arg_count[number] : 6;

    for (uint32_t i = 0; i < count; i++) {
        n += format_string(text + n, sizeof text - n, "%s", i == 0 ? "" : ", ");
        n += format_string(text + n, sizeof text - n, arg[i] < 4096 ? "%lu" : "0x%lx", arg[i]);
    }
    if (!is_known)
        log_text("%s) = -%d (call %lu is not implemented)\n", text, ENOSYS, number);
    else if (is_last(number))
        log_text("%s)\n", text);
    else if (result < -4095 || result > 4095)
        log_text("%s) = 0x%lx\n", text, (uint64_t)result);
    else
        log_text("%s) = %ld\n", text, (long)result);
}

static inline __attribute__((always_inline)) void call_by_number(struct trap_frame *frame)
{
    uint64_t number = frame->rax;

    if (number < SYSCALL_COUNT && call[number])
        frame->rax = (uint64_t)call[number](frame->arg);
    else
        frame->rax = (uint64_t)-ENOSYS;
}

/* On the way out: there may be signals to take, and then rcx and r11 may matter, which sysret takes away. */
static void look(struct trap_frame *frame)
{
    signal_deliver(frame);
    if (frame->vector != TRAP_SYSCALL)
        trap_resume(frame);
}

static void dispatch(struct trap_frame *frame)
{
    call_by_number(frame);
    if (thread_of_frame(frame)->signals.must_look)
        look(frame);
}

static void dispatch_traced(struct trap_frame *frame)
{
    uint64_t number = frame->rax;

    if (is_last(number))
        trace(number, frame->arg, 0);
    call_by_number(frame);
    trace(number, frame->arg, (int64_t)frame->rax);
    if (thread_of_frame(frame)->signals.must_look)
        look(frame);
}

void syscall_start(bool is_traced)
{
    trap_set_syscall(is_traced ? dispatch_traced : dispatch);
}
