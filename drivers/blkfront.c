/* SPDX-License-Identifier: BSD-2-Clause */
#include "drivers/blkfront.h"

#include <linux/errno.h>
#include <stddef.h>

#include "drivers/blkfront_disk.h"
#include "drivers/clock.h"
#include "lib/decimal.h"
#include "lib/format.h"
#include "lib/log.h"
#include "lib/string.h"
#include "mm/frame.h"
#include "xen/evtchn_port.h"
#include "xen/upcall.h"

#define SECTORS_PER_PAGE (FRAME_SIZE / BLKFRONT_SECTOR)
#define RETRY_NS         100000000u

/* xen/docs/man/xen-vbd-interface.7: which disk a number of device/vbd is. */
static const struct {
    uint32_t first, disks, shift; /* numbers of disks << shift and its partitions follow first */
    const char *prefix;
    char letter;
    uint32_t major;
} names[] = { { 1u << 28, 702, 8, "xvd", 'a', 202 },
              { 202u << 8, 16, 4, "xvd", 'a', 202 },
              { 8u << 8, 16, 4, "sd", 'a', 8 },
              { 3u << 8, 2, 6, "hd", 'a', 3 },
              { 22u << 8, 2, 6, "hd", 'c', 22 } };

static struct disk *disks[BLKFRONT_DISKS];
static uint32_t disk_count;

static bool set_name(struct blkfront_info *info, uint64_t number)
{
    for (uint32_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        uint64_t offset = number - names[i].first;
        uint32_t disk = (uint32_t)(offset >> names[i].shift), part = (uint32_t)(offset & ((1u << names[i].shift) - 1));
        char letters[3] = { (char)(names[i].letter + disk % 26), '\0', '\0' };

        if (number < names[i].first || offset >> names[i].shift >= names[i].disks)
            continue;
        if (disk >= 26) {
            letters[1] = letters[0];
            letters[0] = (char)('a' + disk / 26 - 1);
        }
        format_string(info->name, sizeof(info->name), part ? "%s%s%u" : "%s%s", names[i].prefix, letters, part);
        /* linux/kdev_t.h, new_encode_dev: the minor's upper bits above the major */
        info->device = ((uint32_t)offset & 0xff) | names[i].major << 8 | ((uint32_t)offset & ~0xffu) << 12;
        return true;
    }
    return false;
}

static void add_disk(const char *name)
{
    struct blkfront_info info = { .name = "" };
    uint64_t number;
    uint32_t frame;

    if (!decimal_parse(name, (uint32_t)strlen(name), UINT32_MAX, &number) || !set_name(&info, number)) {
        log_warn("xenstore: device/vbd has a name that is no disk: ignored");
        return;
    }
    frame = disk_count < BLKFRONT_DISKS ? frame_alloc() : FRAME_NONE;
    if (frame == FRAME_NONE) {
        log_warn("%s: no room for more than %u disks: ignored", info.name, disk_count);
        return;
    }
    disks[disk_count] = frame_memory(frame);
    disks[disk_count]->info = info;
    disks[disk_count]->index = disk_count;
    disks[disk_count]->number = (uint32_t)number;
    disks[disk_count]->watch = disks[disk_count]->request = -1;
    disk_count++;
}

uint32_t blkfront_count(void)
{
    static bool is_known;
    char found[512];
    const char *name = NULL;
    int size;

    if (is_known)
        return disk_count;
    is_known = true;
    size = xenstore_list(XENSTORE_NO_TRANSACTION, "device/vbd", found, sizeof(found));
    if (size < 0 && size != -ENODEV && size != -ENOENT)
        log_error("xenstore: device/vbd cannot be read (%d): no disks", -size);
    while (size > 0 && (name = xenstore_next_name(found, (uint32_t)size, name)))
        add_disk(name);
    return disk_count;
}

const struct blkfront_info *blkfront_info(uint32_t disk)
{
    return &disks[disk]->info;
}

