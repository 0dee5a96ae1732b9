/* SPDX-License-Identifier: BSD-2-Clause */
/* The other CPUs come in. spec/smp.md. */
#ifndef KERNEL_CPUS_H
#define KERNEL_CPUS_H

/* Starts those that the platform has, one after the other: each idles as soon as it gets the kernel lock. One that does not start is left out
   with those after it, with a line in the log. After platform_start, before the application has pages. */
void cpus_start_others(void);

#endif
