/* SPDX-License-Identifier: BSD-2-Clause */
/* What the application has mapped: areas sorted by address, that do not overlap. Nothing here touches page tables. */
#ifndef MM_VMA_H
#define MM_VMA_H
#include <stdbool.h>
#include <stdint.h>

#define VMA_MAX     2048u
#define VMA_NO_NODE 0xffffffffu

/* [start, end) in bytes, page-aligned. The first file_size bytes come from node at offset, the rest is zero. */
struct vma {
    uint64_t start, end, offset, file_size;
    uint32_t prot, node; /* PROT_* of <linux/mman.h>; a file system node or VMA_NO_NODE */
};

#include "spec/vma.acsl"

/* All areas: vma_at(0 .. vma_count() - 1), ascending. */
uint32_t vma_count(void);
const struct vma *vma_at(uint32_t i);

/* Index of the first area that ends above address; vma_count() when there is none. */
uint32_t vma_find(uint64_t address);

/* The area that holds address, or null. */
const struct vma *vma_holding(uint64_t address);

/* Is no byte of [start, end) in an area; is every byte in one? */
bool vma_is_free(uint64_t start, uint64_t end);
/*@ terminates \true; exits \false; assigns \nothing; */
bool vma_is_covered(uint64_t start, uint64_t end);

/* Adds an area in free space, joined with its neighbours when it continues them. False when the table is full. */
bool vma_add(const struct vma *area);

/* Makes start and end borders between areas where one lies across them. False when the table is full; nothing changed then
   but borders. Afterwards the areas of [start, end) are vma_find(start) up to vma_find(end - 1). */
bool vma_cut(uint64_t start, uint64_t end);

/* After vma_cut of the same range: forgets its areas, or gives them other rights. */
void vma_remove(uint64_t start, uint64_t end);
void vma_set_prot(uint64_t start, uint64_t end, uint32_t prot);

/* The highest address below top where size bytes are free above bottom; 0 when there is none. */
uint64_t vma_find_gap(uint64_t bottom, uint64_t top, uint64_t size);

#endif
