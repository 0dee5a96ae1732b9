/* SPDX-License-Identifier: BSD-2-Clause */
/* links: mm/frame.c lib/log.c lib/format.c */
/* Frames: never given out twice, counts that add up, zeroed on the way, mapped before use, and a panic for a wrong free. */
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "lib/log.h"
#include "mm/frame.h"
#include "mm/kmap.h"

#define END 300u

static bool is_mapped[END], is_held[END];
static jmp_buf after_panic;

uint32_t kmap_grow(uint32_t f, uint32_t end)
{
    uint32_t next = f / 7 * 7 + 7;

    if (next > end)
        next = end;
    for (; f < next; f++)
        is_mapped[f] = true;
    return next;
}

static void panic_ends(int status)
{
    CHECK_EQ(status, STATUS_PANIC);
    longjmp(after_panic, 1);
}

static void drop(const char *text, size_t size)
{
    (void)text, (void)size;
}

static bool is_zero(uint32_t f)
{
    for (int i = 0; i < 512; i++)
        if (direct_map[f].e[i] != 0)
            return false;
    return true;
}

/* A free that is wrong ends in a panic; the kernel can panic only once, so the last test of all. */
static void check_wrong_free(uint32_t f)
{
    if (setjmp(after_panic) == 0) {
        frame_free(f);
        CHECK(false);
    }
}

static uint32_t take(void)
{
    bool raw = rand() % 4 == 0;
    uint32_t f = raw ? frame_alloc_raw() : frame_alloc();

    if (f == FRAME_NONE)
        return f;
    CHECK((f >= 5 && f < 40) || (f >= 100 && f < 260));
    CHECK(!is_held[f]);
    CHECK(is_mapped[f]);
    CHECK_EQ(frame_kind[f], KIND_OTHER);
    CHECK(raw || is_zero(f));
    is_held[f] = true;
    memset(&direct_map[f], 0xa5, sizeof direct_map[f]);
    frame_kind[f] = KIND_USER;
    return f;
}

int main(void)
{
    uint64_t total = 35 + 160, held = 0;

    srand(2);
    log_set_sink(drop);
    panic_set_end(panic_ends);
    direct_map = aligned_alloc(4096, END * 4096);
    memset(direct_map, 0x5a, END * 4096);
    frame_start(malloc(frame_metadata_size(END)), END);
    CHECK_EQ(frame_alloc(), FRAME_NONE);
    CHECK(!frame_add_pool(7, 7, false));
    CHECK(!frame_add_pool(290, END + 1, false));
    CHECK(frame_add_pool(5, 40, false));
    CHECK(frame_add_pool(100, 260, true));
    memset(is_mapped + 100, true, 160);
    CHECK_EQ(frame_count_total(), total);
    for (int i = 0; i < 100000; i++) {
        if (rand() % 2) {
            uint32_t f = take();

            CHECK_EQ(f == FRAME_NONE, held == total);
            held += f != FRAME_NONE;
        } else {
            uint32_t f = (uint32_t)rand() % END;

            if (is_held[f]) {
                frame_free(f);
                CHECK(is_zero(f));
                is_held[f] = false;
                held--;
            }
        }
        CHECK_EQ(frame_count_free(), total - held);
    }
    while (take() != FRAME_NONE)
        held++;
    CHECK_EQ(held, total);
    frame_free(150);
    check_wrong_free(150);
    check_wrong_free(50);
    check_wrong_free(FRAME_NONE);
    check_wrong_free(4);
    CHECK_EQ(frame_count_free(), 1);
    return check_done();
}
