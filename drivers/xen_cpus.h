/* SPDX-License-Identifier: BSD-2-Clause */
/* The virtual CPUs of a guest of Xen: started by hypercalls, interrupted through event channels. spec/smp.md, spec/xen.md. */
#ifndef DRIVERS_XEN_CPUS_H
#define DRIVERS_XEN_CPUS_H
#include <stdbool.h>
#include <stdint.h>

/* platform.cpu_start; of platform.cpus wait, beside upcall_kick and upcall_end_poll. */
bool xen_cpus_start(uint32_t number);
void xen_cpus_wait(const uint32_t *word, uint32_t value);

#endif
