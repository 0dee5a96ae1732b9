/* SPDX-License-Identifier: BSD-2-Clause */
#include "xen/host.h"

#include <xen/features.h>
#include <xen/hvm/hvm_op.h>
#include <xen/hvm/params.h>
#include <xen/memory.h>
#include <xen/sched.h>
#include <xen/vcpu.h>
#include <xen/version.h>

#include "mm/frame.h"
#include "xen/hypercall.h"
#include "xen/judge.h"

_Static_assert(sizeof(struct xen_memory_range) == 20, "an e820 entry as XENMEM_memory_map writes it");
_Static_assert(XEN_SHUTDOWN_POWEROFF == SHUTDOWN_poweroff, "sched.h");
_Static_assert(XEN_SHUTDOWN_REBOOT == SHUTDOWN_reboot, "sched.h");
_Static_assert(XEN_SHUTDOWN_CRASH == SHUTDOWN_crash, "sched.h");

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

uint32_t xen_place_page(uint32_t space, uint32_t index)
{
    uint32_t frame = frame_alloc();
    struct xen_add_to_physmap add = { .domid = DOMID_SELF, .space = space, .idx = index, .gpfn = frame };

    if (frame == FRAME_NONE ||
        judge_zero(hypercall2(__HYPERVISOR_memory_op, XENMEM_add_to_physmap, (uint64_t)&add)) == 0)
        return frame;
    frame_free(frame);
    return FRAME_NONE;
}

struct shared_info *xen_shared_info(void)
{
    static struct shared_info *shared;
    uint32_t frame = shared ? FRAME_NONE : xen_place_page(XENMAPSPACE_shared_info, 0);

    if (frame != FRAME_NONE)
        shared = frame_memory(frame);
    return shared;
}

bool xen_has_feature(uint32_t feature)
{
    struct xen_feature_info info = { .submap_idx = 0 };
    int result = judge_zero(hypercall2(__HYPERVISOR_xen_version, XENVER_get_features, (uint64_t)&info));

    return result == 0 && (info.submap >> feature & 1);
}

int xen_get_param(uint32_t index, uint64_t *value)
{
    struct xen_hvm_param param = { .domid = DOMID_SELF, .index = index };
    int result = judge_zero(hypercall2(__HYPERVISOR_hvm_op, HVMOP_get_param, (uint64_t)&param));

    if (result == 0)
        *value = param.value;
    return result;
}

int xen_set_callback_vector(uint8_t vector)
{
    struct xen_hvm_param param = { .domid = DOMID_SELF,
                                   .index = HVM_PARAM_CALLBACK_IRQ,
                                   .value = (uint64_t)HVM_PARAM_CALLBACK_TYPE_VECTOR << 56 | vector };

    return judge_zero(hypercall2(__HYPERVISOR_hvm_op, HVMOP_set_param, (uint64_t)&param));
}

int xen_set_timer(uint32_t vcpu, uint64_t deadline_ns)
{
    struct vcpu_set_singleshot_timer timer = { .timeout_abs_ns = deadline_ns };

    return judge_zero(hypercall3(__HYPERVISOR_vcpu_op, VCPUOP_set_singleshot_timer, vcpu, (uint64_t)&timer));
}

int xen_poll_until(uint64_t deadline_ns)
{
    struct sched_poll poll = { .timeout = deadline_ns };

    return judge_zero(hypercall2(__HYPERVISOR_sched_op, SCHEDOP_poll, (uint64_t)&poll));
}

int xen_poll_port(uint32_t port)
{
    evtchn_port_t ports[1] = { port };
    struct sched_poll poll = { .nr_ports = 1 };

    set_xen_guest_handle(poll.ports, ports);
    return judge_zero(hypercall2(__HYPERVISOR_sched_op, SCHEDOP_poll, (uint64_t)&poll));
}

void xen_shutdown(enum xen_shutdown reason)
{
    struct sched_shutdown shutdown = { .reason = reason };

    (void)hypercall2(__HYPERVISOR_sched_op, SCHEDOP_shutdown, (uint64_t)&shutdown);
}
