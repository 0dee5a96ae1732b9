/* SPDX-License-Identifier: BSD-2-Clause */
/* The rim to Xen: VMCALL or VMMCALL with the number in rax, arguments in rdi rsi rdx r10 (public/arch-x86/xen-x86_64.h). */
#ifndef XEN_HYPERCALL_H
#define XEN_HYPERCALL_H
#include <linux/errno.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/shm.h"

#include "spec/hypercall.acsl"

/* Finds Xen's CPUID leaves and which instruction this CPU has; false when there is no Xen. Anything else here needs true. */
bool hypercall_init(void);

/* Does Xen say that the TSC runs at one rate on all CPUs: it emulates it, or knows the host's to be reliable? */
bool xen_tsc_is_good(void);

/* The raw calls: Xen's own result, a count or 0 or a negative errno as the call defines it. Pointers are kernel addresses; what Xen
   writes there is read through lib/shm.h. */
/*@ terminates \true; exits \false; assigns ghost_now;
    ensures called: ghost_now == \old(ghost_now) + 1 && XenCalled(\old(ghost_now), number, a, b, 0);
    ensures result: \result == IoValue(\old(ghost_now)); */
int64_t hypercall2(uint32_t number, uint64_t a, uint64_t b);
/*@ terminates \true; exits \false; assigns ghost_now;
    ensures called: ghost_now == \old(ghost_now) + 1 && XenCalled(\old(ghost_now), number, a, b, c);
    ensures result: \result == IoValue(\old(ghost_now)); */
int64_t hypercall3(uint32_t number, uint64_t a, uint64_t b, uint64_t c);

#endif
