/* SPDX-License-Identifier: BSD-2-Clause */
/* The wait for a CPU that was told to start, whatever the host. */
#ifndef DRIVERS_CPU_UP_H
#define DRIVERS_CPU_UP_H
#include <stdbool.h>
#include <stdint.h>

/* Is that CPU up (cpus_is_up) now, or within so many nanoseconds? After clock_start. */
bool cpu_up_wait(uint32_t number, uint64_t patience_ns);

#endif
