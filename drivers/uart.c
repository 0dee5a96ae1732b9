/* SPDX-License-Identifier: BSD-2-Clause */
#include "drivers/uart.h"

#include <stdbool.h>

#include "lib/wrap.h"
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

#include "spec/uart.acsl"

/* True when the transmitter is empty; false when the patience ran out. */
/*@ requires patience: patience > 0;
    terminates \true; exits \false; assigns ghost_now;
    ensures time: \old(ghost_now) < ghost_now <= \old(ghost_now) + patience && UartQuiet(\old(ghost_now), ghost_now);
    ensures writable: \result ==> UartWritable(ghost_now - 1) && UartBusy(\old(ghost_now), ghost_now - 1);
    ensures stalled: !\result ==> UartBusy(\old(ghost_now), ghost_now) && ghost_now == \old(ghost_now) + patience; */
static bool wait_writable(uint32_t patience)
{
    /*@ loop invariant range: patience > 0 && ghost_now + patience == \at(ghost_now + patience, Pre);
        loop invariant busy: ghost_now >= \at(ghost_now, Pre) && UartBusy(\at(ghost_now, Pre), ghost_now);
        loop invariant quiet: UartQuiet(\at(ghost_now, Pre), ghost_now);
        loop assigns patience, ghost_now; loop variant patience; */
    while (!(in8(UART_LSR) & LSR_THR_EMPTY)) {
        if (--patience == 0)
            return false;
        cpu_pause();
    }
    return true;
}

/* How many bytes the device took, with that patience for each burst. */
/*@ requires text: \valid_read(text + (0 .. size - 1)) && patience > 0 && uart.burst > 0;
    terminates \true; exits \false; assigns ghost_now;
    ensures done: \result == UartOuts(\old(ghost_now), ghost_now) <= size;
    ensures sent: UartSent(\old(ghost_now), ghost_now, text);
    ensures paced: UartPaced(\old(ghost_now), ghost_now);
    ensures stalled: \result < size ==> ghost_now >= \old(ghost_now) + patience
      && UartBusy(ghost_now - patience, ghost_now); */
static size_t write_bytes(const char *text, size_t size, uint32_t patience)
{
    size_t done = 0;

    /*@ loop invariant done: done == UartOuts(\at(ghost_now, Pre), ghost_now) <= size && ghost_now >= \at(ghost_now, Pre);
        loop invariant sent: UartSent(\at(ghost_now, Pre), ghost_now, text);
        loop invariant paced: UartPaced(\at(ghost_now, Pre), ghost_now);
        loop assigns done, ghost_now; loop variant size - done; */
    while (done < size && wait_writable(patience)) {
        size_t end = size - done > uart.burst ? done + uart.burst : size;

        /*@ ghost uint64_t first = done; */
        /*@ ghost uint64_t seen = ghost_now - 1; */
        /*@ loop invariant done: first <= done <= end && done == UartOuts(\at(ghost_now, Pre), ghost_now);
            loop invariant time: ghost_now == seen + 1 + done - first;
            loop invariant sent: UartSent(\at(ghost_now, Pre), ghost_now, text);
            loop invariant paced: UartPaced(\at(ghost_now, Pre), ghost_now);
            loop assigns done, ghost_now; loop variant end - done; */
        for (; done < end; done++)
            out8(UART_DATA, (uint8_t)text[done]);
    }
    return done;
}

/*@ requires text: \valid_read(text + (0 .. size - 1)) && (uart.present ==> uart.burst > 0);
    terminates \true; exits \false; assigns ghost_now, uart.stalled;
    ensures absent: !uart.present ==> \result == size && ghost_now == \old(ghost_now);
    ensures sent: uart.present ==> \result == UartOuts(\old(ghost_now), ghost_now) <= size
      && UartSent(\old(ghost_now), ghost_now, text) && UartPaced(\old(ghost_now), ghost_now);
    ensures late: \result < size ==> UartBusy(ghost_now - PATIENCE_OFFER, ghost_now);
    ensures stalled: uart.stalled <==> \old(uart.stalled) && \result == 0; */
size_t uart_offer(const char *text, size_t size)
{
    size_t done = uart.present ? write_bytes(text, size, PATIENCE_OFFER) : size;

    if (done > 0)
        uart.stalled = false;
    return done;
}

