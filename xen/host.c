/* SPDX-License-Identifier: BSD-2-Clause */
#include "xen/host.h"

#include <linux/errno.h>
#include <xen/memory.h>
#include <xen/sched.h>
#include <xen/version.h>

#include "mm/frame.h"
#include "xen/hypercall.h"

_Static_assert(sizeof(struct xen_memory_range) == 20, "an e820 entry as XENMEM_memory_map writes it");
_Static_assert(XEN_SHUTDOWN_POWEROFF == SHUTDOWN_poweroff, "sched.h");
_Static_assert(XEN_SHUTDOWN_REBOOT == SHUTDOWN_reboot, "sched.h");
_Static_assert(XEN_SHUTDOWN_CRASH == SHUTDOWN_crash, "sched.h");

/* Xen's error numbers are Linux's for all calls used here (xen/errno.h). A call whose only success is 0 never counts a
   positive result as one (XSA-316). */
static int judge_zero(int64_t result)
{
    if (result == 0)
        return 0;
    return result < 0 && result > -4096 ? (int)result : -EIO;
}

static int64_t judge_count(int64_t result, uint64_t limit)
{
    if (result < 0)
        return result > -4096 ? result : -EIO;
    return (uint64_t)result <= limit ? result : -EIO;
}

uint32_t xen_version(void)
{
    int64_t version = hypercall2(__HYPERVISOR_xen_version, XENVER_version, 0);

    return version > 0 && version <= 0x7fffffff ? (uint32_t)version : 0;
}

int xen_console_write(const char *text, size_t size)
{
    return judge_zero(hypercall3(__HYPERVISOR_console_io, CONSOLEIO_write, size, (uint64_t)text));
}

int64_t xen_console_read(char *dst, size_t size)
{
    return judge_count(hypercall3(__HYPERVISOR_console_io, CONSOLEIO_read, size, (uint64_t)dst), size);
}

int64_t xen_memory_map(struct xen_memory_range *ranges, uint32_t max)
{
    struct xen_memory_map map = { .nr_entries = max };
    int result;

    set_xen_guest_handle(map.buffer, ranges);
    result = judge_zero(hypercall2(__HYPERVISOR_memory_op, XENMEM_memory_map, (uint64_t)&map));
    return result < 0 ? result : judge_count(map.nr_entries, max);
}

const struct shared_info *xen_map_shared_info(void)
{
    uint32_t frame = frame_alloc();
    struct xen_add_to_physmap add = { .domid = DOMID_SELF, .space = XENMAPSPACE_shared_info, .gpfn = frame };

    if (frame == FRAME_NONE)
        return NULL;
    if (judge_zero(hypercall2(__HYPERVISOR_memory_op, XENMEM_add_to_physmap, (uint64_t)&add)) < 0) {
        frame_free(frame);
        return NULL;
    }
    return frame_memory(frame);
}

int xen_poll_until(uint64_t deadline_ns)
{
    struct sched_poll poll = { .timeout = deadline_ns };

    return judge_zero(hypercall2(__HYPERVISOR_sched_op, SCHEDOP_poll, (uint64_t)&poll));
}

void xen_shutdown(enum xen_shutdown reason)
{
    struct sched_shutdown shutdown = { .reason = reason };

    (void)hypercall2(__HYPERVISOR_sched_op, SCHEDOP_shutdown, (uint64_t)&shutdown);
}
