/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/cpus.h"

#include "drivers/platform.h"
#include "kernel/sched.h"
#include "kernel/thread.h"
#include "lib/log.h"
#include "mm/kmap.h"
#include "x86/cpus.h"

static bool give_stacks(uint32_t number)
{
    struct cpu_stacks *stacks = cpu_stacks(number);

    return kmap_own((uint64_t)stacks->double_fault, IST_SIZE / GUARD_SIZE) &&
           kmap_own((uint64_t)stacks->nmi, IST_SIZE / GUARD_SIZE) &&
           kmap_own((uint64_t)stacks->machine_check, IST_SIZE / GUARD_SIZE) &&
           kmap_own((uint64_t)stacks->main, STACK_SIZE / GUARD_SIZE);
}

void cpus_start_others(void)
{
    if (platform.cpu_count == 1)
        return;
    platform_start_interrupts();
    cpus_set(&platform.cpus, sched_begin);
    for (uint32_t number = 1; number < platform.cpu_count; number++) {
        cpu_area[number].thread = THREAD_NONE;
        if (!give_stacks(number) || !platform.cpu_start(number)) {
            log_warn("CPU %u does not start: going on with %u", number, cpus_count);
            return;
        }
        cpus_count++;
    }
}
