/* SPDX-License-Identifier: BSD-2-Clause */
/* links: mm/page_table.c */
/* Page tables against a model: what the CPU would see at every page, and no more. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "mm/frame.h"
#include "mm/page_table.h"

#define END    512u
#define ROOT   1u
#define USER   16u /* user frames are 400 .. 400 + USER - 1 */
#define PLACES 24u

struct table *direct_map;
uint8_t *frame_kind;
uint32_t frame_end = END;
static uint32_t next_table, last_table;

static uint64_t place[PLACES];
static uint32_t model_frame[PLACES], model_rights[PLACES];

uint32_t frame_alloc(void)
{
    if (next_table == last_table)
        return FRAME_NONE;
    memset(&direct_map[next_table], 0, sizeof direct_map[0]);
    frame_kind[next_table] = KIND_OTHER;
    return next_table++;
}

/* The CPU's own walk (SDM volume 3, 4.5): the entry for page p with the rights of all levels, or 0. */
static uint64_t walk(uint64_t p, bool *writable, bool *executable, bool *user)
{
    uint32_t f = ROOT;
    uint64_t e = 0;

    *writable = *executable = *user = true;
    for (int shift = 27; shift >= 0; shift -= 9) {
        e = direct_map[f].e[p >> shift & 511];
        if (!(e & 1))
            return 0;
        CHECK_EQ(e & 0xf98, 0); /* plain memory, no large page, nothing of ours but what is said */
        *writable = *writable && (e & 2);
        *user = *user && (e & 4);
        *executable = *executable && !(e >> 63);
        f = (uint32_t)(e >> 12 & 0xffffffffff);
    }
    return e;
}

static void check_all(void)
{
    for (uint32_t i = 0; i < PLACES; i++) {
        bool writable, executable, user;
        uint32_t rights = 77;
        uint64_t e = walk(place[i], &writable, &executable, &user);

        CHECK_EQ(e != 0, model_frame[i] != 0 && model_rights[i] != PT_NONE);
        CHECK_EQ(pt_find(ROOT, place[i], &rights), model_frame[i] ? model_frame[i] : FRAME_NONE);
        if (model_frame[i])
            CHECK_EQ(rights, model_rights[i]);
        if (e == 0)
            continue;
        CHECK(user);
        CHECK_EQ(e >> 12 & 0xffffffffff, model_frame[i]);
        CHECK_EQ(writable, model_rights[i] == PT_WRITE);
        CHECK_EQ(executable, model_rights[i] == PT_EXEC);
    }
    for (uint32_t s = 256; s < 512; s++)
        CHECK_EQ(direct_map[ROOT].e[s], 0x1111111111111111ULL * (s % 15));
}

static void check_next(void)
{
    uint64_t best = PT_USER_PAGES, from = place[(uint32_t)rand() % PLACES] + (uint64_t)(rand() % 3) - 1;

    for (uint32_t i = 0; i < PLACES; i++)
        if (model_frame[i] && place[i] >= from && place[i] < best)
            best = place[i];
    CHECK_EQ(pt_next(ROOT, from, PT_USER_PAGES), best);
    CHECK_EQ(pt_next(ROOT, from, best), best);
}

static void one_step(void)
{
    uint32_t i = (uint32_t)rand() % PLACES, f = 400 + (uint32_t)rand() % USER, rights = (uint32_t)rand() % 5;
    int status;

    switch (rand() % 3) {
    case 0:
        status = pt_map(ROOT, place[i], f, rights);
        CHECK_EQ(status, rights > PT_NONE ? -EINVAL : model_frame[i] ? -EEXIST : 0);
        if (status == 0) {
            model_frame[i] = f;
            model_rights[i] = rights;
        }
        break;
    case 1:
        CHECK_EQ(pt_unmap(ROOT, place[i]), model_frame[i] ? model_frame[i] : FRAME_NONE);
        model_frame[i] = 0;
        break;
    default:
        status = pt_protect(ROOT, place[i], rights);
        CHECK_EQ(status, rights > PT_NONE ? -EINVAL : model_frame[i] ? 0 : -ENOENT);
        if (status == 0)
            model_rights[i] = rights;
    }
}

static void check_refusals(void)
{
    uint32_t out;

    CHECK_EQ(pt_map(ROOT, 0, 400, PT_READ), -EINVAL);
    CHECK_EQ(pt_map(ROOT, PT_USER_PAGES, 400, PT_READ), -EINVAL);
    CHECK_EQ(pt_map(ROOT, 1, END, PT_READ), -EINVAL);
    CHECK_EQ(pt_map(ROOT, 1, ROOT, PT_READ), -EINVAL); /* a table is no user frame */
    CHECK_EQ(pt_unmap(ROOT, 0), FRAME_NONE);
    CHECK_EQ(pt_unmap(ROOT, PT_USER_PAGES), FRAME_NONE);
    CHECK_EQ(pt_protect(ROOT, PT_USER_PAGES, PT_READ), -EINVAL);
    /* Three tables are missing on the way; they come one by one. */
    last_table = next_table;
    CHECK_EQ(pt_map(ROOT, 0x700000000, 400, PT_READ), -ENOMEM);
    last_table++;
    CHECK_EQ(pt_map(ROOT, 0x700000000, 400, PT_READ), -ENOMEM);
    last_table++;
    CHECK_EQ(pt_map(ROOT, 0x700000000, 400, PT_READ), -ENOMEM);
    CHECK_EQ(pt_find(ROOT, 0x700000000, &out), FRAME_NONE);
    last_table++;
    CHECK_EQ(pt_map(ROOT, 0x700000000, 400, PT_READ), 0);
    CHECK_EQ(pt_find(ROOT, 0x700000000, &out), 400);
}

int main(void)
{
    srand(3);
    direct_map = aligned_alloc(4096, END * 4096);
    frame_kind = calloc(END, 1);
    memset(direct_map, 0xff, END * 4096);
    for (uint32_t s = 0; s < 512; s++)
        direct_map[ROOT].e[s] = s < 256 ? 0 : 0x1111111111111111ULL * (s % 15);
    pt_adopt(ROOT);
    memset(frame_kind + 400, KIND_USER, USER);
    for (uint32_t i = 0; i < PLACES; i++)
        place[i] = i < 4 ? 1 + i : i < 8 ? PT_USER_PAGES - 1 - (i - 4) : (1ULL << (i + 10)) + i % 3;
    next_table = 2;
    last_table = 200;
    for (int i = 0; i < 20000; i++) {
        one_step();
        check_all();
        check_next();
    }
    check_refusals();
    return check_done();
}
