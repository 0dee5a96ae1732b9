/* SPDX-License-Identifier: BSD-2-Clause */
/* PVH entry (xen/arch-x86/hvm/start_info.h): 32-bit protected mode, paging off, ebx = physical address of start_info.
   Leaves with long mode, W^X pages for the image and nothing else mapped, the main stack, and start_info in rdi. */
#include "x86/layout.h"
#define PHYS(symbol) ((symbol) - KERNEL_BASE)
#define PAGE_P       0x001
#define PAGE_W       0x002
#define CR0_PG_WP    0x80010000
#define CR0_PE_ET_NE 0x00000031 /* NE: exceptions of x87 are exceptions, not an interrupt of the PC */
#define CR4_PAE      0x20
#define EFER         0xc0000080
#define EFER_SCE_LME_NXE 0x901
#define NX_HIGH      0x80000000
#define SEL_TRAMPOLINE_CODE 0x18

    .section .note.Xen, "a", @note
    .balign 4
    .long 4, 8, 18 /* XEN_ELFNOTE_PHYS32_ENTRY; 8 bytes, as an ELF64 loader reads them */
    .asciz "Xen"
    .quad pvh_entry - KERNEL_BASE

    .section .text.entry, "ax"
    .code32
    .globl pvh_entry
pvh_entry:
    cld
    movl $PHYS(stack_main_top), %esp
    /* The low half gets the same tables for a moment: the next instructions run at their physical address. */
    movl $PHYS(pdpt_image) + PAGE_P + PAGE_W, PHYS(pml4_root)
    movl $PHYS(pdpt_image) + PAGE_P + PAGE_W, PHYS(pml4_root) + 511 * 8
    movl $PHYS(pd_image) + PAGE_P + PAGE_W, PHYS(pdpt_image)
    movl $PHYS(pd_image) + PAGE_P + PAGE_W, PHYS(pdpt_image) + 510 * 8
    movl $PHYS(pt_image) + PAGE_P + PAGE_W, PHYS(pd_image)
    movl $PHYS(pt_window) + PAGE_P + PAGE_W, PHYS(pd_image) + 8

    movl $PHYS(image_start), %edi
    movl $PHYS(image_rodata), %ecx
    movl $PAGE_P, %eax
    xorl %edx, %edx
    call map_pages
    movl $PHYS(image_data), %ecx
    movl $NX_HIGH, %edx
    call map_pages
    movl $PHYS(image_end), %ecx
    movl $PAGE_P + PAGE_W, %eax
    call map_pages

    /* No page under a stack: an overflow faults instead of writing on. */
    xorl %eax, %eax
    movl $PHYS(stack_main_guard), %ecx
    call unmap_page
    movl $PHYS(stack_double_fault_guard), %ecx
    call unmap_page
    movl $PHYS(stack_nmi_guard), %ecx
    call unmap_page
    movl $PHYS(stack_machine_check_guard), %ecx
    call unmap_page

    xorl %ebp, %ebp
    movl $PHYS(pml4_root), %esi
    jmp enable_paging

/* Another CPU, sent here by the trampoline. Its root has the low half as above. */
cpu_entry_32:
    movw $SEL_KERNEL_DATA, %ax
    movw %ax, %ds
    movl PHYS(cpu_entry_number), %ebp
    movl PHYS(cpu_entry_root), %esi

/* ebp: the CPU's number; esi: the root. */
enable_paging:
    movl $CR4_PAE, %eax
    movl %eax, %cr4
    movl %esi, %cr3
    movl $EFER, %ecx
    movl $EFER_SCE_LME_NXE, %eax
    xorl %edx, %edx
    wrmsr
    movl $CR0_PG_WP + CR0_PE_ET_NE, %eax
    movl %eax, %cr0
    lgdtl PHYS(gdt_boot_pointer)
    ljmpl $SEL_KERNEL_CODE, $PHYS(long_mode)

