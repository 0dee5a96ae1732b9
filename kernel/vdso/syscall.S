/* SPDX-License-Identifier: BSD-2-Clause */
/* long vdso_syscall(long number, const void *a, const void *b): Linux's convention, so rcx and r11 are lost as in any call. */
    .section .text
    .globl vdso_syscall
    .hidden vdso_syscall
vdso_syscall:
    movl %edi, %eax
    movq %rsi, %rdi
    movq %rdx, %rsi
    syscall
    ret
    .section .note.GNU-stack, "", @progbits
