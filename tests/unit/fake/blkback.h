/* SPDX-License-Identifier: BSD-2-Clause */
/* Backends of disks with the Xen below them (grants, event channels) and xenstore beside them; honest by themselves. They share
   no code with the driver. A test brings the clock. */
#ifndef TESTS_UNIT_FAKE_BLKBACK_H
#define TESTS_UNIT_FAKE_BLKBACK_H
#include <stdbool.h>
#include <stdint.h>

#include <xen/xen.h>

#include <xen/io/blkif.h>

#define FAKE_DISKS 2u
#define FAKE_BYTES (1u << 20)

struct fake_blkback {
    uint32_t number; /* 0: there is none */
    uint8_t bytes[FAKE_BYTES];
    struct blkif_sring *ring; /* NULL: not connected */
    uint32_t req_cons, port;
    bool is_stopped;   /* sees and answers nothing */
    bool keeps_mapped; /* every page it ever used, until it is stopped */
    uint32_t per_step; /* answers at a time; 0: as many as there are */
    int status;        /* of each answer */
    void (*lie)(struct fake_blkback *back, struct blkif_response *response); /* before each answer is told of */
    unsigned requests, flushes, discards, most;                              /* most: requests that waited at once */
};

extern struct fake_blkback fake_blkback[FAKE_DISKS];

/* Ports that are open, and pages that the backends have mapped. */
extern unsigned fake_ports, fake_mapped;

/* Events that their handlers found nothing behind. */
extern unsigned fake_in_vain;

/* Rings the port of that backend's frontend. */
void fake_blkback_ring(const struct fake_blkback *back);

/* What the test brings: clock_read_monotonic of drivers/clock.h, and this. */
void fake_time_pass(uint64_t ns);

/* A xenstored, and the client on it. After fake_mm_start. */
void fake_blkback_start(void);

/* Makes a disk as Xen's tools do: keys, and a backend that waits for its frontend. */
struct fake_blkback *fake_blkback_make(unsigned i, uint32_t number);

/* Sets a key of the backend; NULL removes it. */
void fake_blkback_set(const struct fake_blkback *back, const char *key, const char *value);

/* The frontend's state. */
const char *fake_blkback_front_state(const struct fake_blkback *back);

/* All backends and xenstored do what there is to do. */
void fake_blkback_step(void);

/* The backend unmaps all pages. */
void fake_blkback_unmap(void);

#endif
