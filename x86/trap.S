/* SPDX-License-Identifier: BSD-2-Clause */
/* All ways in and out. Interrupts are off in the kernel: gates and SFMASK see to it. The frame is struct trap_frame. */
#include "x86/layout.h"

/* Bytes from the frame's start to its fields. */
#define FRAME_R15   48
#define FRAME_RAX   96
#define FRAME_RIP   136
#define FRAME_CS    144
#define FRAME_FLAGS 152
#define FRAME_RSP   160

    .macro push_registers
    pushq %r11
    pushq %rcx
    pushq %rax
    pushq %rbx
    pushq %rbp
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    pushq %r9
    pushq %r8
    pushq %r10
    pushq %rdx
    pushq %rsi
    pushq %rdi
    .endm

    .macro pop_arguments
    popq %rdi
    popq %rsi
    popq %rdx
    popq %r10
    popq %r8
    popq %r9
    .endm

    .macro pop_registers
    pop_arguments
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbp
    popq %rbx
    popq %rax
    popq %rcx
    popq %r11
    .endm

/* From ring 3 into the kernel: the state first, so that nobody who has the lock waits for this CPU. What a callee changes is lost. */
    .macro take_kernel
    movl $CPU_IN_KERNEL, %gs:CPU_STATE
    movl $1, %eax
    lock xaddl %eax, kernel_lock(%rip)
    cmpl %eax, kernel_lock + 4(%rip)
    jne 8f
7:  movq tlb_generation(%rip), %rax
    cmpq %rax, %gs:CPU_TLB
    jne 9f
6:
    .subsection 1
8:  movl %eax, %edi
    call kernel_wait
    jmp 7b
9:  movq %rax, %gs:CPU_TLB
    movq %cr3, %rcx
    movq %rcx, %cr3
    jmp 6b
    .previous
    .endm

/* Out of the kernel: the state first, so that who has the lock next sees it. The lock is given back before it is asked who sleeps. */
    .macro leave_kernel state
    movl \state, %gs:CPU_STATE
    lock incl kernel_lock + 4(%rip)
    cmpl $0, kernel_sleepers(%rip)
    jne 9f
8:
    .subsection 1
9:  call kernel_wake
    jmp 8b
    .previous
    .endm

    .section .text
    .code64

/* One stub of 16 bytes for each vector: the error code (or 0 in its place) and the vector, then the common path. */
    .balign 16
    .globl trap_stubs
trap_stubs:
    vector = 0
    .rept 48
    .balign 16
    .if !(vector == 8 || (vector >= 10 && vector <= 14) || vector == 17 || vector == 21)
    pushq $0
    .endif
    pushq $vector
    .if vector == 2 || vector == 8 || vector == 18
    jmp trap_on_own_stack
    .else
    jmp trap_common
    .endif
    vector = vector + 1
    .endr

trap_common:
    testb $3, 24(%rsp)
    jz 1f
    swapgs
    push_registers
    cld
    take_kernel
    jmp 2f
1:  push_registers
    cld
2:  movq %rsp, %rdi
    xorl %ebp, %ebp
    call trap_dispatch
    .globl trap_return
trap_return:
    testb $3, FRAME_CS(%rsp)
    jz 1f
    leave_kernel $CPU_IN_USER
    swapgs
1:  pop_registers
    addq $16, %rsp
    iretq

/* NMI, double fault, machine check: may strike before swapgs was done or undone, so gs is neither used nor changed. */
trap_on_own_stack:
    push_registers
    cld
    movq %rsp, %rdi
    call trap_dispatch
    pop_registers
    addq $16, %rsp
    iretq

/* syscall: rcx = rip, r11 = rflags, still on the application's stack. sysret is safe here: rcx lies in mapped user memory,
   below USER_END, so it is canonical (CVE-2012-0217). rcx and r11 are lost to the caller by the ABI. */
    .globl syscall_entry
syscall_entry:
    swapgs
    movq %rsp, %gs:CPU_USER_STACK
    movq %gs:CPU_KERNEL_STACK, %rsp
    pushq $SEL_USER_DATA
    pushq %gs:CPU_USER_STACK
    pushq %r11
    pushq $SEL_USER_CODE
    pushq %rcx
    pushq %rax
    pushq $-1
    push_registers
    take_kernel
    movq %rsp, %rdi
    call *%gs:CPU_SYSCALL
    leave_kernel $CPU_IN_USER
    pop_arguments
    movq FRAME_RAX - FRAME_R15(%rsp), %rax
    movq FRAME_RIP - FRAME_R15(%rsp), %rcx
    movq FRAME_FLAGS - FRAME_R15(%rsp), %r11
    movq FRAME_RSP - FRAME_R15(%rsp), %rsp
    swapgs
    sysretq

/* void trap_resume(struct trap_frame *frame): what is on the stack below the frame is left behind. */
    .globl trap_resume
trap_resume:
    movq %rdi, %rsp
    jmp trap_return

/* void stack_switch(uint64_t *from, uint64_t to): what the ABI lets a callee change is lost, the rest waits on the stack that is
   left. */
    .globl stack_switch
stack_switch:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret

/* sti holds interrupts off until hlt has begun. Where it does not, because a hypervisor took the CPU away in between and forgot that
   (QEMU's SVM does: helper_vmrun in svm_helper.c does not load the interrupt shadow), trap.c steps over the hlt. */
    .globl irq_enable_and_halt, irq_halt
irq_enable_and_halt:
    sti
irq_halt:
    hlt
    cli
    ret

/* void kernel_take(void): the lock for a CPU that has none and is not on its way from ring 3. */
    .globl kernel_take
kernel_take:
    subq $8, %rsp
    take_kernel
    addq $8, %rsp
    ret

/* void kernel_release(uint32_t state): gives it back. */
    .globl kernel_release
kernel_release:
    subq $8, %rsp
    leave_kernel %edi
    addq $8, %rsp
    ret

/* void nmi_wait(const uint32_t *word, uint32_t value): sleeps until an NMI, unless the word has that value. trap.c takes an NMI between
   the two for the one that was waited for. */
    .globl nmi_wait, nmi_wait_end
nmi_wait:
    cmpl %esi, (%rdi)
    je nmi_wait_end
    hlt
nmi_wait_end:
    ret

/* The next number to take, and the one whose turn it is: CPU 0 has the lock when it boots. How many sleep who wait for it.
   tlb_generation: of the page tables. */
    .section .data
    .balign 64
    .globl kernel_lock, kernel_sleepers, tlb_generation
kernel_lock:     .long 1, 0
kernel_sleepers: .long 0, 0
tlb_generation:  .quad 1
    .balign 64

    .section .note.GNU-stack, "", @progbits
