/* SPDX-License-Identifier: BSD-2-Clause */
/* The end of the machine. spec/end.md. */
#ifndef DRIVERS_POWER_H
#define DRIVERS_POWER_H

/* When the end comes, Xen's tools shall start the domain anew. */
void power_want_reboot(void);

/* Tries isa-debug-exit with status modulo 128, Xen's shutdown, ACPI, GED and i8042 in turn, then halts with interrupts off.
   Prints nothing. Called again from inside (a panic on the way), it goes on with the next way. */
void power_end(int status) __attribute__((noreturn));

#endif