/* Who waits asks the ring again; here it matters only whether there was a reason to wake him. */
void disk_take_event(uint32_t index)
{
    struct disk *d = disks[index];
    uint32_t prod = shm_read32(&d->ring.page[RING_RSP_PROD]);

    upcall_wake(0);
    if (prod == d->seen_prod)
        upcall_in_vain((uint32_t)d->port);
    d->seen_prod = prod;
}

int blkfront_open(uint32_t disk)
{
    struct disk *d = disks[disk];

    if (d->state == DISK_OPEN)
        return 0;
    /* A page that a slot still has is granted to the last connection's backend. */
    return d->state == DISK_BROKEN || d->pages > 0 ? -EIO : disk_connect(d);
}

static void close_pages(struct disk *d, const uint16_t *page, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        grant_page_close(page[i]);
    d->pages -= count;
}

void disk_close(struct disk *d, int state)
{
    d->state = state;
    for (uint32_t i = 0; i < BLKFRONT_SLOTS; i++) {
        if (d->slot[i].state != SLOT_SENT)
            continue;
        d->slot[i].state = SLOT_ENDED;
        d->slot[i].result = -EIO;
    }
    if (d->port > 0)
        (void)evtchn_port_close((uint32_t)d->port);
    d->port = 0;
    close_pages(d, d->spare, d->spares);
    d->spares = 0;
    if (d->ring_page != GRANT_NONE)
        grant_page_close(d->ring_page);
    d->ring_page = GRANT_NONE;
    d->owes_closed = true;
}

static void break_off(struct disk *d, const char *why)
{
    log_error("%s: backend %u %s: closed", d->info.name, d->backend, why);
    disk_close(d, DISK_BROKEN);
}

int blkfront_take(uint32_t disk, uint32_t *pages)
{
    struct disk *d = disks[disk];
    struct disk_slot *slot;
    uint32_t i = 0, held = 0;

    if (d->state != DISK_OPEN)
        return -EIO;
    for (uint32_t k = 0; k < BLKFRONT_SLOTS; k++) {
        held += d->slot[k].state != SLOT_FREE;
        i = d->slot[i].state == SLOT_FREE ? i : k;
    }
    slot = &d->slot[i];
    if (held == BLKFRONT_SLOTS)
        return -EAGAIN;
    slot->pages = 0;
    while (slot->pages < *pages && slot->pages < BLKFRONT_PAGES) {
        grant_ref_t gref = GRANT_NONE;

        if (d->spares > 0)
            gref = d->spare[--d->spares];
        else if (d->pages < d->pages_max)
            d->pages += (gref = grant_page_open(d->backend)) != GRANT_NONE;
        if (gref == GRANT_NONE)
            break;
        slot->page[slot->pages++] = (uint16_t)gref;
    }
    if (*pages > 0 && slot->pages == 0)
        return held > 0 ? -EAGAIN : -ENOMEM;
    *pages = slot->pages;
    slot->state = SLOT_TAKEN;
    return (int)i;
}

uint8_t *blkfront_page(uint32_t disk, uint32_t slot, uint32_t page)
{
    return grant_page_memory(disks[disk]->slot[slot].page[page]);
}

/* The sectors lie in the slot's pages one after the other. */
static void set_segments(struct blkif_request *request, const struct disk_slot *slot, uint64_t sectors)
{
    for (uint32_t i = 0; i < slot->pages && sectors > 0; i++) {
        uint64_t n = sectors < SECTORS_PER_PAGE ? sectors : SECTORS_PER_PAGE;

        request->seg[i].gref = slot->page[i];
        request->seg[i].last_sect = (uint8_t)(n - 1);
        request->nr_segments++;
        sectors -= n;
    }
}

