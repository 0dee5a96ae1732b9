/* SPDX-License-Identifier: BSD-2-Clause */
#include "drivers/xen_cpus.h"

#include "drivers/cpu_up.h"
#include "lib/shm.h"
#include "mm/frame.h"
#include "mm/kmap.h"
#include "x86/cpus.h"
#include "xen/upcall.h"
#include "xen/vcpus.h"

/* A host may be busy; a CPU that is not up by then is stopped, which it is after a moment. */
#define UP_NS   1000000000ULL
#define STOP_NS 10000000ULL

bool xen_cpus_start(uint32_t number)
{
    if (!upcall_add_cpu(number) || vcpus_begin(number, (uint64_t)cpu_entry, (uint64_t)kmap_root() * FRAME_SIZE) < 0)
        return false;
    if (cpu_up_wait(number, UP_NS))
        return true;
    /* One that comes up before it stops has its number in the queue for the lock: then it has to go on. */
    (void)vcpus_stop(number);
    return cpu_up_wait(number, STOP_NS) && vcpus_go_on(number) == 0;
}

/* A wake that comes between the look and the poll ends the poll. */
void xen_cpus_wait(const uint32_t *word, uint32_t value)
{
    if (shm_read32(word) != value)
        upcall_poll();
}
