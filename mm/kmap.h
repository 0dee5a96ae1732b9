/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's half: the direct map of RAM and the window of single pages. Everything mapped here is not executable, and the
   image's text and constants are read-only in the direct map too. */
#ifndef MM_KMAP_H
#define MM_KMAP_H
#include <stdbool.h>
#include <stdint.h>

/* The direct map begins, empty. */
void kmap_start(void);

/* Maps RAM frame f, of a range that ends at end, with what comes along cheaply: the rest of its 2 MiB, or in the image's own
   2 MiB that frame alone. The first frame after that, at most end. Below 1 GiB only; uses only tables of the image. */
/*@ requires range: f < end;
    terminates \true; exits \false; assigns \nothing;
    ensures after: f < \result <= end; */
uint32_t kmap_grow(uint32_t f, uint32_t end);

/* Maps all of [first, end): kmap_grow below the first GiB; above it 1 GiB pages where the CPU has them and the range fills
   them, else 2 MiB pages. Rounded out to the page size. False when there is no frame for a table. */
bool kmap_ram(uint64_t first, uint64_t end);

/* Copies size bytes of physical memory, whatever is there; false when the range wraps or ends above 2^46. For boot data that
   lies outside what is mapped yet. */
bool kmap_read(void *dst, uint64_t phys, uint64_t size);

/* Device registers at phys: uncached pages that stay mapped; null when the window is full. */
volatile void *kmap_device(uint64_t phys, uint64_t size);

/* The page at phys, a multiple of FRAME_SIZE, that a hypervisor shares outside RAM: cached, stays mapped; null when the window
   is full. */
void *kmap_shared(uint64_t phys);

/* Gives the kernel memory of its own at address, in the same GiB as the image and where nothing is mapped: pages of unspecified
   contents, for good. False when frames are missing; what was mapped stays, and the call may be repeated. */
bool kmap_own(uint64_t address, uint32_t pages);

/* The physical address, below 4 GiB, of another root, with the kernel's half as it is now and the first 2 MiB at their physical addresses
   too: for a CPU that switches paging on there, and takes kmap_root then. Kept for good; 0 when there are no frames for it. */
uint32_t kmap_low_root(void);

/* The frame of the root page table: the kernel's half is never changed through it. */
uint32_t kmap_root(void);

#endif
