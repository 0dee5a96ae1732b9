/* SPDX-License-Identifier: BSD-2-Clause */
/* The console of a Xen guest: a ring that xenconsoled in dom0 serves (public/io/console.h), or, without one or when it lies,
   Xen's own console. spec/console.md. */
#ifndef DRIVERS_PV_CONSOLE_H
#define DRIVERS_PV_CONSOLE_H
#include <stddef.h>
#include <stdint.h>

/* How long output waits for a reader that takes nothing: it is lost then, and until one takes again. */
#define PV_CONSOLE_PATIENCE_NS 500000000u

/* Opens the ring when this domain has one. Reads and writes nothing yet; needs no memory but the kernel's own. */
void pv_console_start(void);

/* From now on the console's events wake the CPU. After upcall_start; without events nothing changes. */
void pv_console_listen(void);

/* Writes all of it, waiting for room half a second at most (once, until someone reads again) without taking interrupts; before
   the clock runs it does not wait. The rest is lost, and counted. */
void pv_console_write(const char *text, size_t size);

/* Writes what there is room for: how many bytes. */
size_t pv_console_offer(const char *text, size_t size);

/* One input byte 0..255, or -1 when none waits. */
int pv_console_read(void);

/* Waits until the ring's reader has taken all, half a second at most: the machine is about to end. */
void pv_console_flush(void);

/* Bytes that pv_console_write lost. */
uint64_t pv_console_count_dropped(void);

#endif
