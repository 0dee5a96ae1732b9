/* SPDX-License-Identifier: BSD-2-Clause */
/* How Xen's events reach the CPU: one interrupt vector, a pass over the pending ports, the timer. spec/xen.md. */
#ifndef XEN_UPCALL_H
#define XEN_UPCALL_H
#include <stdbool.h>
#include <stdint.h>

/* Masks every port, asks for upcalls and binds the timer. After frames. False when this Xen has no vector callback or refuses
   something: then there are no events, and who waits must poll. */
bool upcall_start(void);

/* A handler (xen/evtchn_port.h) that only wakes the CPU and counts the event (irq_events, x86/trap.h): who waited asks its device again.
   Handlers of devices that do more call it. */
void upcall_wake(uint32_t arg);

/* For handlers: the event had nothing behind it. A port that does so too often is masked for 10 ms; what comes meanwhile is seen then,
   so nothing is lost, and drivers that find work are never held up. */
void upcall_in_vain(uint32_t port);

/* The port's events reach its handler from now on, each in an interrupt of its own CPU or of one that comes first. False without
   events, or when the port has no handler. */
bool upcall_listen(uint32_t port);

/* The virtual CPU of that number, which has not begun, can be kicked and has a timer. False when Xen refuses. After upcall_start. */
bool upcall_add_cpu(uint32_t number);

/* That CPU takes an interrupt soon, unless it has not begun. */
void upcall_kick(uint32_t number);

/* Blocks this CPU, with interrupts off, until upcall_end_poll was called for it since it blocked last; takes no event. May be called by
   several CPUs at once. */
void upcall_poll(void);
void upcall_end_poll(uint32_t number);

/* An event comes to this CPU at about Xen's system time deadline_ns (pvclock nanoseconds), or before. False when there are no
   events. */
bool upcall_interrupt_at(uint64_t deadline_ns);

/* Halts with interrupts on until an event, or until Xen's system time (pvclock nanoseconds) is about deadline_ns; called and
   returns with them off. False, at once, when there are no events. */
bool upcall_sleep_until(uint64_t deadline_ns);

#endif
