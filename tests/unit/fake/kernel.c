/* SPDX-License-Identifier: BSD-2-Clause */
#include "fake/kernel.h"
#include "drivers/platform.h"
#include "drivers/tty.h"
#include "kernel/abi/signal.h"
#include "kernel/random.h"
#include "kernel/sched.h"
#include "kernel/signal.h"
#include "lib/log.h"
#include "mm/user.h"
#include <linux/errno.h>
#include <string.h>

char fake_console_output[65536];
size_t fake_console_size;
const char *fake_console_input = "";
uint64_t fake_clock = 1000;
void (*fake_meanwhile)(void);
unsigned fake_waits;
unsigned fake_log_lines;
struct fake_wait fake_blocked;
struct fake_wake fake_woken;
uint32_t fake_sleepers;

static uint64_t clock_now(void)
{
    return fake_clock++;
}

static uint64_t clock_base(void)
{
    return 1700000000000000000ull;
}

uint32_t cpus_count = 1;

struct platform platform = { .clock_monotonic = clock_now, .clock_wall_base = clock_base };

bool sched_wait(uint64_t key, bool (*ready)(void *arg), void *arg, uint64_t deadline_ns)
{
    (void)key;
    fake_waits++;
    if (ready(arg))
        return true;
    if (fake_meanwhile != NULL)
        fake_meanwhile();
    if (deadline_ns != SCHED_FOREVER && fake_clock < deadline_ns)
        fake_clock = deadline_ns;
    return ready(arg);
}

int sched_block(uint64_t key, uint32_t bits, uint64_t deadline_ns)
{
    fake_waits++;
    fake_blocked = (struct fake_wait){ key, bits, deadline_ns };
    if (fake_clock >= deadline_ns)
        return -ETIMEDOUT;
    if (fake_meanwhile != NULL) {
        fake_meanwhile();
        return 0;
    }
    if (deadline_ns == SCHED_FOREVER)
        return -EINTR;
    fake_clock = deadline_ns;
    return -ETIMEDOUT;
}

int sched_wait_or_signal(uint64_t key, bool (*ready)(void *arg), void *arg, uint64_t deadline_ns)
{
    return sched_wait(key, ready, arg, deadline_ns) ? 0 : -ETIMEDOUT;
}

/* A test of signals links the kernel's own. */
__attribute__((weak)) void signal_raise(uint32_t signal)
{
    (void)signal;
}

/* No signal comes here, so a mask only has to be there. */
__attribute__((weak)) int64_t signal_lend_user_mask(uint64_t user, uint64_t size)
{
    uint64_t mask;
    if (user == 0)
        return 0;
    return size != sizeof(mask) ? -EINVAL : user_copy_in(&mask, user, sizeof(mask));
}

__attribute__((weak)) int64_t signal_end_lent(int64_t result)
{
    return result;
}

uint32_t sched_wake(uint64_t key, uint32_t bits, uint32_t count)
{
    fake_woken = (struct fake_wake){ fake_woken.calls + 1, key, bits, count };
    return fake_sleepers < count ? fake_sleepers : count;
}

bool tty_is_terminal(void)
{
    return true;
}

bool tty_can_read(void)
{
    return *fake_console_input != '\0';
}

/* One line at most. */
int64_t tty_take(uint8_t *dst, uint64_t n)
{
    uint64_t done = 0;
    if (n == 0)
        return 0;
    if (*fake_console_input == '\0')
        return -EAGAIN;
    while (done < n && *fake_console_input != '\0') {
        char byte = *fake_console_input++;
        dst[done++] = (uint8_t)byte;
        if (byte == '\n')
            break;
    }
    return (int64_t)done;
}

uint64_t tty_read_wait_ns(void)
{
    return UINT64_MAX;
}

void tty_write(const void *text, uint64_t n)
{
    if (n > sizeof(fake_console_output) - fake_console_size)
        n = sizeof(fake_console_output) - fake_console_size;
    memcpy(fake_console_output + fake_console_size, text, n);
    fake_console_size += n;
}

uint32_t tty_count_ready(void)
{
    return (uint32_t)strlen(fake_console_input);
}

void tty_get_termios(struct termios *out)
{
    memset(out, 0, sizeof(*out));
}

void tty_set_termios(const struct termios *next)
{
    (void)next;
}

void tty_flush_input(void)
{
    fake_console_input = "";
}

void tty_get_winsize(struct winsize *out)
{
    *out = (struct winsize){ .ws_row = 24, .ws_col = 80 };
}

void tty_set_winsize(const struct winsize *next)
{
    (void)next;
}

void random_bytes(uint8_t *dst, uint64_t n)
{
    memset(dst, 0x5a, n);
}

void log_line(int severity, const char *fmt, ...)
{
    (void)severity;
    (void)fmt;
    fake_log_lines++;
}
