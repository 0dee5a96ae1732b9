/* SPDX-License-Identifier: BSD-2-Clause */
#include "mm/vma.h"
#include "lib/string.h"

static struct vma area[VMA_MAX];
static uint32_t count;

/*@ terminates \true; exits \false; assigns \nothing; ensures value: \result == count; */
uint32_t vma_count(void)
{
    return count;
}

/*@ requires inside: i < VMA_MAX;
    terminates \true; exits \false; assigns \result \from i; ensures value: \result == &area[i]; */
const struct vma *vma_at(uint32_t i)
{
    return &area[i];
}

/*@ requires good: VmaGood(&area[0], count);
    terminates \true; exits \false; assigns \nothing;
    ensures first: VmaFirstAbove(&area[0], count, address, \result); */
uint32_t vma_find(uint64_t address)
{
    uint32_t low = 0, high = count;

    /*@ loop invariant range: 0 <= low <= high <= count;
        loop invariant below: \forall integer k; 0 <= k < low ==> area[k].end <= address;
        loop invariant above: \forall integer k; high <= k < count ==> address < area[k].end;
        loop assigns low, high; loop variant high - low; */
    while (low < high) {
        uint32_t middle = (low + high) / 2;

        if (area[middle].end > address)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/*@ requires good: VmaGood(&area[0], count);
    terminates \true; exits \false; assigns \result \from address, area[0 .. VMA_MAX - 1], count;
    ensures none: \result == \null ==> \forall integer k; 0 <= k < count ==> !VmaHolds(&area[0], k, address);
    ensures holds: \result != \null ==> \exists integer k; 0 <= k < count && \result == &area[k]
      && VmaHolds(&area[0], k, address); */
const struct vma *vma_holding(uint64_t address)
{
    uint32_t i = vma_find(address);

    return i < count && area[i].start <= address ? &area[i] : 0;
}

/*@ requires good: VmaGood(&area[0], count) && start < end;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> VmaFree(&area[0], count, start, end); */
bool vma_is_free(uint64_t start, uint64_t end)
{
    uint32_t i = vma_find(start);

    return i == count || area[i].start >= end;
}

/*@ requires good: VmaGood(&area[0], count);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> VmaCovered(&area[0], count, start, end); */
bool vma_is_covered(uint64_t start, uint64_t end)
{
    /*@ loop invariant range: 0 <= i <= count;
        loop invariant first: start < end ==> VmaFirstAbove(&area[0], count, start, i);
        loop invariant covered: \at(start, Pre) <= start && VmaCovered(&area[0], count, \at(start, Pre), start);
        loop assigns i, start; loop variant count - i; */
    for (uint32_t i = vma_find(start); start < end; i++) {
        if (i == count || area[i].start > start) {
            /*@ assert hole: !VmaHeld(&area[0], count, start); */
            return false;
        }
        /*@ assert held: \forall integer x; start <= x < area[i].end ==> VmaHeld(&area[0], count, x); */
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
/*@ requires valid: \valid_read(low) && \valid_read(high);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> low->end == high->start && low->prot == high->prot && low->node == VMA_NO_NODE
      && high->node == VMA_NO_NODE; */
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

/*@ requires good: VmaGood(&area[0], count) && 0 < bottom <= top && 0 < size;
    terminates \true; exits \false; assigns \nothing;
    ensures inside: \result != 0 ==> bottom <= \result && \result + size <= top;
    ensures gap: \result != 0 ==> VmaFits(&area[0], count, \result, size);
    ensures highest: VmaNoGap(&area[0], count, bottom, \result == 0 ? 0 : \result + size, top, size); */
uint64_t vma_find_gap(uint64_t bottom, uint64_t top, uint64_t size)
{
    uint32_t i = vma_find(top);

    if (i < count && area[i].start < top)
        top = area[i].start;
    /*@ loop invariant range: 0 <= i <= count && top <= \at(top, Pre);
        loop invariant below: \forall integer k; 0 <= k < i ==> area[k].end <= top;
        loop invariant above: \forall integer k; i <= k < count ==> top <= area[k].start;
        loop invariant none: VmaNoGap(&area[0], count, bottom, top, \at(top, Pre), size);
        loop assigns i, top; loop variant i; */
    while (top >= bottom && top - bottom >= size) {
        if (i == 0 || area[i - 1].end <= top - size)
            return top - size;
        i--;
        /*@ assert met: VmaNoGap(&area[0], count, bottom, area[i].start, top, size); */
        top = area[i].start;
    }
    /*@ assert small: top < bottom + size; */
    return 0;
}
