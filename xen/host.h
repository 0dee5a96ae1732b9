/* SPDX-License-Identifier: BSD-2-Clause */
/* The few Xen services that the kernel itself needs. All of it only after hypercall_init said true. */
#ifndef XEN_HOST_H
#define XEN_HOST_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <xen/xen.h>

/* One range of XENMEM_memory_map, an e820 entry of 20 bytes. */
struct xen_memory_range {
    uint64_t addr, size;
    uint32_t type; /* 1 is RAM */
} __attribute__((packed));

enum xen_shutdown { XEN_SHUTDOWN_POWEROFF = 0, XEN_SHUTDOWN_REBOOT = 1, XEN_SHUTDOWN_CRASH = 3 };

/* Xen's version number, major << 16 | minor; 0 when it does not say. */
uint32_t xen_version(void);

/* Writes to Xen's console: 0, or a negative errno (a domU of a release build is refused with -EPERM). */
int xen_console_write(const char *text, size_t size);

/* Reads up to size bytes of Xen's console: the count, 0 when none wait, or a negative errno. */
int64_t xen_console_read(char *dst, size_t size);

/* The memory map of a start_info of version 0: how many ranges, at most max, or a negative errno. */
int64_t xen_memory_map(struct xen_memory_range *ranges, uint32_t max);

/* A frame of memory that shows that page of Xen's (XENMAPSPACE_..., memory.h) from now on, for ever; FRAME_NONE when there is
   none or Xen refuses. */
uint32_t xen_place_page(uint32_t space, uint32_t index);

/* Xen's shared_info, over one frame that stays Xen's for ever; mapped by the first call. NULL when refused. */
struct shared_info *xen_shared_info(void);

/* Does Xen offer that feature (XENFEAT_..., features.h, the first 32)? False when it does not say. */
bool xen_has_feature(uint32_t feature);

/* A page number from here on is no page of a domain. */
#define XEN_PFN_END (1ULL << 34)

/* A parameter of this domain (HVM_PARAM_..., hvm/params.h) into *value: 0, or a negative errno and *value as it was. */
int xen_get_param(uint32_t index, uint64_t *value);

/* Every event of this domain raises that interrupt vector from now on, without the APIC: 0 or a negative errno. */
int xen_set_callback_vector(uint8_t vector);

/* VIRQ_TIMER of the virtual CPU that calls, and says its number, is raised once, when Xen's system time (pvclock nanoseconds)
   reaches deadline_ns: 0 or a negative errno. */
int xen_set_timer(uint32_t vcpu, uint64_t deadline_ns);

/* Blocks until Xen's system time (pvclock nanoseconds) reaches deadline_ns or an event is pending: 0 or a negative errno. */
int xen_poll_until(uint64_t deadline_ns);

/* Blocks until that port, which may be masked, is pending: 0 or a negative errno. */
int xen_poll_port(uint32_t port);

/* Asks Xen to end the domain; returns only when refused. */
void xen_shutdown(enum xen_shutdown reason);

#endif
