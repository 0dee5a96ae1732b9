/* SPDX-License-Identifier: BSD-2-Clause */
/* Event channels as drivers use them (public/event_channel.h): each has a port and a handler. A new channel's port is masked
   until evtchn_unmask or evtchn_port_unmask; a port without a handler is masked and counted when an event comes. What Xen
   answers is judged: a port it cannot have given is -EIO. */
#ifndef XEN_EVTCHN_PORT_H
#define XEN_EVTCHN_PORT_H
#include <stdint.h>

#include <xen/xen.h>

#include <xen/event_channel.h>

#include "xen/evtchn_table.h"

/* Masks every port and remembers the page; no port has a handler yet. Anything else here comes after it. */
void evtchn_port_start(struct evtchn_page *page);

/* Gives a handler to a port that the toolstack opened (HVM_PARAM_CONSOLE_EVTCHN, HVM_PARAM_STORE_EVTCHN): the port; -EINVAL
   when it is none, -EEXIST when it has a handler, -ENOSPC when 64 ports have one. */
int evtchn_port_adopt(uint64_t peer_port, evtchn_handler *handler, uint32_t arg);

/* Opens a channel that the other domain may bind to (EVTCHNOP_alloc_unbound): the port, to be written into xenstore; or
   -ENOSPC or Xen's errno. */
int evtchn_port_alloc(domid_t domain, evtchn_handler *handler, uint32_t arg);

/* Binds to a channel that another domain opened for us (EVTCHNOP_bind_interdomain): our own port, which is pending at once; or
   -ENOSPC or Xen's errno. */
int evtchn_port_bind(domid_t domain, evtchn_port_t peer_port, evtchn_handler *handler, uint32_t arg);

/* Binds a virtual interrupt (VIRQ_..., xen.h) of that virtual CPU: the port; or -ENOSPC or Xen's errno. */
int evtchn_port_bind_virq(uint32_t virq, uint32_t vcpu, evtchn_handler *handler, uint32_t arg);

/* Opens a channel from this domain to that virtual CPU of its own (EVTCHNOP_bind_ipi): the port; or -ENOSPC or Xen's errno. */
int evtchn_port_bind_ipi(uint32_t vcpu, evtchn_handler *handler, uint32_t arg);

/* Notifies the other end: 0; -ENOENT when the port has no handler here; or Xen's errno. */
int evtchn_port_send(uint32_t port);

/* Unmasks through Xen, which raises the upcall again if the port is pending: 0, -ENOENT, or Xen's errno. evtchn_unmask does the
   same without a hypercall for whoever has the pass at hand. */
int evtchn_port_unmask(uint32_t port);

/* Masks the port, forgets its handler, drops a pending event, then tells Xen: 0, -ENOENT when it has no handler (so closing
   twice does no harm), or Xen's errno; the handler is not called again in any case. */
int evtchn_port_close(uint32_t port);

/* How many events came for ports without a handler. It stays at its largest value. */
uint32_t evtchn_port_count_unknown(void);

#endif
