/* SPDX-License-Identifier: BSD-2-Clause */
#include "drivers/uart.h"

#include <stdbool.h>

#include "x86/apic.h"
#include "x86/cpu.h"
#include "x86/trap.h"

/* Registers from COM1's base (PC16550D data sheet, table II). */
enum {
    UART_DATA = 0x3f8,
    UART_IER = 0x3f9,
    UART_FCR = 0x3fa,
    UART_LCR = 0x3fb,
    UART_MCR = 0x3fc,
    UART_LSR = 0x3fd,
};
enum { IER_RECEIVE = 1, FCR_ON_RESET_AT_14 = 0xc7, LCR_8N1 = 3, LCR_DIVISOR = 0x80, MCR_DTR_RTS_OUT2 = 0xb };
enum { LSR_DATA = 1, LSR_OVERRUN = 2, LSR_THR_EMPTY = 0x20, LSR_ABSENT = 0xff };
enum { DIVISOR_115200 = 1, FIFO_SIZE = 16, UART_GSI = 4 };

/* Tries until the transmitter is empty: an offer waits for the slowest real line (16 bytes take 1.4 ms); a kernel line also for a
   host that reads nothing for about half a second, once, and then only a few tries until it reads again. */
enum { PATIENCE_OFFER = 10000, PATIENCE_LINE = 1000000, PATIENCE_STALLED = 16 };

enum { RING_SIZE = 256 };

static struct {
    bool present, stalled, irq_masked;
    uint8_t burst; /* how many bytes an empty transmitter takes */
    uint64_t dropped;
    uint32_t head, tail; /* free-running: head - tail bytes wait */
    uint8_t ring[RING_SIZE];
} uart;

/* True when the transmitter is empty; false when the patience ran out. */
static bool wait_writable(uint32_t patience)
{
    while (!(in8(UART_LSR) & LSR_THR_EMPTY)) {
        if (--patience == 0)
            return false;
        cpu_pause();
    }
    return true;
}

/* How many bytes the device took, with that patience for each burst. */
static size_t write_bytes(const char *text, size_t size, uint32_t patience)
{
    size_t done = 0;

    while (done < size && wait_writable(patience)) {
        size_t end = size - done > uart.burst ? done + uart.burst : size;

        for (; done < end; done++)
            out8(UART_DATA, (uint8_t)text[done]);
    }
    return done;
}

size_t uart_offer(const char *text, size_t size)
{
    size_t done = uart.present ? write_bytes(text, size, PATIENCE_OFFER) : size;

    if (done > 0)
        uart.stalled = false;
    return done;
}

void uart_write(const char *text, size_t size)
{
    size_t done;

    if (!uart.present)
        return;
    done = write_bytes(text, size, uart.stalled ? PATIENCE_STALLED : PATIENCE_LINE);
    uart.stalled = done < size;
    uart.dropped += size - done;
}

/* Moves one byte of the receiver into the ring; false when there is none. */
static bool take_byte(void)
{
    uint8_t status = in8(UART_LSR);

    if (status & LSR_OVERRUN)
        uart.dropped++;
    if (!(status & LSR_DATA))
        return false;
    uart.ring[uart.head++ % RING_SIZE] = in8(UART_DATA);
    return true;
}

/* What the ring has no room for stays in the device: QEMU then holds its source back and nothing is lost; a real line
   overruns, which is counted. */
static void drain_receiver(void)
{
    bool more = true;

    while (more && uart.head - uart.tail < RING_SIZE)
        more = take_byte();
}

static void mask_receive_irq(bool masked)
{
    uart.irq_masked = masked;
    out8(UART_IER, masked ? 0 : IER_RECEIVE);
}

static void handle_irq(void)
{
    drain_receiver();
    /* With a full ring the line would stay high, and an edge-triggered line that stays high never interrupts again. */
    if (uart.head - uart.tail == RING_SIZE)
        mask_receive_irq(true);
    irq_events++;
    apic_eoi();
}

void uart_init(void)
{
    uart.present = in8(UART_LSR) != LSR_ABSENT;
    if (!uart.present)
        return;
    out8(UART_LCR, LCR_DIVISOR);
    out8(UART_DATA, DIVISOR_115200);
    out8(UART_IER, 0); /* the divisor's high byte */
    out8(UART_LCR, LCR_8N1);
    out8(UART_IER, 0);
    out8(UART_MCR, MCR_DTR_RTS_OUT2);
    uart.burst = 1;
}

void uart_use_fifos(void)
{
    if (!uart.present)
        return;
    /* Switching them on empties the receiver, which holds one byte until then. That one is kept; but a host may bring another
       as soon as it is taken, and a fast one as many as are taken. */
    take_byte();
    /* QEMU hands over as many bytes at once as are missing to the interrupt level; the FIFO's timeout brings the rest. */
    out8(UART_FCR, FCR_ON_RESET_AT_14);
    uart.burst = FIFO_SIZE;
}

void uart_irq_start(void)
{
    if (!uart.present)
        return;
    irq_register(APIC_UART_VECTOR, handle_irq);
    ioapic_route(UART_GSI, APIC_UART_VECTOR);
    mask_receive_irq(false);
}

int uart_read(void)
{
    if (!uart.present)
        return -1;
    if (uart.head == uart.tail) {
        drain_receiver();
        if (uart.irq_masked)
            mask_receive_irq(false);
        if (uart.head == uart.tail)
            return -1;
    }
    return uart.ring[uart.tail++ % RING_SIZE];
}

uint64_t uart_count_dropped(void)
{
    return uart.dropped;
}
