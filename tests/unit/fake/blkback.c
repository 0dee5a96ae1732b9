/* SPDX-License-Identifier: BSD-2-Clause */
#include "fake/blkback.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xen/grant_table.h>

#include "drivers/clock.h"
#include "drivers/xenstore.h"
#include "fake/mm.h"
#include "fake/xenstored.h"
#include "mm/frame.h"
#include "mm/kmap.h"
#include "xen/evtchn_port.h"
#include "xen/host.h"
#include "xen/upcall.h"

struct fake_blkback fake_blkback[FAKE_DISKS];
unsigned fake_ports, fake_mapped, fake_in_vain;

static grant_entry_v1_t table[1024] __attribute__((aligned(4096)));
static bool is_open[64];
static evtchn_handler *handlers[64];
static uint32_t args[64];

/* ---- Xen ---- */

uint32_t xen_place_page(uint32_t space, uint32_t index)
{
    return space == 1 && index < 2 ? 0x100000 + index : FRAME_NONE;
}

void *kmap_shared(uint64_t phys)
{
    return (uint8_t *)table + (phys - 0x100000ull * FRAME_SIZE);
}

int evtchn_port_alloc(domid_t domain, evtchn_handler *handler, uint32_t arg)
{
    for (int port = 5; port < 64 && domain == 0 && handler; port++) {
        if (is_open[port])
            continue;
        is_open[port] = true;
        handlers[port] = handler;
        args[port] = arg;
        fake_ports++;
        return port;
    }
    return -28;
}

int evtchn_port_send(uint32_t port)
{
    return port < 64 && is_open[port] ? 0 : -2;
}

int evtchn_port_close(uint32_t port)
{
    if (port >= 64 || !is_open[port])
        return -2;
    is_open[port] = false;
    fake_ports--;
    /* A frontend that closed is gone for its backend. */
    for (unsigned i = 0; i < FAKE_DISKS; i++)
        if (fake_blkback[i].port == port)
            fake_blkback[i].ring = NULL;
    return 0;
}

void upcall_wake(uint32_t arg)
{
    (void)arg;
}

void upcall_in_vain(uint32_t port)
{
    fake_in_vain += port < 64 && is_open[port];
}

void fake_blkback_ring(const struct fake_blkback *back)
{
    if (is_open[back->port])
        handlers[back->port](args[back->port]);
}

bool upcall_listen(uint32_t port)
{
    return port < 64 && is_open[port];
}

/* A granted page of the frontend's, as Xen maps it; a grant that is none is the driver's fault. */
static void *map(uint32_t gref)
{
    if (gref < 8 || gref >= 1024 || (table[gref].flags & GTF_type_mask) != GTF_permit_access ||
        table[gref].domid != 0) {
        printf("grant %u cannot be mapped\n", gref);
        abort();
    }
    fake_mapped += !(table[gref].flags & GTF_writing);
    table[gref].flags |= GTF_reading | GTF_writing;
    return frame_memory(table[gref].frame);
}

static void unmap(uint32_t gref)
{
    fake_mapped -= (table[gref].flags & GTF_writing) != 0;
    table[gref].flags &= (uint16_t) ~(GTF_reading | GTF_writing);
}

void fake_blkback_unmap(void)
{
    for (uint32_t gref = 8; gref < 1024; gref++)
        unmap(gref);
}

/* ---- xenstore ---- */

static struct xenstore_domain_interface *page;

static void notify(void)
{
}

static void idle_until(uint64_t deadline_ns)
{
    uint32_t before = page->rsp_prod;
    uint64_t now = clock_read_monotonic(), rest = deadline_ns > now ? deadline_ns - now : 0;

    fake_blkback_step();
    fake_time_pass(page->rsp_prod != before ? 1000000 : rest < 1000000000 ? rest : 1000000000);
}

void fake_blkback_start(void)
{
    struct xenstore_host host = { NULL, notify, clock_read_monotonic, idle_until };

    page = calloc(1, sizeof(*page));
    host.page = (struct byte_ring_xenstore *)page;
    fake_xenstored_start(page, 0, 0);
    xenstore_start(&host);
}

static const char *path(const struct fake_blkback *back, bool is_front, const char *key)
{
    static char text[128];

    if (is_front)
        sprintf(text, "device/vbd/%u%s%s", back->number, *key ? "/" : "", key);
    else
        sprintf(text, "/local/domain/0/backend/vbd/7/%u/%s", back->number, key);
    return text;
}

void fake_blkback_set(const struct fake_blkback *back, const char *key, const char *value)
{
    fake_xenstored_set(path(back, false, key), value);
}

const char *fake_blkback_front_state(const struct fake_blkback *back)
{
    const char *state = fake_xenstored_get(path(back, true, "state"));

    return state ? state : "";
}

