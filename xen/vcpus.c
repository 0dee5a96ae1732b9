/* SPDX-License-Identifier: BSD-2-Clause */
#include "xen/vcpus.h"

#include <xen/xen.h>

#include <xen/hvm/hvm_vcpu.h>
#include <xen/vcpu.h>

#include "xen/hypercall.h"
#include "xen/judge.h"

/* What boot/entry.S gives the first CPU (SDM volume 3, 2.5 and 2.2.1): paging, write protection also of ring 0, native x87
   errors; PAE; long mode, no-execute and syscall. x86/cpu.c does the rest on each CPU. */
enum { CR0_PE_ET_NE = 0x31, CR4_PAE = 0x20, EFER_SCE_LME_NXE = 0x901, RFLAGS_FIXED = 2 };
#define CR0_PG_WP 0x80010000u

#include "spec/vcpus.acsl"

/*@ requires room: max >= 1;
    terminates \true; exits \false; assigns ghost_now;
    ensures range: 1 <= \result <= max;
    ensures asked: VcpusThere(\old(ghost_now), \result);
    ensures next: \result < max ==> VcpuAsked(\old(ghost_now) + \result - 1, \result)
      && XenCount(IoValue(\old(ghost_now) + \result - 1), 1) < 0; */
uint32_t vcpus_count(uint32_t max)
{
    uint32_t count = 1;

    /*@ loop invariant range: 1 <= count <= max && ghost_now == \at(ghost_now, Pre) + count - 1;
        loop invariant there: VcpusThere(\at(ghost_now, Pre), count);
        loop assigns count, ghost_now; loop variant max - count; */
    while (count < max && judge_count(hypercall3(__HYPERVISOR_vcpu_op, VCPUOP_is_up, count, 0), 1) >= 0) {
        /*@ assert there: VcpuThere(\at(ghost_now, Pre), count); */
        count++;
    }
    return count;
}

int vcpus_begin(uint32_t vcpu, uint64_t entry, uint64_t cr3)
{
    struct vcpu_hvm_context context = { .mode = VCPU_HVM_MODE_64B };
    int result;

    context.cpu_regs.x86_64 = (struct vcpu_hvm_x86_64){ .rip = entry,
                                                        .rdi = vcpu,
                                                        .rflags = RFLAGS_FIXED,
                                                        .cr0 = CR0_PG_WP | CR0_PE_ET_NE,
                                                        .cr3 = cr3,
                                                        .cr4 = CR4_PAE,
                                                        .efer = EFER_SCE_LME_NXE };
    result = judge_zero(hypercall3(__HYPERVISOR_vcpu_op, VCPUOP_initialise, vcpu, (uint64_t)&context));
    return result < 0 ? result : vcpus_go_on(vcpu);
}

/*@ terminates \true; exits \false; assigns ghost_now;
    ensures asked: ghost_now == \old(ghost_now) + 1
      && XenCalled(\old(ghost_now), __HYPERVISOR_vcpu_op, VCPUOP_down, vcpu, 0);
    ensures status: \result == XenStatus(IoValue(\old(ghost_now))); */
int vcpus_stop(uint32_t vcpu)
{
    return judge_zero(hypercall3(__HYPERVISOR_vcpu_op, VCPUOP_down, vcpu, 0));
}

/*@ terminates \true; exits \false; assigns ghost_now;
    ensures asked: ghost_now == \old(ghost_now) + 1
      && XenCalled(\old(ghost_now), __HYPERVISOR_vcpu_op, VCPUOP_up, vcpu, 0);
    ensures status: \result == XenStatus(IoValue(\old(ghost_now))); */
int vcpus_go_on(uint32_t vcpu)
{
    return judge_zero(hypercall3(__HYPERVISOR_vcpu_op, VCPUOP_up, vcpu, 0));
}
