/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver's own privileged instructions, which fault on the host: port accesses go to the device that the test is. */
#ifndef TESTS_UNIT_FAKE_CPU_H
#define TESTS_UNIT_FAKE_CPU_H
#include <stddef.h>
#include <stdint.h>
#include <ucontext.h>

/* From now on. */
void fake_cpu_start(void);

/* What the test is, of which it may leave out what it needs not; then the test ends with the fault. The device: a byte that is read, and a
   byte or a word (size 1 or 2) that is written. */
__attribute__((weak)) uint8_t port_read(uint16_t port);
__attribute__((weak)) void port_write(uint16_t port, uint16_t value, unsigned size);

/* The CPU, for any other instruction: how long it is, after what it does to the registers is done; 0: it is none of those. */
__attribute__((weak)) size_t cpu_execute(const uint8_t *insn, greg_t *regs);

#endif
