/* SPDX-License-Identifier: BSD-2-Clause */
/* links: mm/vma.c */
/* The table of areas against a model that keeps one record for each page. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "mm/vma.h"

#define PAGE  4096ULL
#define PAGES 64u
#define BASE  0x10000ULL

/* What a page belongs to: prot + 1 and, for a file's page, the offset it shows; 0: nothing. */
struct page {
    uint32_t prot_plus_1, node;
    uint64_t offset, file_left;
};
static struct page model[PAGES];

static uint64_t address_of(uint32_t page)
{
    return BASE + page * PAGE;
}

static void check_against_model(void)
{
    uint64_t last_end = 0;

    for (uint32_t i = 0; i < vma_count(); i++) {
        CHECK(vma_at(i)->start < vma_at(i)->end);
        CHECK(vma_at(i)->start >= last_end);
        last_end = vma_at(i)->end;
    }
    for (uint32_t p = 0; p < PAGES; p++) {
        const struct vma *area = vma_holding(address_of(p) + 17);
        uint64_t skipped;

        CHECK_EQ(area != NULL, model[p].prot_plus_1 != 0);
        if (!area || model[p].prot_plus_1 == 0)
            continue;
        CHECK_EQ(area->prot, model[p].prot_plus_1 - 1);
        CHECK_EQ(area->node, model[p].node);
        skipped = address_of(p) - area->start;
        if (area->node != VMA_NO_NODE) {
            CHECK_EQ(area->offset + skipped, model[p].offset);
            CHECK_EQ(area->file_size > skipped ? area->file_size - skipped : 0, model[p].file_left);
        }
    }
}

static bool model_is_free(uint32_t first, uint32_t end)
{
    for (uint32_t p = first; p < end; p++)
        if (model[p].prot_plus_1 != 0)
            return false;
    return true;
}

static bool model_is_covered(uint32_t first, uint32_t end)
{
    for (uint32_t p = first; p < end; p++)
        if (model[p].prot_plus_1 == 0)
            return false;
    return true;
}

static void add(uint32_t first, uint32_t end)
{
    struct vma area = { .start = address_of(first), .end = address_of(end), .prot = (uint32_t)rand() % 4 };

    area.node = rand() % 3 == 0 ? (uint32_t)rand() % 2 : VMA_NO_NODE;
    if (area.node != VMA_NO_NODE) {
        area.offset = (uint64_t)(rand() % 100) * PAGE;
        area.file_size = (uint64_t)rand() % ((end - first) * PAGE) + 1;
    }
    CHECK(vma_add(&area));
    for (uint32_t p = first; p < end; p++) {
        uint64_t skipped = (p - first) * PAGE;

        model[p] = (struct page){ area.prot + 1, area.node, area.offset + skipped,
                                  area.file_size > skipped ? area.file_size - skipped : 0 };
    }
}

/* What is left of a file's bytes at a page is cut at the border, because the lower half ends there. */
static void model_cut(uint32_t at)
{
    if (at == 0 || at >= PAGES)
        return;
    for (uint32_t p = 0; p < at; p++) {
        const struct vma *area = vma_holding(address_of(p));

        if (area && area->node != VMA_NO_NODE && area->end > address_of(at) && model[p].file_left > (at - p) * PAGE)
            model[p].file_left = (at - p) * PAGE;
    }
}

/* Memory without a file is one area where it continues, so that a program that maps piece by piece does not fill the table. */
static void check_joined(uint64_t border)
{
    const struct vma *low = vma_holding(border - 1), *high = vma_holding(border);

    if (low && high && low != high)
        CHECK(low->prot != high->prot || low->node != VMA_NO_NODE || high->node != VMA_NO_NODE);
}

static void one_step(void)
{
    uint32_t first = (uint32_t)rand() % PAGES, end = first + 1 + (uint32_t)rand() % (PAGES - first);
    bool is_free = model_is_free(first, end);

    CHECK_EQ(vma_is_free(address_of(first), address_of(end)), is_free);
    CHECK_EQ(vma_is_covered(address_of(first), address_of(end)), model_is_covered(first, end));
    if (is_free) {
        vma_remove(address_of(first), address_of(end)); /* nothing is there: nothing changes */
        check_against_model();
        add(first, end);
        check_joined(address_of(first));
        check_joined(address_of(end));
        return;
    }
    model_cut(first);
    model_cut(end);
    CHECK(vma_cut(address_of(first), address_of(end)));
    if (rand() % 2) {
        vma_remove(address_of(first), address_of(end));
        memset(&model[first], 0, (end - first) * sizeof model[0]);
    } else if (model_is_covered(first, end)) {
        uint32_t prot = (uint32_t)rand() % 4;

        vma_set_prot(address_of(first), address_of(end), prot);
        for (uint32_t p = first; p < end; p++)
            model[p].prot_plus_1 = prot + 1;
        check_joined(address_of(first));
        check_joined(address_of((first + end) / 2));
    }
}

static void check_gap(void)
{
    uint32_t size = 1 + (uint32_t)rand() % 8, best = PAGES;
    uint32_t bottom = (uint32_t)rand() % PAGES, top = (uint32_t)rand() % (PAGES + 1);

    for (uint32_t p = bottom; p + size <= top; p++)
        if (model_is_free(p, p + size))
            best = p;
    CHECK_EQ(vma_find_gap(address_of(bottom), address_of(top), size * PAGE), best == PAGES ? 0 : address_of(best));
}

static void fill_table(void)
{
    struct vma area = { .prot = 1, .node = VMA_NO_NODE };
    uint32_t n = 0;

    vma_remove(0, UINT64_MAX);
    CHECK_EQ(vma_count(), 0);
    for (; n < VMA_MAX; n++) {
        area.start = BASE + 3 * n * PAGE;
        area.end = area.start + 2 * PAGE;
        CHECK(vma_add(&area));
    }
    area.start = BASE + 3 * n * PAGE;
    area.end = area.start + PAGE;
    CHECK(!vma_add(&area));
    CHECK(!vma_cut(BASE + PAGE, BASE + 2 * PAGE));
    CHECK_EQ(vma_count(), VMA_MAX);
    vma_remove(BASE, BASE + PAGE);
    CHECK_EQ(vma_count(), VMA_MAX - 1);
    CHECK_EQ(vma_at(0)->start, BASE + 3 * PAGE);
    CHECK_EQ(vma_at(VMA_MAX - 2)->start, BASE + 3 * (VMA_MAX - 1) * PAGE);
    vma_remove(BASE + 30 * PAGE, BASE + 36 * PAGE);
    CHECK_EQ(vma_count(), VMA_MAX - 3);
    CHECK_EQ(vma_at(8)->start, BASE + 27 * PAGE);
    CHECK_EQ(vma_at(9)->start, BASE + 36 * PAGE);
    /* the gap between two areas is filled: three become one */
    area.start = BASE + 38 * PAGE;
    area.end = BASE + 39 * PAGE;
    CHECK(vma_add(&area));
    CHECK_EQ(vma_count(), VMA_MAX - 4);
    CHECK_EQ(vma_at(9)->start, BASE + 36 * PAGE);
    CHECK_EQ(vma_at(9)->end, BASE + 41 * PAGE);
    CHECK_EQ(vma_at(10)->start, BASE + 42 * PAGE);
}

int main(void)
{
    srand(1);
    for (int i = 0; i < 20000; i++) {
        one_step();
        check_against_model();
        check_gap();
    }
    fill_table();
    return check_done();
}
