/* SPDX-License-Identifier: BSD-2-Clause */
/* links: drivers/uart.c tests/unit/fake/cpu.c */
/* A simulated 16550 behind the driver's own port instructions, which fault here, and a host that has bytes for it always. */
#include "drivers/uart.h"

#include <string.h>

#include "check.h"
#include "fake/cpu.h"
#include "x86/apic.h"
#include "x86/trap.h"

enum { DATA = 0x3f8, IER = 0x3f9, FCR = 0x3fa, LCR = 0x3fb, MCR = 0x3fc, LSR = 0x3fd };
enum { IDLE = 0x16, IDLE_COUNT = 16, TEXT_SIZE = 4000, FIFO_LEVEL = 14 };
enum { LSR_EMPTY = 0x60, LSR_OVERRUN = 2, NEVER = 1 << 30 };

/* The device: what it holds are the host's bytes from `taken` to `arrived`. */
static struct {
    uint8_t host[IDLE_COUNT + TEXT_SIZE];
    unsigned sent, arrived, taken;
    uint8_t ier, lcr;
    unsigned written, burst, burst_max; /* bytes out; since the transmitter was last seen empty; the most of these */
    unsigned busy;                      /* so many more looks until the transmitter is empty */
    unsigned looks;                     /* at the line status */
    bool absent, fifo, overrun;
} device;
uint64_t irq_events;

static void (*irq_handler)(void);
static unsigned routed;

/* The host never sleeps: whatever has room is filled at once. */
static void fill(void)
{
    unsigned room = device.fifo ? FIFO_LEVEL : 1;

    while (device.arrived < device.sent && device.arrived - device.taken < room)
        device.arrived++;
}

/* An overrun is told once. */
static uint8_t line_status(bool holds)
{
    uint8_t overrun = device.overrun ? LSR_OVERRUN : 0, empty = device.busy == 0 ? LSR_EMPTY : 0;

    device.overrun = false;
    device.looks++;
    if (device.busy != 0)
        device.busy--;
    else
        device.burst = 0;
    return empty | overrun | holds;
}

uint8_t port_read(uint16_t port)
{
    bool holds;

    if (device.absent)
        return 0xff;
    fill();
    holds = device.arrived > device.taken;
    if (port == LSR)
        return line_status(holds);
    CHECK_EQ(port, DATA);
    return holds ? device.host[device.taken++] : 0;
}

void port_write(uint16_t port, uint16_t value, unsigned size)
{
    CHECK_EQ(size, 1);
    fill();
    if (port == DATA && !(device.lcr & 0x80)) {
        device.written++;
        device.burst++;
        if (device.burst > device.burst_max)
            device.burst_max = device.burst;
    }
    if (port == LCR)
        device.lcr = (uint8_t)value;
    if (port == IER && !(device.lcr & 0x80))
        device.ier = (uint8_t)value;
    if (port == FCR && device.fifo != (value & 1)) {
        device.fifo = value & 1;
        device.taken = device.arrived; /* what the receiver held is gone */
    }
}

void apic_eoi(void)
{
}

void ioapic_route(uint32_t gsi, uint32_t vector)
{
    routed = vector;
    CHECK_EQ(gsi, 4);
}

void irq_register(uint32_t vector, void (*handler)(void))
{
    CHECK_EQ(vector, APIC_UART_VECTOR);
    irq_handler = handler;
}

static void reset(unsigned idle, unsigned text)
{
    while (uart_read() >= 0)
        continue;
    memset(&device, 0, sizeof device);
    memset(device.host, IDLE, idle);
    for (unsigned i = 0; i < text; i++)
        device.host[idle + i] = (uint8_t)('A' + i % 59);
    device.sent = idle + text;
}

static void test_eager_host_loses_idle_bytes_only(void)
{
    unsigned idle = 0, next = 0;
    int byte;

    reset(IDLE_COUNT, TEXT_SIZE);
    uart_init();
    uart_use_fifos();
    uart_irq_start();
    CHECK_EQ(routed, APIC_UART_VECTOR);
    while ((byte = uart_read()) >= 0) {
        if (byte == IDLE)
            idle++;
        else
            CHECK_EQ(byte, 'A' + next++ % 59);
    }
    CHECK(idle < IDLE_COUNT);
    CHECK_EQ(next, TEXT_SIZE);
    CHECK_EQ(uart_count_dropped(), 0);
}

