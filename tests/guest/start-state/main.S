/* SPDX-License-Identifier: BSD-2-Clause */
/* Ends with 0 when at the first instruction all general registers but the stack pointer are zero, the stack is aligned,
   flags and MXCSR are the usual ones, and the vector registers are zero; else with the number of the first that is not. */
    .globl _start
    .text
_start:
    orq %rbx, %rax
    orq %rcx, %rax
    orq %rdx, %rax
    orq %rsi, %rax
    orq %rdi, %rax
    orq %rbp, %rax
    orq %r8, %rax
    orq %r9, %rax
    orq %r10, %rax
    orq %r11, %rax
    orq %r12, %rax
    orq %r13, %rax
    orq %r14, %rax
    orq %r15, %rax
    movl $1, %edi
    testq %rax, %rax
    jnz end
    incl %edi
    testq $15, %rsp
    jnz end
    incl %edi
    stmxcsr -8(%rsp)
    cmpl $0x1f80, -8(%rsp)
    jne end
    incl %edi
    fnstcw -8(%rsp)
    cmpw $0x37f, -8(%rsp)
    jne end
    incl %edi
    por %xmm1, %xmm0
    por %xmm2, %xmm0
    por %xmm3, %xmm0
    por %xmm4, %xmm0
    por %xmm5, %xmm0
    por %xmm6, %xmm0
    por %xmm7, %xmm0
    por %xmm8, %xmm0
    por %xmm9, %xmm0
    por %xmm10, %xmm0
    por %xmm11, %xmm0
    por %xmm12, %xmm0
    por %xmm13, %xmm0
    por %xmm14, %xmm0
    por %xmm15, %xmm0
    movq %xmm0, %rax
    psrldq $8, %xmm0
    movq %xmm0, %rbx
    orq %rbx, %rax
    jnz end
    xorl %edi, %edi
end:
    movl $231, %eax
    syscall
    .section .note.GNU-stack, "", @progbits
