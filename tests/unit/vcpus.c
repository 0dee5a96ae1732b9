/* SPDX-License-Identifier: BSD-2-Clause */
/* links: xen/vcpus.c */
/* Further virtual CPUs, with a Xen that has some, refuses, or answers with odd results (threat 17). */
#include "xen/vcpus.h"

#include <linux/errno.h>
#include <string.h>
#include <xen/xen.h>

#include <xen/hvm/hvm_vcpu.h>
#include <xen/vcpu.h>

#include "check.h"
#include "xen/hypercall.h"

/* The fake Xen: how many there are, which was set up and which runs, and what it answers instead. */
enum { ALL = 32 };
static uint32_t existing, calls;
static int64_t answer_is_up, answer_initialise, answer_up;
static bool is_set_up[ALL], is_up[ALL];
static struct vcpu_hvm_context context;

static int64_t initialise(uint64_t vcpu, uint64_t arg)
{
    if (answer_initialise != 0)
        return answer_initialise;
    if (is_set_up[vcpu])
        return -EEXIST;
    memcpy(&context, (const void *)arg, sizeof(context));
    is_set_up[vcpu] = true;
    return 0;
}

int64_t hypercall3(uint32_t number, uint64_t a, uint64_t b, uint64_t c)
{
    CHECK_EQ(number, __HYPERVISOR_vcpu_op);
    calls++;
    if (b >= existing)
        return -ENOENT;
    if (a == VCPUOP_is_up)
        return answer_is_up != 0 ? answer_is_up : is_up[b];
    if (a == VCPUOP_initialise)
        return initialise(b, c);
    CHECK(is_set_up[b] && c == 0);
    if (answer_up == 0)
        is_up[b] = a == VCPUOP_up;
    CHECK(a == VCPUOP_up || a == VCPUOP_down);
    return answer_up;
}

static void check_number(void)
{
    static const int64_t odd[] = { -EPERM, -ENOSYS, 2, 1ll << 32, INT64_MIN, INT64_MAX };

    for (existing = 1; existing <= ALL; existing++)
        CHECK_EQ(vcpus_count(8), existing < 8 ? existing : 8);
    CHECK_EQ(vcpus_count(1), 1);
    for (uint32_t k = 0; k < sizeof(odd) / sizeof(odd[0]); k++) {
        answer_is_up = odd[k];
        CHECK_EQ(vcpus_count(8), 1);
    }
    answer_is_up = 0;
}

static void check_begin(void)
{
    const struct vcpu_hvm_x86_64 *regs = &context.cpu_regs.x86_64;

    existing = 4;
    CHECK_EQ(vcpus_begin(3, 0xffffffff80101000, 0x123000), 0);
    CHECK(is_up[3] && !is_up[1] && !is_up[2]);
    CHECK_EQ(context.mode, VCPU_HVM_MODE_64B);
    CHECK(regs->rip == 0xffffffff80101000 && regs->rsp == 0 && regs->rdi == 3 && regs->cr3 == 0x123000);
    CHECK_EQ(regs->rflags, 2); /* no interrupts */
    /* as boot/entry.S has them: paging and its protection */
    CHECK(regs->cr0 == 0x80010031 && regs->cr4 == 0x20 && regs->efer == 0x901);
    CHECK_EQ(vcpus_count(8), 4);
    CHECK_EQ(vcpus_begin(3, 0, 0), -EEXIST);
    CHECK_EQ(vcpus_begin(4, 0, 0), -ENOENT);
    CHECK(vcpus_stop(3) == 0 && !is_up[3]);
    CHECK(vcpus_go_on(3) == 0 && is_up[3]);
}

/* One that is refused does not run, and Xen is not asked on. */
static void check_refused(void)
{
    static const struct {
        int64_t answer;
        int result;
    } odd[] = { { 1, -EIO }, { -ENOMEM, -ENOMEM }, { -4096, -EIO }, { INT64_MIN, -EIO }, { 1ll << 32, -EIO } };

    for (uint32_t k = 0; k < sizeof(odd) / sizeof(odd[0]); k++) {
        answer_initialise = odd[k].answer;
        calls = 0;
        CHECK_EQ(vcpus_begin(1, 0, 0), odd[k].result);
        CHECK(calls == 1 && !is_up[1]);
        answer_initialise = 0;
        answer_up = odd[k].answer;
        is_set_up[2] = false;
        CHECK_EQ(vcpus_begin(2, 0, 0), odd[k].result);
        CHECK(!is_up[2]);
        CHECK(vcpus_stop(3) == odd[k].result && is_up[3]);
        answer_up = 0;
    }
}

int main(void)
{
    check_number();
    check_begin();
    check_refused();
    return check_done();
}
