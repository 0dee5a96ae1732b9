/* SPDX-License-Identifier: BSD-2-Clause */
#include "drivers/pv_console.h"

#include <stdbool.h>
#include <xen/xen.h>

#include "drivers/clock.h"
#include "lib/log.h"
#include "lib/shm.h"
#include "x86/cpu.h"
#include "xen/byte_ring.h"
#include "xen/evtchn_port.h"
#include "xen/host.h"
#include "xen/param_ring.h"
#include "xen/upcall.h"

/* Where Xen logs bytes of a guest that may not use its console (a domU, with guest_loglvl=all). */
enum { XEN_DEBUG_PORT = 0xe9 };

#define PAUSE_NS 1000000u
enum { PAUSES = PV_CONSOLE_PATIENCE_NS / PAUSE_NS };

static struct {
    bool is_open; /* there is a ring, and it has not lied */
    bool stalled; /* nothing was taken in the time of patience */
    bool refused; /* Xen's own console is not for us */
    uint32_t port;
    uint64_t dropped;
    struct byte_ring_reader in;
    struct byte_ring_writer out;
    /* Input that was taken and not asked for yet. */
    uint8_t bytes[64];
    uint32_t next, end;
} console;

void pv_console_start(void)
{
    struct byte_ring_console *page = param_ring_open(PARAM_CONSOLE, &console.port);

    if (!page)
        return;
    byte_ring_open_console(page, &console.in, &console.out);
    console.is_open = true;
}

void pv_console_listen(void)
{
    int port = console.is_open ? (int)console.port : evtchn_port_bind_virq(VIRQ_CONSOLE, 0, upcall_wake, 0);

    if (port > 0)
        (void)upcall_listen((uint32_t)port);
}

/* The ring costs its own device only: what is written from now on goes to Xen itself. */
static void close_ring(const char *what)
{
    console.is_open = false;
    log_error("console: the other end says that more %s waits than the ring holds; closed", what);
}

/* A refusal of the event only delays the reader. */
static void notify(void)
{
    (void)evtchn_port_send(console.port);
}

static void write_to_xen(const char *text, size_t size)
{
    if (!console.refused && xen_console_write(text, size) == 0)
        return;
    console.refused = true;
    for (size_t i = 0; i < size; i++)
        out8(XEN_DEBUG_PORT, (uint8_t)text[i]);
}

size_t pv_console_offer(const char *text, size_t size)
{
    int count = 0;

    if (console.is_open && size > 0) {
        count = byte_ring_write(&console.out, (const uint8_t *)text, size < INT32_MAX ? (uint32_t)size : INT32_MAX);
        if (count < 0)
            close_ring("output");
    }
    if (!console.is_open) {
        write_to_xen(text, size);
        return size;
    }
    if (count > 0) {
        console.stalled = false;
        notify();
    }
    return (size_t)count;
}

void pv_console_write(const char *text, size_t size)
{
    for (uint32_t pauses = 0;; pauses++) {
        size_t taken = pv_console_offer(text, size);

        text += taken;
        size -= taken;
        if (size == 0)
            return;
        if (console.stalled || pauses == PAUSES || !clock_pause(PAUSE_NS))
            break;
    }
    console.stalled = true;
    console.dropped += size;
}

static uint32_t take(uint8_t *bytes, uint32_t size)
{
    int count = byte_ring_read(&console.in, bytes, size);

    if (count < 0)
        close_ring("input");
    else if (count > 0)
        notify();
    return count > 0 ? (uint32_t)count : 0;
}

static uint32_t take_from_xen(uint8_t *bytes, uint32_t size)
{
    int64_t count = console.refused ? 0 : xen_console_read((char *)bytes, size);

    return count > 0 ? (uint32_t)count : 0;
}

int pv_console_read(void)
{
    if (console.next == console.end) {
        console.next = 0;
        console.end = console.is_open ? take(console.bytes, sizeof(console.bytes))
                                      : take_from_xen(console.bytes, sizeof(console.bytes));
        if (console.end == 0)
            return -1;
    }
    return console.bytes[console.next++];
}

void pv_console_flush(void)
{
    for (uint32_t pauses = 0; console.is_open && !console.stalled && pauses < PAUSES; pauses++) {
        if (shm_read32(console.out.peer_cons) == console.out.next || !clock_pause(PAUSE_NS))
            return;
    }
}

uint64_t pv_console_count_dropped(void)
{
    return console.dropped;
}