void blkfront_put(uint32_t disk, uint32_t slot, uint8_t operation, uint64_t sector, uint64_t sectors)
{
    struct disk *d = disks[disk];
    struct disk_slot *s = &d->slot[slot];
    struct blkif_request request = { .operation = operation,
                                     .handle = (blkif_vdev_t)d->number,
                                     .sector_number = sector };
    int id = RING_BROKEN;

    if (operation == BLKIF_OP_DISCARD)
        ((struct blkif_request_discard *)&request)->nr_sectors = sectors;
    else
        set_segments(&request, s, sectors);
    if (d->state == DISK_OPEN)
        id = ring_put(&d->ring, (const uint32_t *)&request);
    s->operation = operation;
    s->state = id < 0 ? SLOT_ENDED : SLOT_SENT;
    s->result = -EIO;
    if (id < 0)
        return;
    s->deadline_ns = clock_read_monotonic() + BLKFRONT_PATIENT;
    d->slot_of[id] = (uint8_t)slot;
}

void blkfront_kick(uint32_t disk)
{
    struct disk *d = disks[disk];

    if (d->state == DISK_OPEN && ring_publish(&d->ring) == 1)
        (void)evtchn_port_send((uint32_t)d->port);
}

/* An answer that the ring took for one of ours. */
static void complete(struct disk *d, uint32_t id, const struct ring_response *response)
{
    struct disk_slot *slot = &d->slot[d->slot_of[id]];
    uint8_t operation = (uint8_t)response->word[2];
    int16_t status = (int16_t)(response->word[2] >> 16);

    if (operation != slot->operation)
        return break_off(d, "answers another operation than was asked");
    if (status < BLKIF_RSP_EOPNOTSUPP || status > BLKIF_RSP_OKAY)
        return break_off(d, "answers with a status that there is not");
    slot->state = SLOT_ENDED;
    slot->result = status == BLKIF_RSP_OKAY ? 0 : -EIO;
    if (status != BLKIF_RSP_EOPNOTSUPP)
        return;
    if (operation == BLKIF_OP_FLUSH_DISKCACHE) {
        /* It has no cache after all (Linux's blkfront takes it so too). */
        d->info.can_flush = false;
        slot->result = 0;
    } else if (operation == BLKIF_OP_DISCARD) {
        d->info.can_discard = false;
        slot->result = -EOPNOTSUPP;
    }
}

static void poll(struct disk *d)
{
    int id = 0, more = 1;

    while (d->state == DISK_OPEN && more > 0) {
        struct ring_response response = { { 0 } };

        id = ring_pop(&d->ring, &response);
        if (id >= 0)
            complete(d, (uint32_t)id, &response);
        else
            more = id == RING_NONE ? ring_final_check(&d->ring) : id;
    }
    if (more < 0 && d->state == DISK_OPEN)
        break_off(d, "answers what nobody asked");
}

int blkfront_result(uint32_t disk, uint32_t slot)
{
    struct disk *d = disks[disk];
    const struct disk_slot *s = &d->slot[slot];

    if (s->state == SLOT_SENT)
        poll(d);
    if (s->state == SLOT_SENT && clock_read_monotonic() >= s->deadline_ns)
        break_off(d, "does not answer");
    return s->state == SLOT_SENT ? -EINPROGRESS : s->result;
}

void blkfront_give(uint32_t disk, uint32_t slot)
{
    struct disk *d = disks[disk];
    struct disk_slot *s = &d->slot[slot];

    s->state = SLOT_FREE;
    if (d->state != DISK_OPEN)
        close_pages(d, s->page, s->pages);
    for (uint32_t i = 0; d->state == DISK_OPEN && i < s->pages; i++)
        d->spare[d->spares++] = s->page[i];
    s->pages = 0;
}

void blkfront_serve(void)
{
    static uint64_t next_retry_ns;

    for (uint32_t i = 0; i < disk_count; i++)
        disk_serve(disks[i]);
    if (grant_page_count_quarantined() == 0 || clock_read_monotonic() < next_retry_ns)
        return;
    grant_page_retry();
    next_retry_ns = clock_read_monotonic() + RETRY_NS;
}