/*@ requires text: \valid_read(text + (0 .. size - 1)) && (uart.present ==> uart.burst > 0);
    terminates \true; exits \false; assigns ghost_now, uart.stalled, uart.dropped;
    ensures absent: !uart.present ==> ghost_now == \old(ghost_now) && uart.dropped == \old(uart.dropped);
    ensures sent: uart.present ==> UartSent(\old(ghost_now), ghost_now, text) && UartPaced(\old(ghost_now), ghost_now)
      && UartOuts(\old(ghost_now), ghost_now) <= size;
    ensures dropped: uart.present ==>
      uart.dropped == (uint64_t)(\old(uart.dropped) + size - UartOuts(\old(ghost_now), ghost_now));
    ensures stalled: uart.present ==> (uart.stalled <==> UartOuts(\old(ghost_now), ghost_now) < size);
    ensures late: uart.present && uart.stalled ==>
      UartBusy(ghost_now - (\old(uart.stalled) ? PATIENCE_STALLED : PATIENCE_LINE), ghost_now); */
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
/*@ terminates \true; exits \false; assigns ghost_now, uart.dropped, uart.head, uart.ring[0 .. RING_SIZE - 1];
    ensures asked: PortIn8(\old(ghost_now), UART_LSR);
    ensures overrun: uart.dropped
      == (uint64_t)(\old(uart.dropped) + ((IoValue(\old(ghost_now)) & LSR_OVERRUN) != 0 ? 1 : 0));
    ensures none: !\result ==> (IoValue(\old(ghost_now)) & LSR_DATA) == 0 && ghost_now == \old(ghost_now) + 1
      && uart.head == \old(uart.head) && UartRingKept{Pre, Post}(-1);
    ensures taken: \result ==> UartTakes(\old(ghost_now)) && ghost_now == \old(ghost_now) + 2
      && uart.head == WrapAdd(\old(uart.head), 1) && UartRingKept{Pre, Post}(\old(uart.head) % RING_SIZE)
      && uart.ring[\old(uart.head) % RING_SIZE] == IoValue(\old(ghost_now) + 1); */
static bool take_byte(void)
{
    uint8_t status = in8(UART_LSR);

    if (status & LSR_OVERRUN)
        uart.dropped++;
    if (!(status & LSR_DATA))
        return false;
    uart.ring[uart.head % RING_SIZE] = in8(UART_DATA);
    uart.head = wrap_add(uart.head, 1);
    return true;
}

/* What the ring has no room for stays in the device: QEMU then holds its source back and nothing is lost; a real line
   overruns, which is counted. */
/*@ requires room: UartWaiting <= RING_SIZE;
    terminates \true; exits \false; assigns ghost_now, uart.dropped, uart.head, uart.ring[0 .. RING_SIZE - 1];
    ensures room: UartWaiting <= RING_SIZE;
    ensures kept: UartWaitingKept{Pre, Post};
    ensures drained: UartDrained{Pre, Post}(\old(ghost_now)); */
static void drain_receiver(void)
{
    bool more = true;

    /*@ ghost uint32_t n = 0; */
    /*@ loop invariant room: n <= RING_SIZE && UartWaiting == UartWaiting{Pre} + n <= RING_SIZE;
        loop invariant kept: UartWaitingKept{Pre, Here};
        loop invariant came: UartCame{Pre, Here}(\at(ghost_now, Pre), n);
        loop invariant more: more ==> ghost_now == \at(ghost_now, Pre) + 2 * n;
        loop invariant empty: !more ==> ghost_now == \at(ghost_now, Pre) + 2 * n + 1 && UartWaiting < RING_SIZE
          && PortIn8(ghost_now - 1, UART_LSR) && (IoValue(ghost_now - 1) & LSR_DATA) == 0;
        loop assigns more, n, ghost_now, uart.dropped, uart.head, uart.ring[0 .. RING_SIZE - 1];
        loop variant RING_SIZE - n + (more ? 1 : 0); */
    while (more && wrap_sub(uart.head, uart.tail) < RING_SIZE) {
        /*@ assert slot: uart.head % RING_SIZE == UartSlot(\at(uart.head, Pre), n); */
        /*@ assert place: uart.head % RING_SIZE == UartSlot(uart.tail, UartWaiting{Pre} + n); */
        /*@ assert new: \forall integer k; 0 <= k < n ==> UartSlot(\at(uart.head, Pre), k) != uart.head % RING_SIZE; */
        /*@ assert old: \forall integer i; 0 <= i < UartWaiting{Pre} ==> UartSlot(uart.tail, i) != uart.head % RING_SIZE; */
        more = take_byte();
        /*@ ghost n += more ? 1 : 0; */
    }
}

/*@ terminates \true; exits \false; assigns ghost_now, uart.irq_masked;
    ensures noted: uart.irq_masked <==> masked;
    ensures told: ghost_now == \old(ghost_now) + 1 && PortOut8(\old(ghost_now), UART_IER, masked ? 0 : IER_RECEIVE); */
