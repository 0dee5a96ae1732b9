/* SPDX-License-Identifier: BSD-2-Clause */
/* memcpy, memmove, memset, memcmp with the string instructions, and the one copy that may fault. */

    .section .text
    .code64

    .globl memcpy
memcpy:
    movq %rdi, %rax
    movq %rdx, %rcx
    shrq $3, %rcx
    rep movsq
    movl %edx, %ecx
    andl $7, %ecx
    rep movsb
    ret

/* Backwards when the destination starts inside the source. */
    .globl memmove
memmove:
    movq %rdi, %rax
    subq %rsi, %rax
    cmpq %rdx, %rax
    jae memcpy
    movq %rdi, %rax
    leaq -8(%rdi, %rdx), %rdi
    leaq -8(%rsi, %rdx), %rsi
    movq %rdx, %rcx
    shrq $3, %rcx
    std
    rep movsq
    addq $7, %rdi
    addq $7, %rsi
    movl %edx, %ecx
    andl $7, %ecx
    rep movsb
    cld
    ret

    .globl memset
memset:
    movq %rdi, %r8
    movzbl %sil, %eax
    movabsq $0x0101010101010101, %rcx
    imulq %rcx, %rax
    movq %rdx, %rcx
    shrq $3, %rcx
    rep stosq
    movl %edx, %ecx
    andl $7, %ecx
    rep stosb
    movq %r8, %rax
    ret

    .globl memcmp
memcmp:
    xorl %eax, %eax
    movq %rdx, %rcx
    testq %rcx, %rcx
    jz 1f
    repe cmpsb
    movzbl -1(%rdi), %eax
    movzbl -1(%rsi), %ecx
    subl %ecx, %eax
1:  ret

/* uint64_t copy_may_fault(void *dst, const void *src, uint64_t n): the bytes left when a page fault could not be resolved,
   0 when all were copied. Words of 4 and of 8 bytes are copied by one access. Each instruction that may fault has an entry in the table of fix-ups. */
    .globl copy_may_fault
copy_may_fault:
    movq %rdx, %rcx
    shrq $3, %rcx
copy_words:
    rep movsq
    testb $4, %dl
    jz 1f
copy_half:
    movsl
1:  movl %edx, %ecx
    andl $3, %ecx
copy_bytes:
    rep movsb
    xorl %eax, %eax
    ret
copy_words_failed:
    andl $7, %edx
    leaq (%rdx, %rcx, 8), %rax
    ret
copy_half_failed:
    andl $7, %edx
    movl %edx, %eax
    ret
copy_bytes_failed:
    movq %rcx, %rax
    ret

/* int swap_may_fault(uint32_t *word, uint32_t *expected, uint32_t next): next goes there if *expected is there, in one access; what was there
   goes to *expected. -1 after a fault, else 0. */
    .globl swap_may_fault
swap_may_fault:
    movl (%rsi), %eax
swap_word:
    lock cmpxchgl %edx, (%rdi)
    movl %eax, (%rsi)
    xorl %eax, %eax
    ret
swap_failed:
    movl $-1, %eax
    ret

/* uint64_t zero_may_fault(void *dst, uint64_t n): the same for zeroes. */
    .globl zero_may_fault
zero_may_fault:
    movq %rsi, %rcx
    xorl %eax, %eax
zero_bytes:
    rep stosb
    ret
zero_bytes_failed:
    movq %rcx, %rax
    ret

/* int64_t string_may_fault(char *dst, const char *src, uint64_t n): length of the string, n when no NUL is among n bytes,
   -1 after a fault. */
    .globl string_may_fault
string_may_fault:
    xorl %eax, %eax
1:  cmpq %rdx, %rax
    jae 2f
string_byte:
    movb (%rsi, %rax), %cl
    movb %cl, (%rdi, %rax)
    testb %cl, %cl
    jz 2f
    incq %rax
    jmp 1b
2:  ret
string_failed:
    movq $-1, %rax
    ret

    .section .extable, "a"
    .quad copy_words, copy_words_failed
    .quad copy_half, copy_half_failed
    .quad copy_bytes, copy_bytes_failed
    .quad swap_word, swap_failed
    .quad zero_bytes, zero_bytes_failed
    .quad string_byte, string_failed

    .section .note.GNU-stack, "", @progbits
