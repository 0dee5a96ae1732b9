/* SPDX-License-Identifier: BSD-2-Clause */
#include "mm/vma.h"
#include "lib/string.h"

static struct vma area[VMA_MAX];
static uint32_t count;

uint32_t vma_count(void)
{
    return count;
}

const struct vma *vma_at(uint32_t i)
{
    return &area[i];
}

uint32_t vma_find(uint64_t address)
{
    uint32_t low = 0, high = count;

    while (low < high) {
        uint32_t middle = (low + high) / 2;

        if (area[middle].end > address)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

const struct vma *vma_holding(uint64_t address)
{
    uint32_t i = vma_find(address);

    return i < count && area[i].start <= address ? &area[i] : 0;
}

bool vma_is_free(uint64_t start, uint64_t end)
{
    uint32_t i = vma_find(start);

    return i == count || area[i].start >= end;
}

bool vma_is_covered(uint64_t start, uint64_t end)
{
    for (uint32_t i = vma_find(start); start < end; i++) {
        if (i == count || area[i].start > start)
            return false;
        start = area[i].end;
    }
    return true;
}

static void insert_at(uint32_t i, const struct vma *new)
{
    memmove(&area[i + 1], &area[i], (count - i) * sizeof area[0]);
    area[i] = *new;
    count++;
}

static void remove_at(uint32_t i, uint32_t n)
{
    memmove(&area[i], &area[i + n], (count - i - n) * sizeof area[0]);
    count -= n;
}

/* Only memory without a file is joined: that is what programs map piece by piece. */
static bool continues(const struct vma *low, const struct vma *high)
{
    return low->end == high->start && low->prot == high->prot && low->node == VMA_NO_NODE && high->node == VMA_NO_NODE;
}

bool vma_add(const struct vma *new)
{
    uint32_t i = vma_find(new->start);
    bool joins_low = i > 0 && continues(&area[i - 1], new), joins_high = i < count && continues(new, &area[i]);

    if (joins_low && joins_high) {
        area[i - 1].end = area[i].end;
        remove_at(i, 1);
    } else if (joins_low) {
        area[i - 1].end = new->end;
    } else if (joins_high) {
        area[i].start = new->start;
    } else {
        if (count == VMA_MAX)
            return false;
        insert_at(i, new);
    }
    return true;
}

static bool cut_at(uint64_t address)
{
    uint32_t i = vma_find(address);
    struct vma high;
    uint64_t low_size;

    if (i == count || area[i].start >= address)
        return true;
    if (count == VMA_MAX)
        return false;
    high = area[i];
    low_size = address - high.start;
    high.start = address;
    high.offset += low_size;
    high.file_size = high.file_size > low_size ? high.file_size - low_size : 0;
    area[i].end = address;
    if (area[i].file_size > low_size)
        area[i].file_size = low_size;
    insert_at(i + 1, &high);
    return true;
}

bool vma_cut(uint64_t start, uint64_t end)
{
    return cut_at(start) && cut_at(end);
}

void vma_remove(uint64_t start, uint64_t end)
{
    uint32_t i = vma_find(start), n = 0;

    while (i + n < count && area[i + n].start < end)
        n++;
    remove_at(i, n);
}

void vma_set_prot(uint64_t start, uint64_t end, uint32_t prot)
{
    uint32_t i = vma_find(start);

    for (; i < count && area[i].start < end; i++)
        area[i].prot = prot;
    /* From the right end down, so that indices below stay what they are. */
    for (i = i < count ? i : count - 1; i > 0 && area[i].end > start; i--)
        if (continues(&area[i - 1], &area[i])) {
            area[i - 1].end = area[i].end;
            remove_at(i, 1);
        }
}

uint64_t vma_find_gap(uint64_t bottom, uint64_t top, uint64_t size)
{
    uint32_t i = vma_find(top);

    if (i < count && area[i].start < top)
        top = area[i].start;
    while (top >= bottom && top - bottom >= size) {
        if (i == 0 || area[i - 1].end <= top - size)
            return top - size;
        i--;
        top = area[i].start;
    }
    return 0;
}
