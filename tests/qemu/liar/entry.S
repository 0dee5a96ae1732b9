/* SPDX-License-Identifier: BSD-2-Clause */
/* PVH entry of the liar, and the jump into the kernel it lies to: both in 32-bit protected mode without paging. */
    .section .note.Xen, "a", @note
    .balign 4
    .long 4, 8, 18 /* XEN_ELFNOTE_PHYS32_ENTRY */
    .asciz "Xen"
    .long liar_entry, 0

    .text
    .code32
    .globl liar_entry
liar_entry:
    cld
    movl $stack_top, %esp
    pushl %ebx
    call liar_main
    hlt

/* void jump(uint32_t entry, uint32_t start_info) */
    .globl jump
jump:
    movl 4(%esp), %eax
    movl 8(%esp), %ebx
    jmp *%eax

    .bss
    .balign 16
    .skip 4096
stack_top:
    .section .note.GNU-stack, "", @progbits
