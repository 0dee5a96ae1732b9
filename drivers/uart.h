/* SPDX-License-Identifier: BSD-2-Clause */
/* The 16550 at COM1 (National Semiconductor PC16550D), polled for output, interrupt-driven wake-up for input. */
#ifndef DRIVERS_UART_H
#define DRIVERS_UART_H
#include <stddef.h>
#include <stdint.h>

/* How long output waits for a reader that takes nothing: a person may have paused it. */
#define UART_PATIENCE_NS 60000000000u

/* 115200 8n1, without FIFOs: a byte goes when the one before has gone, and none that comes is lost while the ring has room. No
   interrupts yet. */
void uart_init(void);

/* FIFOs on: sixteen bytes at a time. Of what comes in that very moment a byte is lost, so this is for a sender that begins with
   idle bytes. */
void uart_use_fifos(void);

/* Routes IRQ 4 and turns the receive interrupt on, so that input ends an idle sleep. After the APICs are up. */
void uart_irq_start(void);

/* Writes what the device takes within a few milliseconds: how many bytes. */
size_t uart_offer(const char *text, size_t size);

/* Writes all of it unless the device stalls: then what it does not take within the bound is dropped and counted. */
void uart_write(const char *text, size_t size);

/* One input byte 0..255, or -1 when none waits. */
int uart_read(void);

/* Bytes dropped so far: written to a stalled device, or overrun in its receiver. */
uint64_t uart_count_dropped(void);

#endif