/* Maps [edi, ecx) at the same offset of pt_image with rights edx:eax; leaves edi = ecx. */
map_pages:
    movl %edi, %esi
    shrl $9, %esi /* 8 bytes for each 4096 */
1:  cmpl %ecx, %edi
    jae 2f
    leal (%edi, %eax), %ebp
    movl %ebp, PHYS(pt_image)(%esi)
    movl %edx, PHYS(pt_image) + 4(%esi)
    addl $4096, %edi
    addl $8, %esi
    jmp 1b
2:  ret

/* Unmaps the page at ecx; eax is 0. */
unmap_page:
    shrl $9, %ecx
    movl %eax, PHYS(pt_image)(%ecx)
    movl %eax, PHYS(pt_image) + 4(%ecx)
    ret

    .code64
long_mode:
    movabsq $1f, %rax
    jmp *%rax
1:  movw $SEL_KERNEL_DATA, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    xorl %eax, %eax
    movw %ax, %fs
    movw %ax, %gs
    testl %ebp, %ebp
    jnz 2f
    movq $stack_main_top, %rsp
    /* The low half is the application's from here on. */
    movq $0, pml4_root
    movq $0, pdpt_image
    movq %cr3, %rax
    movq %rax, %cr3
    movl %ebx, %edi
    xorl %ebp, %ebp
    call kernel_main
    ud2
2:  movl $PHYS(pml4_root), %eax
    movq %rax, %cr3
    movl %ebp, %edi

    .globl cpu_entry
cpu_entry:
    leal 1(%rdi), %eax
    imulq $CPU_STACKS_SIZE, %rax
    leaq CPUS_BASE(%rax), %rsp
    xorl %ebp, %ebp
    call cpus_begin
    ud2

/* Copied to a page below 1 MiB, where a CPU begins in real mode. */
    .section .rodata
    .code16
    .globl cpu_trampoline, cpu_trampoline_end
cpu_trampoline:
    cli
    cld
    movw %cs, %ax
    movw %ax, %ds
    lgdtl gdt_trampoline_pointer - cpu_trampoline
    movl $CR0_PE_ET_NE, %eax
    movl %eax, %cr0
    ljmpl $SEL_TRAMPOLINE_CODE, $PHYS(cpu_entry_32)
gdt_trampoline_pointer:
    .word 4 * 8 - 1
    .long PHYS(gdt_trampoline)
cpu_trampoline_end:

    .balign 8
gdt_trampoline:
    .quad 0
    .quad 0x00209b0000000000 /* as in x86/desc.c */
    .quad 0x00cf93000000ffff /* flat data */
    .quad 0x00cf9b000000ffff /* flat 32-bit code */

    .balign 8
gdt_boot_pointer:
    .word 8 * 8 - 1
    .long PHYS(gdt)

    .section .bss
    .globl cpu_entry_number, cpu_entry_root
cpu_entry_number: .skip 4
cpu_entry_root:   .skip 4

    /* kernel/thread.h */
    .globl thread_areas
    .set thread_areas, THREADS_BASE

    .section .bss_pages, "aw", @nobits
    .balign 4096
    .globl pml4_root, pdpt_image, pd_image, pt_image, pt_window
    .globl stack_main_top, stack_double_fault_top, stack_nmi_top, stack_machine_check_top
    .globl stack_main_guard, stack_double_fault_guard, stack_nmi_guard, stack_machine_check_guard
pml4_root:  .skip 4096
pdpt_image: .skip 4096
pd_image:   .skip 4096
pt_image:   .skip 4096
pt_window:  .skip 4096
stack_main_guard: .skip 4096
    .skip STACK_SIZE
stack_main_top:
stack_double_fault_guard: .skip 4096
    .skip IST_SIZE
stack_double_fault_top:
stack_nmi_guard: .skip 4096
    .skip IST_SIZE
stack_nmi_top:
stack_machine_check_guard: .skip 4096
    .skip IST_SIZE
stack_machine_check_top:

    .section .note.GNU-stack, "", @progbits
