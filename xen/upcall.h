/* SPDX-License-Identifier: BSD-2-Clause */
/* How Xen's events reach the CPU: one interrupt vector, a pass over the pending ports, the timer. spec/xen.md. */
#ifndef XEN_UPCALL_H
#define XEN_UPCALL_H
#include <stdbool.h>
#include <stdint.h>

/* Masks every port, asks for upcalls and binds the timer. After frames. False when this Xen has no vector callback or refuses
   something: then there are no events, and who waits must poll. */
bool upcall_start(void);

/* The port's events wake the CPU from now on. False without events, or when there is no such port. */
bool upcall_listen(uint64_t port);

/* Halts with interrupts on until an event, or until Xen's system time (pvclock nanoseconds) is about deadline_ns; called and
   returns with them off. False, at once, when there are no events. */
bool upcall_sleep_until(uint64_t deadline_ns);

#endif
