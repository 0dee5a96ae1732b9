/* SPDX-License-Identifier: BSD-2-Clause */
/* links: drivers/pv_console.c xen/byte_ring.c xen/param_ring.c */
/* xenconsoled as it should be, and one that never reads (threat 8), floods (9) or lies about its indices (7). */
#include "drivers/pv_console.h"

#include <stdarg.h>
#include <string.h>

#include <xen/hvm/params.h>

#include "check.h"
#include "drivers/clock.h"
#include "lib/log.h"
#include "mm/kmap.h"
#include "xen/byte_ring.h"
#include "xen/evtchn_port.h"
#include "xen/host.h"
#include "xen/upcall.h"

static struct byte_ring_console page;
static uint64_t param_pfn, param_port;
static unsigned events, pauses, logged;
static uint64_t listened;
static bool reading, clock_runs;
static char xen_text[100000], daemon_text[200000];
static size_t xen_size, daemon_size;

int xen_get_param(uint32_t index, uint64_t *value)
{
    if (index != HVM_PARAM_CONSOLE_PFN && index != HVM_PARAM_CONSOLE_EVTCHN)
        return -22;
    *value = index == HVM_PARAM_CONSOLE_PFN ? param_pfn : param_port;
    return 0;
}

void *kmap_shared(uint64_t phys)
{
    return phys == 0xfeff8000 ? &page : NULL;
}

bool upcall_listen(uint32_t port)
{
    listened = port;
    return true;
}

void upcall_wake(uint32_t arg)
{
    (void)arg;
}

static evtchn_handler *ring_handler;
static uint32_t ring_arg;

int evtchn_port_adopt(uint64_t peer_port, evtchn_handler *handler, uint32_t arg)
{
    ring_handler = handler;
    ring_arg = arg;
    return peer_port > 0 && peer_port < EVTCHN_PORTS ? (int)peer_port : -22;
}

int evtchn_port_bind_virq(uint32_t virq, uint32_t vcpu, evtchn_handler *handler, uint32_t arg)
{
    CHECK(vcpu == 0 && handler == upcall_wake && arg == 0);
    return virq == VIRQ_CONSOLE ? 77 : -22;
}

static unsigned in_vain;

void upcall_in_vain(uint32_t port)
{
    CHECK_EQ(port, 2);
    in_vain++;
}

int xen_console_write(const char *text, size_t size)
{
    memcpy(xen_text + xen_size, text, size);
    xen_size += size;
    return 0;
}

int64_t xen_console_read(char *dst, size_t size)
{
    (void)size;
    dst[0] = 'x';
    return 1;
}

static void daemon_read(void)
{
    while (page.out_cons != page.out_prod)
        daemon_text[daemon_size++] = page.out[page.out_cons++ % sizeof(page.out)];
}

int evtchn_port_send(uint32_t port)
{
    CHECK_EQ(port, 2);
    events++;
    return 0;
}

bool clock_pause(uint64_t ns)
{
    CHECK(ns > 0);
    if (!clock_runs)
        return false;
    pauses++;
    if (reading)
        daemon_read();
    return true;
}

void log_line(int severity, const char *fmt, ...)
{
    (void)severity;
    (void)fmt;
    logged++;
    pv_console_write("logged\n", 7);
}

static void open_ring(void)
{
    memset(&page, 0, sizeof(page));
    param_pfn = 0xfeff8;
    param_port = 2;
    events = pauses = logged = 0;
    xen_size = daemon_size = 0;
    reading = clock_runs = true;
    pv_console_start();
}

/* Without a ring, or with parameters that cannot be, it is Xen's own console. */
static void check_no_ring(void)
{
    static const uint64_t odd[][2] = { { 0, 0 }, { 0, 2 }, { 0xfeff8, 0 }, { 1ULL << 34, 2 }, { 0xfeff8, 1ULL << 32 },
                                       { 5, 2 } };

    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
        param_pfn = odd[i][0];
        param_port = odd[i][1];
        pv_console_start();
        xen_size = 0;
        pv_console_write("hello", 5);
        CHECK(xen_size == 5 && memcmp(xen_text, "hello", 5) == 0);
        CHECK_EQ(pv_console_read(), 'x');
        pv_console_flush();
    }
    pv_console_listen();
    CHECK_EQ(listened, 77);
    CHECK_EQ(events, 0);
}

