/* SPDX-License-Identifier: BSD-2-Clause */
#include "drivers/cpu_up.h"

#include "drivers/clock.h"
#include "x86/cpu.h"
#include "x86/cpus.h"

#define STEP_NS 1000000ULL

/* Where the host can be asked to, the physical CPU is given up meanwhile: the other one may need it. */
bool cpu_up_wait(uint32_t number, uint64_t patience_ns)
{
    uint64_t end = clock_read_monotonic() + patience_ns;

    while (!cpus_is_up(number) && clock_read_monotonic() < end)
        if (!clock_pause(STEP_NS))
            cpu_pause();
    return cpus_is_up(number);
}
