/* SPDX-License-Identifier: BSD-2-Clause */
/* links: drivers/power.c tests/unit/fake/cpu.c */
/* A machine that does not go off, whatever it is told: each way to end it is tried once, in its order, and then it halts. A process for
   each end, as there is one only. */
#include "drivers/power.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "drivers/platform.h"
#include "drivers/pv_console.h"
#include "fake/cpu.h"
#include "mm/kmap.h"
#include "xen/host.h"

enum { DEBUG_EXIT = 0xf4, PM1A = 0x604, I8042 = 0x64, SLEEP_CONTROL = 0xfea00200, INSN_CLI = 0xfa };
/* What the machine saw, in this order: a port and what was written there, or one of these. */
enum { FLUSHED = 0x10000, XEN, MAPPED, PORTS_END };
enum { EVENTS = 16, NOT_WRITTEN = 0xee };

struct platform platform;
static struct event {
    uint32_t what, value;
} events[EVENTS];
static unsigned count;
static uint8_t sleep_control = NOT_WRITTEN;
static int status_given, panics_left;

/* This row's end: what Xen is told if there is one, and whether the device page can be mapped. */
static bool wants_reboot, is_mapped;
static uint32_t reason;

static void note(uint32_t what, uint32_t value)
{
    if (CHECK(count < EVENTS))
        events[count++] = (struct event){ what, value };
}

uint8_t port_read(uint16_t port)
{
    return CHECK_EQ(port, PORTS_END) ? 0 : 0xff;
}

void port_write(uint16_t port, uint16_t value, unsigned size)
{
    CHECK_EQ(size, port == PM1A ? 2 : 1);
    note(port, value);
}

void pv_console_flush(void)
{
    note(FLUSHED, 0);
}

/* A panic in the middle of a way: what comes then are the ways that are left. */
void xen_shutdown(enum xen_shutdown why)
{
    note(XEN, why);
    if (panics_left-- > 0)
        power_end(125);
}

volatile void *kmap_device(uint64_t phys, uint64_t size)
{
    CHECK_EQ(phys, SLEEP_CONTROL);
    CHECK_EQ(size, 1);
    note(MAPPED, 0);
    return is_mapped ? &sleep_control : NULL;
}

/* The CPU stops: the story is over and is judged. */
static void judge(void)
{
    const struct event with_xen[] = { { DEBUG_EXIT, (uint32_t)status_given & 127 },
                                      { FLUSHED, 0 },
                                      { XEN, reason },
                                      { PM1A, 0x2000 },
                                      { MAPPED, 0 },
                                      { I8042, 0xfe } };
    unsigned k = 0;

    for (unsigned i = 0; i < sizeof with_xen / sizeof with_xen[0]; i++) {
        if (!platform.is_xen && (with_xen[i].what == FLUSHED || with_xen[i].what == XEN))
            continue;
        if (!CHECK_EQ(events[k].what, with_xen[i].what) || !CHECK_EQ(events[k].value, with_xen[i].value))
            printf("    status %d, xen %d, event %u\n", status_given, platform.is_xen, k);
        k++;
    }
    CHECK_EQ(count, k);
    CHECK_EQ(sleep_control, is_mapped ? 0x34 : NOT_WRITTEN);
}

size_t cpu_execute(const uint8_t *insn, greg_t *regs)
{
    (void)regs;
    if (insn[0] != INSN_CLI)
        return 0;
    judge();
    exit(check_failures != 0);
}

static void check_end(int status)
{
    int ended = -1;
    pid_t child = fork();

    if (child == 0) {
        status_given = status;
        if (wants_reboot)
            power_want_reboot();
        power_end(status);
    }
    CHECK_EQ(waitpid(child, &ended, 0), child);
    CHECK_EQ(ended, 0);
}

/* spec/end.md: the kernel's own statuses and a death by a signal, but for those that ask for the end, are crashes. */
static bool is_crash(int status)
{
    static const int kinds[][2] = { { 125, 127 }, { 129, 129 }, { 131, 142 }, { 144, 192 } };

    for (unsigned i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (status >= kinds[i][0] && status <= kinds[i][1])
            return true;
    return false;
}

int main(void)
{
    fflush(stdout);
    fake_cpu_start();
    for (int status = 0; status < 256; status++) {
        platform.is_xen = true;
        is_mapped = status % 2;
        wants_reboot = status % 3 == 0;
        reason = is_crash(status) ? XEN_SHUTDOWN_CRASH : wants_reboot ? XEN_SHUTDOWN_REBOOT : XEN_SHUTDOWN_POWEROFF;
        check_end(status);
    }
    panics_left = 1;
    check_end(0);
    platform.is_xen = false;
    check_end(0);
    check_end(255);
    return check_done();
}