static void mask_receive_irq(bool masked)
{
    uart.irq_masked = masked;
    out8(UART_IER, masked ? 0 : IER_RECEIVE);
}

static void handle_irq(void)
{
    drain_receiver();
    /* With a full ring the line would stay high, and an edge-triggered line that stays high never interrupts again. */
    if (wrap_sub(uart.head, uart.tail) == RING_SIZE)
        mask_receive_irq(true);
    irq_events++;
    apic_eoi();
}

/*@ terminates \true; exits \false; assigns ghost_now, uart.present, uart.burst;
    ensures asked: PortIn8(\old(ghost_now), UART_LSR) && (uart.present <==> IoValue(\old(ghost_now)) != LSR_ABSENT);
    ensures absent: !uart.present ==> ghost_now == \old(ghost_now) + 1;
    ensures rate: uart.present ==> ghost_now == \old(ghost_now) + 7 && PortOut8(\old(ghost_now) + 1, UART_LCR, LCR_DIVISOR)
      && PortOut8(\old(ghost_now) + 2, UART_DATA, DIVISOR_115200) && PortOut8(\old(ghost_now) + 3, UART_IER, 0);
    ensures mode: uart.present ==> PortOut8(\old(ghost_now) + 4, UART_LCR, LCR_8N1)
      && PortOut8(\old(ghost_now) + 5, UART_IER, 0) && PortOut8(\old(ghost_now) + 6, UART_MCR, MCR_DTR_RTS_OUT2);
    ensures burst: uart.present ==> uart.burst == 1; */
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

/*@ requires room: UartWaiting < RING_SIZE;
    terminates \true; exits \false;
    assigns ghost_now, uart.dropped, uart.head, uart.ring[0 .. RING_SIZE - 1], uart.burst;
    ensures absent: !uart.present ==> ghost_now == \old(ghost_now) && uart.head == \old(uart.head)
      && UartRingKept{Pre, Post}(-1);
    ensures kept: UartWaitingKept{Pre, Post};
    ensures taken: uart.present && (IoValue(\old(ghost_now)) & LSR_DATA) != 0 ==>
      UartCame{Pre, Post}(\old(ghost_now), 1);
    ensures switched: uart.present ==> uart.burst == FIFO_SIZE
      && PortOut8(ghost_now - 1, UART_FCR, FCR_ON_RESET_AT_14); */
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

/*@ requires room: UartWaiting <= RING_SIZE;
    terminates \true; exits \false;
    assigns ghost_now, uart.dropped, uart.head, uart.tail, uart.ring[0 .. RING_SIZE - 1], uart.irq_masked;
    ensures room: UartWaiting <= RING_SIZE;
    ensures absent: !uart.present ==> \result == -1 && uart.tail == \old(uart.tail) && uart.head == \old(uart.head);
    ensures none: \result == -1 ==> uart.tail == \old(uart.tail);
    ensures waited: uart.present && UartWaiting{Pre} > 0 ==> ghost_now == \old(ghost_now)
      && uart.head == \old(uart.head) && UartRingKept{Pre, Post}(-1);
    ensures drained: uart.present && UartWaiting{Pre} == 0 ==> !uart.irq_masked;
    ensures none_came: uart.present && \result == -1 ==> uart.head == uart.tail
      && PortIn8(\old(ghost_now), UART_LSR) && (IoValue(\old(ghost_now)) & LSR_DATA) == 0;
    ensures came: uart.present && UartWaiting{Pre} == 0 && \result != -1 ==>
      UartTakes(\old(ghost_now)) && \result == IoValue(\old(ghost_now) + 1);
    ensures byte: \result != -1 ==> \result == uart.ring[\old(uart.tail) % RING_SIZE]
      && uart.tail == WrapAdd(\old(uart.tail), 1); */
int uart_read(void)
{
    uint8_t byte;

    if (!uart.present)
        return -1;
    if (uart.head == uart.tail) {
        drain_receiver();
        if (uart.irq_masked)
            mask_receive_irq(false);
        if (uart.head == uart.tail)
            return -1;
        /*@ assert first: UartTakes(\at(ghost_now, Pre))
              && uart.ring[UartSlot(uart.tail, 0)] == IoValue(\at(ghost_now, Pre) + 1); */
    }
    byte = uart.ring[uart.tail % RING_SIZE];
    uart.tail = wrap_add(uart.tail, 1);
    return byte;
}

/*@ terminates \true; exits \false; assigns \nothing; ensures count: \result == uart.dropped; */
uint64_t uart_count_dropped(void)
{
    return uart.dropped;
}