static void check_round(void)
{
    open_ring();
    pv_console_listen();
    CHECK_EQ(listened, 2);
    pv_console_write("vow", 3);
    CHECK_EQ(events, 1);
    pv_console_flush();
    CHECK(daemon_size == 3 && memcmp(daemon_text, "vow", 3) == 0);
    CHECK_EQ(pv_console_read(), -1);
    CHECK_EQ(events, 1);
    memcpy(page.in, "\0\xff", 2);
    page.in_prod = 2;
    CHECK_EQ(pv_console_read(), 0);
    CHECK_EQ(pv_console_read(), 0xff);
    CHECK_EQ(events, 2);
    CHECK_EQ(pv_console_read(), -1);
}

/* All bytes with a reader, in order, however many. */
static void check_much(void)
{
    static char text[150000];

    open_ring();
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = (char)(i * 7 + i / 256);
    pv_console_write(text, sizeof(text));
    daemon_read();
    CHECK(daemon_size == sizeof(text) && memcmp(daemon_text, text, sizeof(text)) == 0);
    CHECK_EQ(pv_console_count_dropped(), 0);
}

/* Nobody reads: one wait of half a second, then none until someone does. */
static void check_stall(void)
{
    static char text[3000];

    open_ring();
    reading = false;
    pv_console_write(text, sizeof(text));
    CHECK_EQ(pv_console_count_dropped(), 3000 - 2048);
    CHECK(pauses >= 400 && pauses <= 501);
    pauses = 0;
    pv_console_write(text, sizeof(text));
    CHECK_EQ(pv_console_offer(text, 10), 0);
    pv_console_flush();
    CHECK_EQ(pauses, 0);
    CHECK_EQ(pv_console_count_dropped(), 2 * 3000 - 2048);
    daemon_read();
    CHECK_EQ(pv_console_offer(text, 10), 10);
    pv_console_flush();
    CHECK(pauses >= 400 && pauses <= 501);
    /* Before the clock runs nothing waits. */
    open_ring();
    clock_runs = false;
    pv_console_write(text, sizeof(text));
    CHECK_EQ(pauses, 0);
    CHECK_EQ(pv_console_count_dropped(), 3 * 3000 - 2 * 2048);
}

/* More input than anybody asks for stays in the ring. */
static void check_flood(void)
{
    open_ring();
    for (int round = 0; round < 3; round++) {
        page.in_prod = page.in_cons + sizeof(page.in);
        for (int i = 0; i < 1024; i++)
            CHECK_EQ(pv_console_read(), 0);
    }
    CHECK_EQ(page.in_cons, 3072);
    CHECK_EQ(pv_console_read(), -1);
}

/* An event is in vain when the daemon neither took nor gave anything since the last one. */
static void check_events(void)
{
    open_ring();
    in_vain = 0;
    pv_console_write("vow", 3);
    daemon_read();
    ring_handler(ring_arg);
    page.in_prod++;
    ring_handler(ring_arg);
    CHECK_EQ(in_vain, 0);
    ring_handler(ring_arg);
    ring_handler(ring_arg);
    CHECK_EQ(in_vain, 2);
    CHECK_EQ(pv_console_read(), 0);
}

/* An index that cannot be: one line, the ring is left alone, all goes on with Xen's console. */
static void check_lies(void)
{
    for (int lie = 0; lie < 2; lie++) {
        open_ring();
        if (lie == 0) {
            page.in_prod = 1025;
            CHECK_EQ(pv_console_read(), -1);
            CHECK(xen_size == 7 && memcmp(xen_text, "logged\n", 7) == 0);
            pv_console_write("on", 2);
        } else {
            page.out_cons = 1;
            pv_console_write("on", 2);
        }
        CHECK_EQ(logged, 1);
        CHECK(xen_size == 9 && memcmp(xen_text, "logged\non", 9) == 0);
        page.in_prod = page.out_cons = 0;
        CHECK_EQ(pv_console_read(), 'x');
        pv_console_write("!", 1);
        pv_console_flush();
        CHECK(xen_size == 10 && daemon_size == 0 && page.out_prod == 0);
        CHECK_EQ(events + pauses, 0);
    }
}

int main(void)
{
    check_no_ring();
    check_round();
    check_much();
    check_stall();
    check_flood();
    check_events();
    check_lies();
    return check_done();
}
