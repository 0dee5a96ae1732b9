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

/*@ terminates \true; exits \false; assigns ghost_now;
    ensures asked: ghost_now == \old(ghost_now) + 1
      && XenCalled(\old(ghost_now), __HYPERVISOR_xen_version, XENVER_version, 0, 0);
    ensures version: \result == (0 <= IoValue(\old(ghost_now)) <= 0x7fffffff ? IoValue(\old(ghost_now)) : 0); */
uint32_t xen_version(void)
{
    int64_t version = hypercall2(__HYPERVISOR_xen_version, XENVER_version, 0);

    return version > 0 && version <= 0x7fffffff ? (uint32_t)version : 0;
}

/*@ terminates \true; exits \false; assigns ghost_now;
    ensures asked: ghost_now == \old(ghost_now) + 1
      && XenCalled(\old(ghost_now), __HYPERVISOR_console_io, CONSOLEIO_write, size, (uint64_t)text);
    ensures status: \result == XenStatus(IoValue(\old(ghost_now))); */
int xen_console_write(const char *text, size_t size)
{
    return judge_zero(hypercall3(__HYPERVISOR_console_io, CONSOLEIO_write, size, (uint64_t)text));
}

/*@ requires dst: size <= 0x7fffffffffffffff && \valid(dst + (0 .. size - 1))
      && \separated(dst + (0 .. size - 1), &ghost_now);
    terminates \true; exits \false; assigns ghost_now, dst[0 .. size - 1];
    ensures asked: ghost_now == \old(ghost_now) + 1
      && XenCalled(\old(ghost_now), __HYPERVISOR_console_io, CONSOLEIO_read, size, (uint64_t)dst);
    ensures count: \result == XenCount(IoValue(\old(ghost_now)), size); */
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
    return result < 0 ? result : judge_count(shm_read32(&map.nr_entries), max);
}

/*@ requires good: FramesGood;
    terminates \true; exits \false;
    assigns ghost_now, frame_pool[0 .. FRAME_POOLS_MAX - 1], frame_state[0 .. frame_end - 1], frame_kind[0 .. frame_end - 1],
      frame_stack[0 .. frame_end - 1], direct_map[0 .. frame_end - 1], ghost_use[0 .. FRAME_MAX - 1],
      ghost_place[0 .. FRAME_MAX - 1], ghost_at[0 .. FRAME_MAX - 1];
    ensures good: FramesGood;
    ensures asked: ghost_now == \old(ghost_now)
      || (ghost_now == \old(ghost_now) + 1 && XenAsked(\old(ghost_now), __HYPERVISOR_memory_op, XENMEM_add_to_physmap));
    ensures none: ghost_now == \old(ghost_now) <==> FramesFull{Pre};
    ensures placed: \result != FRAME_NONE <==> !FramesFull{Pre} && IoValue(\old(ghost_now)) == 0;
    ensures taken: \result != FRAME_NONE ==> \result < frame_end && !FrameHeld{Pre}(\result) && FrameHeld(\result)
      && FrameOwned(\result);
    ensures others: \result != FRAME_NONE ==> FrameOthersKept{Pre, Post}(\result) && FrameMemoryKept{Pre, Post}(\result); */
