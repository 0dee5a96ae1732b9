/* SPDX-License-Identifier: BSD-2-Clause */
/* What a disk and its backend tell each other in xenstore. */
#include <linux/errno.h>
#include <stdarg.h>
#include <stddef.h>

#include <xen/io/protocols.h>
#include <xen/io/xenbus.h>

#include "drivers/blkfront_disk.h"
#include "drivers/clock.h"
#include "lib/decimal.h"
#include "lib/format.h"
#include "lib/log.h"
#include "lib/string.h"
#include "mm/frame.h"
#include "xen/evtchn_port.h"
#include "xen/upcall.h"

#define CONNECT_NS  10000000000ULL
#define SECTORS_MAX (1ULL << 54) /* bytes fit in 63 bits */
#define STATES      9u

enum phase { AWAIT_BACKEND, AWAIT_CONNECTED, CONNECTED };
enum step { STAY, GO, GONE, BAD };

/* What each state of the backend means to us, by the number in enum xenbus_state; 0 also when it has none. */
static const uint8_t steps[][STATES] = {
    [AWAIT_BACKEND] = { STAY, STAY, GO, GO, BAD, GONE, GONE, BAD, BAD },
    [AWAIT_CONNECTED] = { BAD, BAD, STAY, STAY, GO, GONE, GONE, BAD, BAD },
    [CONNECTED] = { GONE, BAD, BAD, BAD, STAY, GONE, GONE, STAY, STAY },
};
_Static_assert(XenbusStateInitWait == 2 && XenbusStateConnected == 4 && XenbusStateReconfigured == STATES - 1,
               "xenbus.h");

/* One line about a disk, and the error again. */
static int __attribute__((format(printf, 3, 4))) refuse(const struct disk *d, int error, const char *fmt, ...)
{
    char reason[160];
    va_list args;

    va_start(args, fmt);
    format_args(reason, sizeof(reason), fmt, args);
    va_end(args);
    log_error("%s: backend %u: %s: closed", d->info.name, d->backend, reason);
    return error;
}

static const char *front_path(const struct disk *d, const char *key)
{
    static char path[64];

    format_string(path, sizeof(path), "device/vbd/%u/%s", d->number, key);
    return path;
}

static const char *back_path(const struct disk *d, const char *key)
{
    static char path[sizeof(d->backend_path) + 32];

    format_string(path, sizeof(path), "%s/%s", d->backend_path, key);
    return path;
}

/* A number that the backend offers; without the key it is what it was, when that is allowed. */
static int read_key(const struct disk *d, const char *key, bool is_optional, uint64_t max, uint64_t *value)
{
    int result = xenstore_read_number(XENSTORE_NO_TRANSACTION, back_path(d, key), max, value);

    if (result == 0 || (result == -ENOENT && is_optional))
        return 0;
    if (result == -EINVAL)
        return refuse(d, -EIO, "%s is no number up to %lu", key, max);
    return refuse(d, result == -ENOENT ? -EIO : result, "%s cannot be read (%d)", key, -result);
}

static int find_backend(struct disk *d)
{
    uint64_t id = 0;
    int result =
        xenstore_read_number(XENSTORE_NO_TRANSACTION, front_path(d, "backend-id"), DOMID_FIRST_RESERVED - 1, &id);

    if (result == 0)
        result =
            xenstore_read(XENSTORE_NO_TRANSACTION, front_path(d, "backend"), d->backend_path, sizeof(d->backend_path));
    d->backend = (domid_t)id;
    if (result == -ENOENT)
        return -ENXIO;
    if (result == -ERANGE || result == -EINVAL || (result >= 0 && d->backend_path[0] != '/'))
        return refuse(d, -EIO, "backend-id or backend is nonsense");
    if (result >= 0)
        result = d->watch = xenstore_watch(back_path(d, "state"));
    return result < 0 ? refuse(d, result, "it cannot be watched (%d)", -result) : 0;
}

static int await(struct disk *d, enum phase phase, uint64_t deadline_ns)
{
    for (;;) {
        uint64_t state = XenbusStateUnknown;
        int result = read_key(d, "state", true, STATES - 1, &state);

        if (result < 0 || steps[phase][state] == GO)
            return result;
        if (steps[phase][state] == GONE)
            return -ENXIO;
        if (steps[phase][state] == BAD)
            return refuse(d, -EIO, "state %lu comes at a wrong time", state);
        /* It may change without end. */
        if (clock_read_monotonic() >= deadline_ns || xenstore_wait(d->watch, deadline_ns) < 0)
            return refuse(d, -ETIMEDOUT, "it stays in state %lu", state);
    }
}

static int tell_number(const struct disk *d, const char *key, uint64_t value)
{
    return xenstore_write_number(XENSTORE_NO_TRANSACTION, front_path(d, key), value);
}

