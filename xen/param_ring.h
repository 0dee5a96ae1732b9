/* SPDX-License-Identifier: BSD-2-Clause */
/* The two pages with byte rings that the toolstack makes for every domain, each with an event channel, and tells as parameters
   of the domain (public/hvm/params.h). */
#ifndef XEN_PARAM_RING_H
#define XEN_PARAM_RING_H
#include <stdint.h>

enum param_ring { PARAM_CONSOLE, PARAM_XENSTORE };

/* Maps the page and gives the port a handler that wakes the CPU: who waits asks the ring again. An event that finds the peer's
   indices where they were counts as one in vain (xen/upcall.h). The page, and *port; NULL when the domain has none. Once each. */
void *param_ring_open(enum param_ring which, uint32_t *port);

#endif
