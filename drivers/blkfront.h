/* SPDX-License-Identifier: BSD-2-Clause */
/* Xen's virtual disks (public/io/blkif.h), the frontend's side. All numbers of sectors are in 512 bytes. A backend that lies or
   falls silent costs its own disk: one line on the console, and every request ends with -EIO. spec/blkfront.md. */
#ifndef DRIVERS_BLKFRONT_H
#define DRIVERS_BLKFRONT_H
#include <stdbool.h>
#include <stdint.h>

#include <xen/xen.h>

#include <xen/io/blkif.h>

#define BLKFRONT_DISKS   8u
#define BLKFRONT_SLOTS   32u
#define BLKFRONT_PAGES   BLKIF_MAX_SEGMENTS_PER_REQUEST /* of a request at most */
#define BLKFRONT_SECTOR  512u
#define BLKFRONT_PATIENT 60000000000ULL /* nanoseconds for an answer */

/* What is known of a disk; all but the first two only after blkfront_open. */
struct blkfront_info {
    char name[12];   /* "xvda" */
    uint32_t device; /* Linux's number, as in st_rdev */
    uint32_t sector_size;
    uint64_t sectors;
    bool is_read_only, can_flush, can_discard;
};

/* Finds the disks of this domain: how many. The first call asks xenstore and waits for it; later ones cost nothing. */
uint32_t blkfront_count(void);

/* Of the disk with that number, below blkfront_count. */
const struct blkfront_info *blkfront_info(uint32_t disk);

/* Connects the disk if it is not connected. Waits, ten seconds at most for a backend that does not move: 0; -ENXIO, it is gone;
   -EIO, it broke or its backend offers nonsense; -ENOMEM, -ETIMEDOUT, or xenstore's error. */
int blkfront_open(uint32_t disk);

/* ---- Requests. These never wait. A slot is the caller's from take to give. ---- */

/* A slot with *pages pages, of which there may be fewer then, but at least one if any was wanted: its number; -EAGAIN, some slot
   has to be given back first; -ENOMEM; -EIO. */
int blkfront_take(uint32_t disk, uint32_t *pages);

/* The 4096 bytes of a page of the slot. */
uint8_t *blkfront_page(uint32_t disk, uint32_t slot, uint32_t page);

/* Puts a request (BLKIF_OP_READ, WRITE, DISCARD, FLUSH_DISKCACHE) of a taken or finished slot: these sectors of the disk, in or
   out of the slot's pages from their beginning; they must be the disk's. Sent by the next blkfront_kick. */
void blkfront_put(uint32_t disk, uint32_t slot, uint8_t operation, uint64_t sector, uint64_t sectors);

/* Tells the backend of all that was put. */
void blkfront_kick(uint32_t disk);

/* Takes what the backend answered; how the slot's request ended: -EINPROGRESS, not yet; 0; -EIO; -EOPNOTSUPP of a flush or
   discard. */
int blkfront_result(uint32_t disk, uint32_t slot);

/* Gives back a slot whose request has ended or was never put. */
void blkfront_give(uint32_t disk, uint32_t slot);

/* Looks after all disks: backends that go away, pages in quarantine. To be called now and then; never waits. */
void blkfront_serve(void);

#endif