static void test_eager_host_loses_nothing_without_fifos(void)
{
    unsigned next = 0;
    int byte;

    reset(0, TEXT_SIZE);
    uart_init();
    uart_irq_start();
    while ((byte = uart_read()) >= 0)
        CHECK_EQ(byte, 'A' + next++ % 59);
    CHECK_EQ(next, TEXT_SIZE);
}

static void test_byte_typed_before_is_kept(void)
{
    reset(0, 1);
    uart_init();
    uart_use_fifos();
    CHECK_EQ(uart_read(), 'A');
    CHECK_EQ(uart_read(), -1);
}

/* A transmitter that is not empty takes nothing: what is written to it is lost. */
static void test_bursts_fit(void)
{
    char text[100] = { 0 };

    reset(0, 0);
    uart_init();
    uart_write(text, sizeof text);
    CHECK_EQ(device.written, sizeof text);
    CHECK_EQ(device.burst_max, 1);
    uart_use_fifos();
    uart_write(text, sizeof text);
    CHECK_EQ(device.written, 2 * sizeof text);
    CHECK_EQ(device.burst_max, 16);
}

/* The interrupt takes what fits, then stays away until the reader has been there. */
static void test_full_ring_masks(void)
{
    unsigned next = 0;
    int byte;

    reset(0, 0);
    uart_init();
    uart_irq_start();
    CHECK_EQ(device.ier, 1);
    reset(0, 1000);
    device.fifo = true;
    irq_handler();
    CHECK_EQ(device.ier, 0);
    CHECK(device.taken < 1000);
    while ((byte = uart_read()) >= 0)
        CHECK_EQ(byte, 'A' + next++ % 59);
    CHECK_EQ(next, 1000);
    CHECK_EQ(device.ier, 1);
}

static void test_absent(void)
{
    reset(0, 10);
    device.absent = true;
    uart_init();
    CHECK_EQ(uart_read(), -1);
    uart_use_fifos();
    uart_irq_start();
    CHECK_EQ(uart_offer("abc", 3), 3);
    uart_write("abc", 3);
    CHECK_EQ(device.written, 0);
}

/* Waits for a slow transmitter, gives one up that never gets empty, and tries again when it does. */
static void test_slow_transmitter(void)
{
    uint64_t dropped = uart_count_dropped();

    reset(0, 0);
    uart_init();
    device.busy = 9000;
    CHECK_EQ(uart_offer("abc", 3), 3);
    CHECK_EQ(device.written, 3);
    device.busy = NEVER;
    device.looks = 0;
    CHECK_EQ(uart_offer("abc", 3), 0);
    CHECK(device.looks <= 10000);
    device.looks = 0;
    uart_write("abc", 3);
    CHECK(device.looks > 10000 && device.looks <= 1000000);
    CHECK_EQ(uart_count_dropped(), dropped + 3);
    device.looks = 0;
    CHECK_EQ(uart_offer("abc", 3), 0);
    CHECK(device.looks > 16);
    device.looks = 0;
    uart_write("abcd", 4);
    CHECK(device.looks <= 16);
    CHECK_EQ(uart_count_dropped(), dropped + 7);
    CHECK_EQ(device.written, 3);
    device.busy = 0;
    CHECK_EQ(uart_offer("a", 1), 1);
    device.busy = 100;
    uart_write("bc", 2);
    CHECK_EQ(device.written, 6);
    CHECK_EQ(uart_count_dropped(), dropped + 7);
}

/* What the device lost is counted, what came after it is kept. */
static void test_overrun_is_counted(void)
{
    uint64_t dropped = uart_count_dropped();

    reset(0, 2);
    uart_init();
    device.overrun = true;
    CHECK_EQ(uart_read(), 'A');
    CHECK_EQ(uart_read(), 'B');
    CHECK_EQ(uart_read(), -1);
    CHECK_EQ(uart_count_dropped(), dropped + 1);
}

int main(void)
{
    fake_cpu_start();
    test_eager_host_loses_idle_bytes_only();
    test_eager_host_loses_nothing_without_fifos();
    test_byte_typed_before_is_kept();
    test_bursts_fit();
    test_full_ring_masks();
    test_absent();
    test_slow_transmitter();
    test_overrun_is_counted();
    return check_done();
}