uint32_t xen_place_page(uint32_t space, uint32_t index)
{
    uint32_t frame = frame_alloc();
    struct xen_add_to_physmap add = { .domid = DOMID_SELF, .space = space, .idx = index, .gpfn = frame };

    if (frame == FRAME_NONE ||
        judge_zero(hypercall2(__HYPERVISOR_memory_op, XENMEM_add_to_physmap, (uint64_t)&add)) == 0)
        return frame;
    /*@ assert given: XenGiven(ghost_now - 1, (uint64_t)&add) && add.domid == DOMID_SELF && add.space == space
          && add.idx == index && add.gpfn == frame; */
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

/*@ requires word: feature < 32;
    terminates \true; exits \false; assigns ghost_now;
    ensures asked: XenAsked(\old(ghost_now), __HYPERVISOR_xen_version, XENVER_get_features);
    ensures offers: \result <==> IoValue(\old(ghost_now)) == 0 && ((IoValue(\old(ghost_now) + 1) >> feature) & 1) == 1; */
bool xen_has_feature(uint32_t feature)
{
    struct xen_feature_info info = { .submap_idx = 0 };
    int result = judge_zero(hypercall2(__HYPERVISOR_xen_version, XENVER_get_features, (uint64_t)&info));

    /*@ assert given: XenGiven(ghost_now - 1, (uint64_t)&info) && info.submap_idx == 0; */
    return result == 0 && (shm_read32(&info.submap) >> feature & 1);
}

/*@ requires value: \valid(value) && \separated(value, &ghost_now);
    terminates \true; exits \false; assigns ghost_now, *value;
    ensures asked: XenAsked(\old(ghost_now), __HYPERVISOR_hvm_op, HVMOP_get_param);
    ensures status: \result == XenStatus(IoValue(\old(ghost_now)));
    ensures value: *value == (\result == 0 ? IoValue(\old(ghost_now) + 1) : \old(*value)); */
int xen_get_param(uint32_t index, uint64_t *value)
{
    struct xen_hvm_param param = { .domid = DOMID_SELF, .index = index };
    int result = judge_zero(hypercall2(__HYPERVISOR_hvm_op, HVMOP_get_param, (uint64_t)&param));

    /*@ assert given: XenGiven(ghost_now - 1, (uint64_t)&param) && param.domid == DOMID_SELF && param.index == index; */
    if (result == 0)
        *value = shm_read64(&param.value);
    return result;
}

/*@ terminates \true; exits \false; assigns ghost_now;
    ensures asked: ghost_now == \old(ghost_now) + 1
      && XenAsked(\old(ghost_now), __HYPERVISOR_hvm_op, HVMOP_set_param);
    ensures status: \result == XenStatus(IoValue(\old(ghost_now))); */
int xen_set_callback_vector(uint8_t vector)
{
    struct xen_hvm_param param = { .domid = DOMID_SELF,
                                   .index = HVM_PARAM_CALLBACK_IRQ,
                                   .value = ((uint64_t)HVM_PARAM_CALLBACK_TYPE_VECTOR << 56) + vector };

    int result = judge_zero(hypercall2(__HYPERVISOR_hvm_op, HVMOP_set_param, (uint64_t)&param));

    /*@ assert given: XenGiven(ghost_now - 1, (uint64_t)&param) && param.domid == DOMID_SELF
          && param.index == HVM_PARAM_CALLBACK_IRQ && param.value == 0x200000000000000 + vector; */
    return result;
}

/*@ terminates \true; exits \false; assigns ghost_now;
    ensures asked: ghost_now == \old(ghost_now) + 1 && XenNumber(\old(ghost_now)) == __HYPERVISOR_vcpu_op
      && XenAsked(\old(ghost_now), __HYPERVISOR_vcpu_op, VCPUOP_set_singleshot_timer)
      && XenArgument(\old(ghost_now), 1) == vcpu;
    ensures status: \result == XenStatus(IoValue(\old(ghost_now))); */
int xen_set_timer(uint32_t vcpu, uint64_t deadline_ns)
{
    struct vcpu_set_singleshot_timer timer = { .timeout_abs_ns = deadline_ns };

    int result = judge_zero(hypercall3(__HYPERVISOR_vcpu_op, VCPUOP_set_singleshot_timer, vcpu, (uint64_t)&timer));

    /*@ assert given: XenArgument(ghost_now - 1, 2) == (uint64_t)&timer && timer.timeout_abs_ns == deadline_ns
          && timer.flags == 0; */
    return result;
}

/*@ terminates \false; exits \false; assigns ghost_now;
    ensures asked: ghost_now == \old(ghost_now) + 1 && XenAsked(\old(ghost_now), __HYPERVISOR_sched_op, SCHEDOP_poll);
    ensures status: \result == XenStatus(IoValue(\old(ghost_now))); */
int xen_poll_until(uint64_t deadline_ns)
{
    struct sched_poll poll = { .timeout = deadline_ns };
    int result = judge_zero(hypercall2(__HYPERVISOR_sched_op, SCHEDOP_poll, (uint64_t)&poll));

    /*@ assert given: XenGiven(ghost_now - 1, (uint64_t)&poll) && poll.nr_ports == 0 && poll.timeout == deadline_ns; */
    return result;
}

/*@ terminates \false; exits \false; assigns ghost_now;
    ensures asked: ghost_now == \old(ghost_now) + 1 && XenAsked(\old(ghost_now), __HYPERVISOR_sched_op, SCHEDOP_poll);
    ensures status: \result == XenStatus(IoValue(\old(ghost_now))); */
int xen_poll_port(uint32_t port)
{
    evtchn_port_t ports[1] = { port };
    struct sched_poll poll = { .nr_ports = 1 };
    int result;

    set_xen_guest_handle(poll.ports, ports);
    result = judge_zero(hypercall2(__HYPERVISOR_sched_op, SCHEDOP_poll, (uint64_t)&poll));
    /*@ assert given: XenGiven(ghost_now - 1, (uint64_t)&poll) && poll.nr_ports == 1 && poll.timeout == 0
          && poll.ports.p == &ports[0] && ports[0] == port; */
    return result;
}

/*@ terminates \false; exits \false; assigns ghost_now;
    ensures asked: ghost_now == \old(ghost_now) + 1
      && XenAsked(\old(ghost_now), __HYPERVISOR_sched_op, SCHEDOP_shutdown); */
void xen_shutdown(enum xen_shutdown reason)
{
    struct sched_shutdown shutdown = { .reason = reason };

    (void)hypercall2(__HYPERVISOR_sched_op, SCHEDOP_shutdown, (uint64_t)&shutdown);
    /*@ assert given: XenGiven(ghost_now - 1, (uint64_t)&shutdown) && shutdown.reason == reason; */
}
