/* SPDX-License-Identifier: BSD-2-Clause */
/* Xen offers a page of code for its calls; since XSA-466 guests use the instruction itself, so no page is executable that
   the kernel did not bring. */
#include "xen/hypercall.h"

#include <xen/arch-x86/cpuid.h>

#include "x86/cpu.h"

/* Xen's leaves come first, or behind Hyper-V's when it shows those too (xen/arch/x86/cpuid.c, guest_cpuid). */
enum { XEN_LEAF_BEHIND_HYPERV = XEN_CPUID_FIRST_LEAF + 0x100 };
enum { VENDOR_EBX_AMD = 0x68747541, VENDOR_EBX_HYGON = 0x6f677948 };

/* Leaf 4 of Xen's (arch-x86/cpuid.h), the time leaf. */
enum { TIME_LEAF = 3, TIME_EAX_TSC_EMULATED = 1, TIME_EAX_HOST_TSC_RELIABLE = 2 };

static bool has_vmmcall;
static uint32_t first_leaf;

#include "spec/xen_leaf.acsl"

/*@ terminates \true; exits \false; assigns \nothing; ensures exact: \result <==> XenLeaf(leaf); */
static bool is_xen_leaf(uint32_t leaf)
{
    struct cpuid id = cpuid(leaf, 0);

    return id.ebx == XEN_CPUID_SIGNATURE_EBX && id.ecx == XEN_CPUID_SIGNATURE_ECX && id.edx == XEN_CPUID_SIGNATURE_EDX;
}

/*@ terminates \true; exits \false; assigns has_vmmcall, first_leaf;
    ensures instruction: has_vmmcall <==> CpuidWord(0, 0, 1) == VENDOR_EBX_AMD || CpuidWord(0, 0, 1) == VENDOR_EBX_HYGON;
    ensures first: XenLeaf(XEN_CPUID_FIRST_LEAF) ==> first_leaf == XEN_CPUID_FIRST_LEAF;
    ensures behind: !XenLeaf(XEN_CPUID_FIRST_LEAF) ==> first_leaf == XEN_LEAF_BEHIND_HYPERV;
    ensures found: \result <==> XenLeaf(first_leaf); */
bool hypercall_init(void)
{
    uint32_t vendor = cpuid(0, 0).ebx;

    has_vmmcall = vendor == VENDOR_EBX_AMD || vendor == VENDOR_EBX_HYGON;
    first_leaf = is_xen_leaf(XEN_CPUID_FIRST_LEAF) ? XEN_CPUID_FIRST_LEAF : XEN_LEAF_BEHIND_HYPERV;
    return is_xen_leaf(first_leaf);
}

/*@ requires found: XenLeaf(first_leaf) && first_leaf <= XEN_LEAF_BEHIND_HYPERV;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> CpuidWord(first_leaf, 0, 0) >= first_leaf + TIME_LEAF
      && (CpuidWord(first_leaf + TIME_LEAF, 0, 0) & (TIME_EAX_TSC_EMULATED | TIME_EAX_HOST_TSC_RELIABLE)) != 0; */
bool xen_tsc_is_good(void)
{
    return cpuid(first_leaf, 0).eax >= first_leaf + TIME_LEAF &&
           (cpuid(first_leaf + TIME_LEAF, 0).eax & (TIME_EAX_TSC_EMULATED | TIME_EAX_HOST_TSC_RELIABLE));
}

/* xen-x86_64.h: argument registers are clobbered by the call (Xen moves them on when it continues a preempted one). */
int64_t hypercall3(uint32_t number, uint64_t a, uint64_t b, uint64_t c)
{
    int64_t result;

    if (has_vmmcall)
        __asm__ volatile("vmmcall" : "=a"(result), "+D"(a), "+S"(b), "+d"(c) : "a"(number) : "memory");
    else
        __asm__ volatile("vmcall" : "=a"(result), "+D"(a), "+S"(b), "+d"(c) : "a"(number) : "memory");
    return result;
}

int64_t hypercall2(uint32_t number, uint64_t a, uint64_t b)
{
    return hypercall3(number, a, b, 0);
}