/* The state comes last: the backend reads the other keys when it sees it. */
static int publish(struct disk *d)
{
    int result;

    d->ring_page = grant_page_open(d->backend);
    if (d->ring_page == GRANT_NONE)
        return refuse(d, -ENOMEM, "no memory or no grant for its ring");
    d->seen_prod = 0;
    ring_open(&d->ring, grant_page_memory(d->ring_page), RING_BLOCK);
    d->port = evtchn_port_alloc(d->backend, disk_take_event, d->index);
    if (d->port < 0)
        return refuse(d, d->port, "no event channel (%d)", -d->port);
    result = tell_number(d, "ring-ref", d->ring_page);
    if (result == 0)
        result = tell_number(d, "event-channel", (uint32_t)d->port);
    if (result == 0)
        result = xenstore_write(XENSTORE_NO_TRANSACTION, front_path(d, "protocol"), XEN_IO_PROTO_ABI_NATIVE);
    if (result == 0)
        result = tell_number(d, "feature-persistent", 1);
    if (result == 0)
        result = tell_number(d, "state", XenbusStateInitialised);
    return result < 0 ? refuse(d, result, "xenstore does not take our keys (%d)", -result) : 0;
}

/* Judges all that the backend says of the disk, then keeps it. */
static int read_info(struct disk *d)
{
    enum { SECTORS, SECTOR_SIZE, INFO, FLUSH, DISCARD, KEYS };
    static const struct {
        const char *name;
        uint64_t max;
        bool is_optional;
    } keys[KEYS] = {
        [SECTORS] = { "sectors", SECTORS_MAX, false },
        [SECTOR_SIZE] = { "sector-size", FRAME_SIZE, false },
        [INFO] = { "info", VDISK_CDROM | VDISK_REMOVABLE | VDISK_READONLY, false },
        [FLUSH] = { "feature-flush-cache", 1, true },
        [DISCARD] = { "feature-discard", 1, true },
    };
    uint64_t value[KEYS] = { 0 }, size;

    for (uint32_t i = 0; i < KEYS; i++) {
        int result = read_key(d, keys[i].name, keys[i].is_optional, keys[i].max, &value[i]);

        if (result < 0)
            return result;
    }
    size = value[SECTOR_SIZE];
    if (size < BLKFRONT_SECTOR || (size & (size - 1)))
        return refuse(d, -EIO, "sector-size is %lu", size);
    if (value[SECTORS] == 0 || value[SECTORS] % (size / BLKFRONT_SECTOR))
        return refuse(d, -EIO, "sectors is %lu, with sectors of %lu bytes", value[SECTORS], size);
    d->info.sectors = value[SECTORS];
    d->info.sector_size = (uint32_t)size;
    d->info.is_read_only = (value[INFO] & (VDISK_READONLY | VDISK_CDROM)) != 0;
    d->info.can_flush = value[FLUSH] != 0;
    d->info.can_discard = value[DISCARD] != 0;
    return 0;
}

static void forget_last(struct disk *d)
{
    xenstore_abandon(d->request);
    if (d->watch >= 0)
        (void)xenstore_unwatch(d->watch);
    d->request = d->watch = -1;
    d->is_due = d->owes_closed = false;
}

int disk_connect(struct disk *d)
{
    uint64_t deadline_ns = clock_read_monotonic() + CONNECT_NS, pages = frame_count_free() / 4;
    int result;

    forget_last(d);
    d->pages_max = pages < DISK_PAGES_MAX ? (uint32_t)pages : DISK_PAGES_MAX;
    result = find_backend(d);
    /* There is nobody to tell that we closed: a state of ours would meet the disk that is attached next. */
    if (result == -ENXIO)
        return result;
    if (result == 0)
        result = await(d, AWAIT_BACKEND, deadline_ns);
    if (result == 0)
        result = publish(d);
    if (result == 0)
        result = await(d, AWAIT_CONNECTED, deadline_ns);
    if (result == 0)
        result = read_info(d);
    if (result == 0)
        result = tell_number(d, "state", XenbusStateConnected);
    if (result < 0) {
        disk_close(d, result == -EIO ? DISK_BROKEN : DISK_GONE);
        return result;
    }
    (void)upcall_listen((uint32_t)d->port);
    d->state = DISK_OPEN;
    return 0;
}

/* The backend's state as it came from xenstore, or why it did not. */
static void judge_state(struct disk *d, int length)
{
    uint64_t state = XenbusStateUnknown;
    bool is_state = length == -ENOENT || (length >= 0 && decimal_parse(d->value, (uint32_t)length, STATES - 1, &state));
    enum step step = is_state ? (enum step)steps[CONNECTED][state] : BAD;

    if ((length < 0 && length != -ENOENT && length != -ERANGE) || d->state != DISK_OPEN || step == STAY)
        return;
    (void)refuse(d, 0, step == GONE ? "it went away" : "its state is nonsense");
    disk_close(d, step == GONE ? DISK_GONE : DISK_BROKEN);
}

/* One request at a time: the backend's state is read, or ours is written after the end. */
void disk_serve(struct disk *d)
{
    int result;

    if (d->state == DISK_OPEN)
        d->is_due |= xenstore_fired(d->watch);
    if (d->request < 0 && d->state == DISK_OPEN && d->is_due) {
        d->request =
            xenstore_begin(XS_READ, XENSTORE_NO_TRANSACTION, back_path(d, "state"), NULL, d->value, sizeof(d->value));
        d->is_due = d->request == -EBUSY;
    } else if (d->request < 0 && d->owes_closed) {
        d->request = xenstore_begin(XS_WRITE, XENSTORE_NO_TRANSACTION, front_path(d, "state"), "6", NULL, 0);
        d->owes_closed = d->request == -EBUSY;
    }
    if (d->request < 0)
        return;
    result = xenstore_end(d->request);
    if (result == -EINPROGRESS)
        return;
    d->request = -1;
    judge_state(d, result);
}
