/* SPDX-License-Identifier: BSD-2-Clause */
/* The domain's further virtual CPUs (public/vcpu.h, hvm/hvm_vcpu.h). The first one, number 0, runs since the start. */
#ifndef XEN_VCPUS_H
#define XEN_VCPUS_H
#include <stdint.h>

/* How many virtual CPUs the domain has: at least 1, at most max. */
uint32_t vcpus_count(uint32_t max);

/* A virtual CPU that has never run begins at entry, in 64-bit mode, paged by cr3, interrupts off, its number in rdi, without a
   stack or descriptor tables: 0, or a negative errno (-ENOENT: there is none, -EEXIST: it began before), and then it does not run.
   Waits for nothing. */
int vcpus_begin(uint32_t vcpu, uint64_t entry, uint64_t cr3);

/* It stops where it is: 0 or a negative errno. It may still run for a moment. */
int vcpus_stop(uint32_t vcpu);

/* And goes on from there: 0 or a negative errno. */
int vcpus_go_on(uint32_t vcpu);

#endif
