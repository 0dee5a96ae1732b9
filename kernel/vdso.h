/* SPDX-License-Identifier: BSD-2-Clause */
/* What the application asks without a system call: a page of facts to read, and a small ELF object that reads it. spec/vdso.md. */
#ifndef KERNEL_VDSO_H
#define KERNEL_VDSO_H
#include <stdint.h>

/* The facts' page, then the code's. */
#define VDSO_PAGES 2u

/* The node of the area with the code, a private copy of the image. */
#define NODE_VDSO 0xfffffffdu

/* Maps both pages at that page-aligned address: where the ELF object starts, or 0 when there is no memory. */
uint64_t vdso_map(uint64_t start);

/* Fills the first page of the image; -EFAULT beyond it. */
int vdso_fill_page(uint64_t offset, void *page);

#endif