struct fake_blkback *fake_blkback_make(unsigned i, uint32_t number)
{
    struct fake_blkback *back = &fake_blkback[i];
    char text[128];

    back->number = number;
    back->ring = NULL;
    snprintf(text, sizeof(text), "%s", path(back, false, "x"));
    text[strlen(text) - 2] = '\0';
    fake_xenstored_set(path(back, true, ""), "");
    fake_xenstored_set(path(back, true, "backend"), text);
    fake_xenstored_set(path(back, true, "backend-id"), "0");
    fake_xenstored_set(path(back, true, "state"), "1");
    fake_blkback_set(back, "state", "2");
    fake_blkback_set(back, "feature-flush-cache", "1");
    fake_blkback_set(back, "feature-discard", "1");
    sprintf(text, "%u", FAKE_BYTES / 512);
    fake_blkback_set(back, "sectors", text);
    fake_blkback_set(back, "sector-size", "512");
    fake_blkback_set(back, "info", "0");
    return back;
}

/* ---- The backend ---- */

static uint32_t front_number(const struct fake_blkback *back, const char *key)
{
    const char *value = fake_xenstored_get(path(back, true, key));

    return value ? (uint32_t)strtoul(value, NULL, 10) : 0;
}

static void connect(struct fake_blkback *back)
{
    const char *state = fake_xenstored_get(path(back, false, "state"));

    if (strcmp(fake_blkback_front_state(back), "3") != 0 || !state || strcmp(state, "2") != 0)
        return;
    if (!is_open[front_number(back, "event-channel") % 64])
        return;
    back->port = front_number(back, "event-channel");
    back->ring = map(front_number(back, "ring-ref"));
    back->req_cons = 0;
    fake_blkback_set(back, "state", "4");
}

static void move(struct fake_blkback *back, const struct blkif_request *request)
{
    uint64_t at = request->sector_number * 512;

    for (unsigned i = 0; i < request->nr_segments; i++) {
        const struct blkif_request_segment *seg = &request->seg[i];
        uint64_t n = (seg->last_sect - seg->first_sect + 1u) * 512u;
        uint8_t *place = (uint8_t *)map(seg->gref) + seg->first_sect * 512;

        if (seg->first_sect > seg->last_sect || seg->last_sect > 7 || at + n > FAKE_BYTES) {
            printf("request beyond the disk or the page\n");
            abort();
        }
        if (request->operation == BLKIF_OP_READ)
            memcpy(place, back->bytes + at, n);
        else
            memcpy(back->bytes + at, place, n);
        at += n;
        if (!back->keeps_mapped)
            unmap(seg->gref);
    }
}

static void serve(struct fake_blkback *back, const struct blkif_request *request)
{
    const struct blkif_request_discard *discard = (const struct blkif_request_discard *)request;

    back->requests++;
    if (request->operation == BLKIF_OP_FLUSH_DISKCACHE) {
        back->flushes++;
    } else if (request->operation == BLKIF_OP_DISCARD) {
        back->discards++;
        memset(back->bytes + discard->sector_number * 512, 0, discard->nr_sectors * 512);
    } else if (request->nr_segments < 1 || request->nr_segments > 11 || request->operation > BLKIF_OP_WRITE) {
        /* A liar may have written over it. */
        if (!back->lie) {
            printf("request of operation %u with %u segments\n", request->operation, request->nr_segments);
            abort();
        }
    } else {
        move(back, request);
    }
}

static void answer(struct fake_blkback *back)
{
    uint32_t waiting = back->ring->req_prod - back->req_cons;

    back->most = waiting > back->most ? waiting : back->most;
    for (uint32_t done = 0; done < waiting && waiting <= 32 && (back->per_step == 0 || done < back->per_step); done++) {
        if (back->is_stopped)
            return;

        struct blkif_request request = back->ring->ring[back->req_cons++ % 32].req;
        struct blkif_response response = { request.id, request.operation, (int16_t)back->status };

        serve(back, &request);
        if (back->lie)
            back->lie(back, &response);
        memcpy(&back->ring->ring[back->ring->rsp_prod % 32].rsp, &response, sizeof(response));
        back->ring->rsp_prod++;
    }
    back->ring->req_event = back->req_cons + 1;
}

void fake_blkback_step(void)
{
    for (unsigned i = 0; i < FAKE_DISKS; i++) {
        if (fake_blkback[i].number == 0 || fake_blkback[i].is_stopped)
            continue;
        if (!fake_blkback[i].ring)
            connect(&fake_blkback[i]);
        else
            answer(&fake_blkback[i]);
    }
    fake_xenstored_step();
}
