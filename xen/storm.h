/* SPDX-License-Identifier: BSD-2-Clause */
/* Ports that ring with nothing behind it (XSA-391): whose handler says so too often is left masked for a while. spec/xen.md. */
#ifndef XEN_STORM_H
#define XEN_STORM_H
#include <stdbool.h>
#include <stdint.h>

#define STORM_EVENTS    64u       /* in vain, within a window */
#define STORM_WINDOW_NS 10000000u /* and so long is the port masked then */
#define STORM_SLOTS     16u

/* Ours alone. Zeros are no storm. Ports with the same slot displace each other, but never a masked one. */
struct storm {
    struct {
        uint32_t port, count;
        uint64_t since_ns, until_ns; /* until_ns is 0 unless the port is masked */
    } slot[STORM_SLOTS];
    uint32_t masked;
};

/* An event of that port was in vain: true when the port is to be masked now. */
bool storm_note(struct storm *s, uint32_t port, uint64_t now_ns);

/* A port whose time is over, to be unmasked by the caller; 0: none. */
uint32_t storm_release(struct storm *s, uint64_t now_ns);

/* When storm_release may next give a port; UINT64_MAX: none is masked. */
uint64_t storm_deadline(const struct storm *s);

#endif
