/* SPDX-License-Identifier: BSD-2-Clause */
#include "mm/kmap.h"
#include "lib/string.h"
#include "mm/frame.h"
#include "x86/cpu.h"
#include "x86/layout.h"

#define NX            0x8000000000000000ULL
#define FRAMES_2M     512u
#define FRAMES_1G     262144u
#define FRAMES_4G     (4 * FRAMES_1G)
#define PHYS_READ_END (1ULL << 46)
enum { PAGE_P = 1, PAGE_W = 2, PAGE_UNCACHED = 0x18, PAGE_ACCESSED_DIRTY = 0x60, PAGE_LARGE = 0x80 };
#define PAGE_RAM (NX | PAGE_P | PAGE_W | PAGE_ACCESSED_DIRTY)

/* boot/entry.S */
extern struct table pml4_root, pd_image, pt_image, pt_window;
extern const char image_start[], image_end[];

static struct table pdpt_direct __attribute__((aligned(4096)));
static struct table pd_direct __attribute__((aligned(4096)));
/* Slot 0 of the window is kmap_read's; devices take the others for good. */
static uint32_t window_used = 1;

static uint64_t image_phys(const void *p)
{
    return (uint64_t)p - KERNEL_BASE;
}

/* The first 2 MiB share the image's page table, so text and constants have the same rights here; the directory entry takes
   execution away. */
void kmap_start(void)
{
    pml4_root.e[256] = image_phys(&pdpt_direct) | NX | PAGE_P | PAGE_W;
    pdpt_direct.e[0] = image_phys(&pd_direct) | NX | PAGE_P | PAGE_W;
    pd_direct.e[0] = image_phys(&pt_image) | NX | PAGE_P | PAGE_W;
    direct_map = (struct table *)DIRECT_MAP_BASE;
}

uint32_t kmap_grow(uint32_t f, uint32_t end)
{
    uint32_t next = f + 1;

    if (f < FRAMES_2M) {
        if (pt_image.e[f] == 0)
            pt_image.e[f] = f * FRAME_SIZE | PAGE_RAM;
    } else {
        pd_direct.e[f / FRAMES_2M] = (uint64_t)f / FRAMES_2M * FRAMES_2M * FRAME_SIZE | PAGE_RAM | PAGE_LARGE;
        next = (uint32_t)((f / FRAMES_2M + 1) * FRAMES_2M);
    }
    return next < end ? next : end;
}

/* One GiB, of which [first, end) is RAM. */
static bool map_gigabyte(uint64_t gigabyte, uint64_t first, uint64_t end)
{
    uint64_t *entry = &pdpt_direct.e[gigabyte];
    struct table *directory;

    if (cpu.huge_pages && end - first == FRAMES_1G) {
        *entry = gigabyte * FRAMES_1G * FRAME_SIZE | PAGE_RAM | PAGE_LARGE;
        return true;
    }
    if (*entry == 0) {
        uint32_t f = frame_alloc();

        if (f == FRAME_NONE)
            return false;
        *entry = (uint64_t)f * FRAME_SIZE | NX | PAGE_P | PAGE_W;
    }
    directory = frame_memory((uint32_t)(*entry % NX / FRAME_SIZE));
    for (uint64_t f = first / FRAMES_2M * FRAMES_2M; f < end; f += FRAMES_2M)
        directory->e[f / FRAMES_2M % 512] = f * FRAME_SIZE | PAGE_RAM | PAGE_LARGE;
    return true;
}

bool kmap_ram(uint64_t first, uint64_t end)
{
    while (first < end && first < FRAMES_1G)
        first = kmap_grow((uint32_t)first, (uint32_t)(end < FRAMES_1G ? end : FRAMES_1G));
    while (first < end) {
        uint64_t gigabyte = first / FRAMES_1G, next = (gigabyte + 1) * FRAMES_1G;

        if (!map_gigabyte(gigabyte, first, next < end ? next : end))
            return false;
        first = next;
    }
    return true;
}

static void *window_map(uint32_t slot, uint64_t phys, uint64_t rights)
{
    uint64_t address = WINDOW_BASE + (uint64_t)slot * FRAME_SIZE;

    pt_window.e[slot] = phys / FRAME_SIZE * FRAME_SIZE | rights;
    invlpg(address);
    return (void *)address;
}

bool kmap_read(void *dst, uint64_t phys, uint64_t size)
{
    uint8_t *out = dst;

    if (size > PHYS_READ_END || phys > PHYS_READ_END - size)
        return false;
    while (size > 0) {
        uint64_t offset = phys % FRAME_SIZE, n = FRAME_SIZE - offset;
        const uint8_t *page = window_map(0, phys, NX | PAGE_P | PAGE_ACCESSED_DIRTY);

        if (n > size)
            n = size;
        memcpy(out, page + offset, n);
        out += n;
        phys += n;
        size -= n;
    }
    return true;
}

volatile void *kmap_device(uint64_t phys, uint64_t size)
{
    uint64_t offset = phys % FRAME_SIZE, pages = (offset + size + FRAME_SIZE - 1) / FRAME_SIZE;
    uint32_t slot = window_used;

    if (pages > WINDOW_PAGES - window_used)
        return 0;
    for (uint64_t i = 0; i < pages; i++)
        window_map(slot + (uint32_t)i, phys + i * FRAME_SIZE,
                   NX | PAGE_P | PAGE_W | PAGE_UNCACHED | PAGE_ACCESSED_DIRTY);
    window_used += (uint32_t)pages;
    return (volatile void *)(WINDOW_BASE + (uint64_t)slot * FRAME_SIZE + offset);
}

void *kmap_shared(uint64_t phys)
{
    if (window_used == WINDOW_PAGES)
        return 0;
    return window_map(window_used++, phys, NX | PAGE_P | PAGE_W | PAGE_ACCESSED_DIRTY);
}

/* The table for the 2 MiB around address; null when there is no frame for it. */
static struct table *table_around(uint64_t address)
{
    uint64_t *entry = &pd_image.e[address / FRAME_SIZE / FRAMES_2M % 512];

    if (*entry == 0) {
        uint32_t f = frame_alloc();

        if (f == FRAME_NONE)
            return 0;
        *entry = (uint64_t)f * FRAME_SIZE | NX | PAGE_P | PAGE_W;
    }
    return frame_memory((uint32_t)(*entry % NX / FRAME_SIZE));
}

bool kmap_own(uint64_t address, uint32_t pages)
{
    for (uint64_t end = address + (uint64_t)pages * FRAME_SIZE; address < end; address += FRAME_SIZE) {
        struct table *table = table_around(address);
        uint32_t slot = address / FRAME_SIZE % FRAMES_2M, f;

        if (table == 0)
            return false;
        if (table->e[slot] != 0)
            continue;
        f = frame_alloc_raw();
        if (f == FRAME_NONE)
            return false;
        table->e[slot] = (uint64_t)f * FRAME_SIZE | PAGE_RAM;
    }
    return true;
}

uint32_t kmap_low_root(void)
{
    uint32_t root = frame_alloc(), low = root == FRAME_NONE ? FRAME_NONE : frame_alloc();

    if (low == FRAME_NONE || root >= FRAMES_4G)
        return 0;
    direct_map[low].e[0] = image_phys(&pd_image) | PAGE_P | PAGE_W;
    direct_map[root] = pml4_root;
    direct_map[root].e[0] = (uint64_t)low * FRAME_SIZE | PAGE_P | PAGE_W;
    return root * FRAME_SIZE;
}

uint32_t kmap_root(void)
{
    return (uint32_t)(image_phys(&pml4_root) / FRAME_SIZE);
}
