/* SPDX-License-Identifier: BSD-2-Clause */
/* A xenstored on the other side of a page: honest by itself, and what it says can be changed, held back or added to. It
   shares no code with the client. */
#ifndef TESTS_UNIT_FAKE_XENSTORED_H
#define TESTS_UNIT_FAKE_XENSTORED_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <xen/io/xs_wire.h>

#define FAKE_HOME "/local/domain/7/" /* what relative paths begin with */

struct fake_xenstored {
    struct xenstore_domain_interface *page;
    bool is_stopped;                               /* reads and says nothing */
    unsigned conflicts;                            /* so many transactions end with EAGAIN */
    unsigned requests;                             /* that were answered */
    char said[4200];                               /* the last request's body, */
    struct xsd_sockmsg head;                       /* and its header */
    void (*lie)(struct xsd_sockmsg *, char *body); /* may change each message; 0xffffffff as length: not said at all */
};

extern struct fake_xenstored fake_xenstored;

/* An empty store behind this page, whose indices stand at these numbers. */
void fake_xenstored_start(struct xenstore_domain_interface *page, uint32_t request_index, uint32_t reply_index);

/* Answers what is there, as far as the ring has room. */
void fake_xenstored_step(void);

/* Sets a key as another domain would; NULL removes it. Watches fire. */
void fake_xenstored_set(const char *path, const char *value);

/* The value, or NULL. */
const char *fake_xenstored_get(const char *path);

/* A message that nobody asked for. */
void fake_xenstored_say(uint32_t type, uint32_t req_id, const void *body, uint32_t length);

/* Bytes that are no message. */
void fake_xenstored_say_bytes(const void *bytes, size_t size);

#endif
