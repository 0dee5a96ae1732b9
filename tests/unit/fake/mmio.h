/* SPDX-License-Identifier: BSD-2-Clause */
/* Pages of device registers: each access of 32 bits to them is told to the device that the test is, before a reading and after a
   writing. */
#ifndef TESTS_UNIT_FAKE_MMIO_H
#define TESTS_UNIT_FAKE_MMIO_H
#include <stdint.h>

/* A page of registers; at most two of them. */
volatile uint32_t *fake_mmio_page(void);

/* The device: what is read there, and what was written there. offset in bytes; page counts from 0. */
uint32_t mmio_read(unsigned page, uint32_t offset);
void mmio_write(unsigned page, uint32_t offset, uint32_t value);

#endif
