/* SPDX-License-Identifier: BSD-2-Clause */
/* Pages of device registers, or of memory that others write too: each access to them, of at most 32 bits, is told to what the test is,
   before a reading and after a writing. */
#ifndef TESTS_UNIT_FAKE_MMIO_H
#define TESTS_UNIT_FAKE_MMIO_H
#include <stdint.h>

/* A page of them, of 16 KiB; at most two. */
volatile uint32_t *fake_mmio_page(void);

/* The device: what is read there, and what was written there. offset: of the word, in bytes; page counts from 0. */
uint32_t mmio_read(unsigned page, uint32_t offset);
void mmio_write(unsigned page, uint32_t offset, uint32_t value);

/* Somebody else who writes too: what is there may become another word just before a writing, or a compare-exchange. A test that has none
   needs no such function. */
__attribute__((weak)) void mmio_race(unsigned page, uint32_t offset, uint32_t *word);

#endif
