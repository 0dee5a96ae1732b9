/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers that assembly and C share: the kernel half of the address space and the segment selectors. */
#ifndef X86_LAYOUT_H
#define X86_LAYOUT_H

/* Virtual address = physical address + base. The image is at KERNEL_BASE + 1 MiB; PML4 slot 511, PDPT slot 510. */
#define KERNEL_BASE 0xffffffff80000000
/* Second page table of the same directory: single pages for devices and for reading boot data. */
#define WINDOW_BASE  0xffffffff80200000
#define WINDOW_PAGES 512
/* Behind it: an area for each thread, of a page that is never mapped, the kernel stack, and what is known of the thread. */
#define THREADS_BASE     0xffffffff80400000
#define THREADS_SIZE     0x1000000
#define THREAD_AREA_SIZE 0x8000
#define GUARD_SIZE       4096
/* Behind them: the stacks of CPUs, but for number 0, whose lie in the image. */
#define CPUS_BASE       0xffffffff81400000
#define CPU_STACKS_SIZE 0x10000
/* All of RAM; PML4 slot 256. */
#define DIRECT_MAP_BASE 0xffff800000000000

/* The order that syscall and sysret want: code, data; user data before user code. */
#define SEL_KERNEL_CODE 0x08
#define SEL_KERNEL_DATA 0x10
#define SEL_USER_DATA   0x23
#define SEL_USER_CODE   0x2b
#define SEL_TSS         0x30

#define STACK_SIZE        16384 /* the CPU's own: it boots and idles there */
#define THREAD_STACK_SIZE 12288 /* a thread's */
#define IST_SIZE          4096

#define CPUS_MAX 8 /* more are left alone */

/* struct cpu_area, at gs in the kernel */
#define CPU_KERNEL_STACK 0
#define CPU_USER_STACK   8
#define CPU_SYSCALL      16
#define CPU_SELF         24
#define CPU_STATE        32
#define CPU_TLB          40

/* Its state: spec/smp.md. */
#define CPU_IN_KERNEL 0
#define CPU_IN_USER   1
#define CPU_HALTED    2
#define CPU_CALLED    3

#endif
