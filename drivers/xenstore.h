/* SPDX-License-Identifier: BSD-2-Clause */
/* Our side of xenstore, the tree of keys that Xen's tools and the backends share with us. spec/xenstore.md.

   Errors of every call: -ENODEV, there is no xenstore; -EIO, it broke its ring or a message, for good; -ETIMEDOUT, no
   answer within XENSTORE_TIMEOUT_NS, and one that comes later is dropped; -EPROTO, an answer of another type; -E2BIG,
   more than 4096 bytes asked; -ERANGE, the answer is larger than dst; and xenstored's own by their names (-ENOENT,
   -EACCES, -EAGAIN; -EIO for one that is unknown). Paths are absolute, or relative to /local/domain/OURS. */
#ifndef DRIVERS_XENSTORE_H
#define DRIVERS_XENSTORE_H
#include <stdbool.h>
#include <stdint.h>

#include <xen/io/xs_wire.h>

#include "xen/byte_ring.h"

#define XENSTORE_TIMEOUT_NS     10000000000ULL
#define XENSTORE_REQUESTS       8u   /* in flight at most */
#define XENSTORE_WATCHES        16u  /* at a time at most */
#define XENSTORE_WATCH_SIZE     128u /* of a watched path at most, with its NUL */
#define XENSTORE_VALUE_SIZE     64u  /* holds any state, number, reference or mode, and its NUL */
#define XENSTORE_NO_TRANSACTION 0u

/* What the client stands on, for ever. */
struct xenstore_host {
    struct byte_ring_xenstore *page;          /* the frame of HVM_PARAM_STORE_PFN */
    void (*notify)(void);                     /* sends on the port of HVM_PARAM_STORE_EVTCHN */
    uint64_t (*clock)(void);                  /* monotonic, in nanoseconds */
    void (*idle_until)(uint64_t deadline_ns); /* sleeps until an event, or about the deadline; may return early */
};

/* Once, before all else. The page is used as it is from now on. */
void xenstore_start(const struct xenstore_host *host);

/* Sends what waits and takes what came, at most 64 messages, without waiting; true when there may be more. For the handler of
   xenstore's port; all calls below poll by themselves. */
bool xenstore_poll(void);

/* ---- Requests that wait, by idling. Not for event handlers. ---- */

/* The value in dst with a NUL behind it: its length, at most size - 1. It may hold NULs of its own. */
int xenstore_read(uint32_t transaction, const char *path, char *dst, uint32_t size);

/* A decimal number as lib/decimal.h takes it, at most max; else -EINVAL. The value is changed only then. */
int xenstore_read_number(uint32_t transaction, const char *path, uint64_t max, uint64_t *value);

/* 0. The key is made when it is not there, and its parents. */
int xenstore_write(uint32_t transaction, const char *path, const char *value);
int xenstore_write_number(uint32_t transaction, const char *path, uint64_t value);

/* 0, also when it is there. */
int xenstore_mkdir(uint32_t transaction, const char *path);

/* 0. Removes all below it too. */
int xenstore_remove(uint32_t transaction, const char *path);

/* The names below it, each with its NUL: all their bytes, at most size - 1. */
int xenstore_list(uint32_t transaction, const char *path, char *dst, uint32_t size);

/* The name behind this one in a list of that many bytes, the first for NULL; NULL: there is none. */
const char *xenstore_next_name(const char *names, uint32_t size, const char *name);

/* Runs work in a transaction until xenstored takes it: 0, work's own error (then nothing was changed), or -EAGAIN after
   8 tries. work may run several times. */
int xenstore_transact(int (*work)(uint32_t transaction, void *arg), void *arg);

/* Watches a path and all below it, there or not: the watch, a number. It fires at once for the first time. -E2BIG: the path is
   too long; -EBUSY: too many watches. */
int xenstore_watch(const char *path);

/* Ends it in any case; the error only says that xenstored may not know. */
int xenstore_unwatch(int watch);

/* Waits until the watch fires: 0, or -ETIMEDOUT at the deadline (of xenstore's clock). */
int xenstore_wait(int watch, uint64_t deadline_ns);

/* ---- Requests that do not wait: begun here, asked for later. For event handlers too. ---- */

/* Asks whether it fired since it was asked last; however often, it counts as once, and may have been for nothing: read what
   matters. True for ever when xenstore broke, so that the next read says so. */
bool xenstore_fired(int watch);

/* As xenstore_watch, without waiting: the watch, and in *request the request that tells xenstored of it. When that ends late or badly
   xenstored may know of the watch all the same; its events are heard until xenstore_unwatch. -EBUSY: also too many requests. */
int xenstore_watch_begin(const char *path, int *request);

/* Begins a request: its number; or -EBUSY, too many are on their way: again after the next event. value is NULL when the type
   takes none. dst gets the answer, and is xenstore's until the end. */
int xenstore_begin(enum xsd_sockmsg_type type, uint32_t transaction, const char *path, const char *value, char *dst,
                   uint32_t size);

/* Asks how it ended: -EINPROGRESS, not yet; else the length of the answer or an error, and the number is void. */
int xenstore_end(int request);

/* Gives up: an answer that still comes is dropped. */
void xenstore_abandon(int request);

#endif
