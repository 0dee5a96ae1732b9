/* SPDX-License-Identifier: BSD-2-Clause */
/* One disk, as blkfront.c (requests) and blkfront_bus.c (xenstore) see it; nobody else does. */
#ifndef DRIVERS_BLKFRONT_DISK_H
#define DRIVERS_BLKFRONT_DISK_H
#include "drivers/blkfront.h"
#include "drivers/xenstore.h"
#include "xen/grant_page.h"
#include "xen/ring.h"

#define DISK_PAGES_MAX (BLKFRONT_SLOTS * BLKFRONT_PAGES)

struct disk_slot {
    enum { SLOT_FREE, SLOT_TAKEN, SLOT_SENT, SLOT_ENDED } state;
    int result;
    uint64_t deadline_ns;
    uint8_t operation, pages;
    uint16_t page[BLKFRONT_PAGES]; /* references of open pages */
};

struct disk {
    struct blkfront_info info;
    enum { DISK_IDLE, DISK_OPEN, DISK_BROKEN, DISK_GONE } state;
    uint32_t index;  /* as blkfront.h numbers disks */
    uint32_t number; /* below device/vbd */
    domid_t backend;
    int watch, request; /* xenstore's numbers, or negative */
    int port;           /* positive: open */
    uint32_t seen_prod; /* the backend's index at its last event */
    bool is_due;        /* the backend's state may have changed */
    bool owes_closed;   /* xenstore does not say yet that we closed */
    char value[XENSTORE_VALUE_SIZE];
    char backend_path[XENSTORE_WATCH_SIZE - 8];
    struct ring_front ring;
    grant_ref_t ring_page;
    uint32_t pages, pages_max, spares;
    uint16_t spare[DISK_PAGES_MAX];  /* open pages that no slot has, the last used on top */
    uint8_t slot_of[BLKFRONT_SLOTS]; /* by the ring's id */
    struct disk_slot slot[BLKFRONT_SLOTS];
};

_Static_assert(sizeof(struct disk) <= 4096, "one frame");

/* Connects a disk that is idle or gone; see blkfront_open. */
int disk_connect(struct disk *disk);

/* Looks after the backend's state; never waits. */
void disk_serve(struct disk *disk);

/* The handler of a disk's port. */
void disk_take_event(uint32_t index);

/* The end of a connection: what is in flight ends with -EIO, the port is closed, pages without a slot too. No line. */
void disk_close(struct disk *disk, int state);

#endif
