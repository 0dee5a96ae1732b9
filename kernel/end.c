/* SPDX-License-Identifier: BSD-2-Clause */
#include <linux/signal.h>
#include <stdarg.h>

#include "drivers/platform.h"
#include "drivers/tty.h"
#include "kernel/end.h"
#include "lib/format.h"
#include "lib/log.h"

_Noreturn void end_with_status(int status)
{
    char line[32];
    size_t size = format_string(line, sizeof line, "exit status=%d\n", status);

    /* A line that the application left open is closed by CR CR LF, which the host's tool takes back. */
    if (!tty_is_at_line_start())
        platform.console_write("\r\r\n", 3);
    platform.console_write(line, size);
    platform.power_end(status);
}

_Noreturn void end_refused(int status, const char *fmt, ...)
{
    char reason[200];
    va_list args;

    va_start(args, fmt);
    format_args(reason, sizeof reason, fmt, args);
    va_end(args);
    log_error("refused: %s", reason);
    end_with_status(status);
}

static const char *signal_name(int signal)
{
    static const char *const name[] = {
        [SIGHUP] = "SIGHUP",   [SIGINT] = "SIGINT",   [SIGQUIT] = "SIGQUIT", [SIGILL] = "SIGILL",
        [SIGTRAP] = "SIGTRAP", [SIGABRT] = "SIGABRT", [SIGBUS] = "SIGBUS",   [SIGFPE] = "SIGFPE",
        [SIGKILL] = "SIGKILL", [SIGUSR1] = "SIGUSR1", [SIGSEGV] = "SIGSEGV", [SIGUSR2] = "SIGUSR2",
        [SIGPIPE] = "SIGPIPE", [SIGALRM] = "SIGALRM", [SIGTERM] = "SIGTERM"
    };

    if (signal > 0 && signal < (int)(sizeof name / sizeof name[0]) && name[signal])
        return name[signal];
    return "a signal";
}

_Noreturn void end_by_signal(int signal)
{
    log_error("application killed by %s (%d)", signal_name(signal), signal);
    end_with_status(128 + signal);
}

_Noreturn void end_by_fault(const struct trap_frame *frame, uint64_t address, const struct fault_kind *kind)
{
    int signal = kind->info.signal;

    if (frame->vector == TRAP_PAGE_FAULT)
        log_error("application killed by %s: %s 0x%lx, rip 0x%lx", signal_name(signal), kind->what, address,
                  frame->rip);
    else
        log_error("application killed by %s: %s, rip 0x%lx", signal_name(signal), kind->what, frame->rip);
    log_error("rax %016lx rbx %016lx rcx %016lx rdx %016lx", frame->rax, frame->rbx, frame->rcx, frame->arg[2]);
    log_error("rsi %016lx rdi %016lx rbp %016lx rsp %016lx", frame->arg[1], frame->arg[0], frame->rbp, frame->rsp);
    log_error("r8  %016lx r9  %016lx r10 %016lx r11 %016lx", frame->arg[4], frame->arg[5], frame->arg[3], frame->r11);
    log_error("r12 %016lx r13 %016lx r14 %016lx r15 %016lx", frame->r12, frame->r13, frame->r14, frame->r15);
    log_error("vector %lu error 0x%lx rflags 0x%lx", frame->vector, frame->error, frame->rflags);
    end_with_status(128 + signal);
}
