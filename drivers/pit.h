/* SPDX-License-Identifier: BSD-2-Clause */
/* Channel 0 of the 8254 timer as a free-running 16-bit counter; its interrupt stays masked. */
#ifndef DRIVERS_PIT_H
#define DRIVERS_PIT_H
#include <stdbool.h>
#include <stdint.h>

#define PIT_HZ 1193182u

/* The counter at one moment between two TSC readings. */
struct pit_mark {
    uint64_t tsc_before, tsc_after;
    uint16_t ticks; /* since pit_start, modulo 65536 */
    bool wrapped;   /* 65536 ticks, 54.9 ms, have passed; also when there is no PIT */
};

/* Starts counting from 0; the mark is of that moment. Three port writes. */
struct pit_mark pit_start(void);

/* Reads the counter. Four port accesses. */
struct pit_mark pit_read(void);

#endif
