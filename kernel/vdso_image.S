/* SPDX-License-Identifier: BSD-2-Clause */
/* The vDSO's bytes, as the Makefile links them from kernel/vdso/. */
    .section .rodata.vdso, "a", @progbits
    .globl vdso_image, vdso_image_end
    .hidden vdso_image, vdso_image_end
vdso_image:
    .incbin "vdso.so"
vdso_image_end:
    .section .note.GNU-stack, "", @progbits
