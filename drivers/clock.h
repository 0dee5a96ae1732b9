/* SPDX-License-Identifier: BSD-2-Clause */
/* Time and sleep on every host: pvclock where there is one, else the TSC measured against the PIT. spec/clock.md. */
#ifndef DRIVERS_CLOCK_H
#define DRIVERS_CLOCK_H
#include <stdbool.h>
#include <stdint.h>

#include "drivers/clock_face.h"

/* Who is below: decides the source of time. */
enum clock_host { CLOCK_HOST_XEN, CLOCK_HOST_KVM, CLOCK_HOST_TCG, CLOCK_HOST_OTHER };

/* Zero is now. Costs a few port writes or one hypercall; waits for nothing. After frames and the platform question. */
void clock_start(enum clock_host host);

/* Nanoseconds since clock_start, never going back. The first readings may cost port reads and, once, 100 microseconds. */
uint64_t clock_read_monotonic(void);

/* Nanoseconds since 1970 at clock_read_monotonic() == 0; asked of RTC or Xen once; 0 when neither answers. */
uint64_t clock_read_wall_base(void);

/* From now on page shows the time too, whenever it can be told from the TSC alone. */
void clock_show(struct clock_face *page);

/* Waits about ns nanoseconds without taking interrupts; false, at once, where only an interrupt ends a wait (no Xen), or
   before the clock runs. */
bool clock_pause(uint64_t ns);

/* An interrupt comes at about deadline_ns (of clock_read_monotonic), or within a second before; this is asked for anew by each call,
   and by UINT64_MAX no more. Where the timer's rate is not known yet it may be late. After platform_start_interrupts. */
void clock_interrupt_at(uint64_t deadline_ns);

/* Sleeps with interrupts on until one arrives, or about deadline_ns, or a second; called and returns with them off. */
void clock_idle_until(uint64_t deadline_ns);

#endif
