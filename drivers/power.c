/* SPDX-License-Identifier: BSD-2-Clause */
#include "drivers/power.h"

#include <linux/signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drivers/platform.h"
#include "drivers/pv_console.h"
#include "lib/log.h"
#include "mm/kmap.h"
#include "x86/cpu.h"
#include "xen/host.h"

/* isa-debug-exit of QEMU: it ends with 2 * value + 1, and a process status has 8 bits. */
enum { DEBUG_EXIT_PORT = 0xf4, DEBUG_EXIT_MODULUS = 128 };

/* PM1a control of QEMU's q35 and pc; SLP_TYP 0 with SLP_EN is S5 there (ACPI 6.5, 4.8.3.2.1). */
enum { PM1A_CONTROL_PORT = 0x604, PM1A_SLEEP_S5 = 0x2000 };

/* Sleep control register of QEMU's microvm: SLP_TYP 5 with SLP_EN (ACPI 6.5, 4.8.3.7). */
enum { GED_SLEEP_CONTROL = 0xfea00200, GED_SLEEP_S5 = 0x34 };

/* The keyboard controller's pulse of the reset line: how a guest ends under Firecracker. */
enum { I8042_COMMAND_PORT = 0x64, I8042_RESET = 0xfe };

/* Linux's signals are 1 to 64. */
enum { SIGNALS = 64 };

/*@ terminates \true; exits \false; assigns ghost_now;
    ensures told: ghost_now == \old(ghost_now) + 1
      && PortOut8(\old(ghost_now), DEBUG_EXIT_PORT, (uint32_t)status % DEBUG_EXIT_MODULUS); */
static void end_by_debug_exit(int status)
{
    out8(DEBUG_EXIT_PORT, (uint8_t)((unsigned)status % DEBUG_EXIT_MODULUS));
}

/* What Xen's tools take for a crash: the kernel gave up, or the application was killed, but not by request. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> STATUS_PANIC <= status <= STATUS_NO_APPLICATION
      || (128 < status <= 128 + SIGNALS && status != 128 + SIGINT && status != 128 + SIGTERM); */
static bool is_crash(int status)
{
    if (status == 128 + SIGINT || status == 128 + SIGTERM)
        return false;
    return (status >= STATUS_PANIC && status <= STATUS_NO_APPLICATION) || (status > 128 && status <= 128 + SIGNALS);
}

static bool wants_reboot;

/*@ terminates \true; exits \false; assigns wants_reboot; ensures noted: wants_reboot; */
void power_want_reboot(void)
{
    wants_reboot = true;
}

static void end_by_xen(int status)
{
    if (!platform.is_xen)
        return;
    pv_console_flush();
    xen_shutdown(is_crash(status) ? XEN_SHUTDOWN_CRASH : wants_reboot ? XEN_SHUTDOWN_REBOOT : XEN_SHUTDOWN_POWEROFF);
}

/*@ terminates \true; exits \false; assigns ghost_now;
    ensures told: ghost_now == \old(ghost_now) + 1 && PortOut16(\old(ghost_now), PM1A_CONTROL_PORT, PM1A_SLEEP_S5); */
static void end_by_acpi(int status)
{
    (void)status;
    out16(PM1A_CONTROL_PORT, PM1A_SLEEP_S5);
}

static void end_by_ged(int status)
{
    volatile uint8_t *sleep_control = kmap_device(GED_SLEEP_CONTROL, sizeof(*sleep_control));

    (void)status;
    if (sleep_control)
        *sleep_control = GED_SLEEP_S5;
}

/*@ terminates \true; exits \false; assigns ghost_now;
    ensures told: ghost_now == \old(ghost_now) + 1 && PortOut8(\old(ghost_now), I8042_COMMAND_PORT, I8042_RESET); */
static void end_by_i8042(int status)
{
    (void)status;
    out8(I8042_COMMAND_PORT, I8042_RESET);
}

void power_end(int status)
{
    static void (*const ways[])(int status) = { end_by_debug_exit, end_by_xen, end_by_acpi, end_by_ged, end_by_i8042 };
    static size_t next;

    while (next < sizeof(ways) / sizeof(ways[0]))
        ways[next++](status);
    cpu_stop();
}
