/* SPDX-License-Identifier: BSD-2-Clause */
/* links: */
/* What the admits of lib/shm.h say, on the host's processor: each accessor alone, and against a second thread. */
#include "lib/shm.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

#include "check.h"
#include "lies.h"

static void check_plain(void)
{
    struct {
        uint8_t before8, byte, after8;
        uint16_t before16, word, after16;
        uint32_t before32, dword, after32;
        uint64_t before64, qword, after64;
    } cells;

    memset(&cells, 0xa5, sizeof(cells));
    shm_write8(&cells.byte, 0x12);
    shm_write16(&cells.word, 0x1234);
    shm_write32(&cells.dword, 0x12345678);
    shm_rmb();
    shm_wmb();
    shm_mb();
    CHECK_EQ(shm_read8(&cells.byte), 0x12);
    CHECK_EQ(shm_read16(&cells.word), 0x1234);
    CHECK_EQ(shm_read32(&cells.dword), 0x12345678);
    CHECK_EQ(shm_read64(&cells.qword), 0xa5a5a5a5a5a5a5a5);
    CHECK_EQ(shm_exchange64(&cells.qword, 7), 0xa5a5a5a5a5a5a5a5);
    CHECK_EQ(shm_exchange64(&cells.qword, UINT64_MAX), 7);
    CHECK_EQ(cells.qword, UINT64_MAX);
    CHECK(cells.before8 == 0xa5 && cells.after8 == 0xa5 && cells.before16 == 0xa5a5 && cells.after16 == 0xa5a5);
    CHECK(cells.before32 == 0xa5a5a5a5 && cells.after32 == 0xa5a5a5a5);
    CHECK(cells.before64 == 0xa5a5a5a5a5a5a5a5 && cells.after64 == cells.before64);
}

static void check_compare(void)
{
    uint16_t cells[3] = { 1, 2, 3 };

    CHECK_EQ(shm_compare_exchange16(&cells[1], 5, 9), 2);
    CHECK_EQ(cells[1], 2);
    CHECK_EQ(shm_compare_exchange16(&cells[1], 2, 9), 2);
    CHECK(cells[0] == 1 && cells[1] == 9 && cells[2] == 3);
}

static void check_bits(void)
{
    uint64_t cells[3] = { 0, 0, 0 };

    for (uint64_t bit = 0; bit < 64; bit++) {
        CHECK(!shm_set_bit64(&cells[1], bit) && shm_set_bit64(&cells[1], bit));
        CHECK_EQ(cells[1], 1ULL << bit);
        CHECK(shm_clear_bit64(&cells[1], bit) && !shm_clear_bit64(&cells[1], bit));
        CHECK(cells[0] == 0 && cells[1] == 0 && cells[2] == 0);
    }
    cells[1] = UINT64_MAX;
    CHECK(shm_clear_bit64(&cells[1], 63) && cells[1] == UINT64_MAX >> 1);
}

/* Two sides of the same steps, in step: each waits for the other before each of them. */
struct side {
    uint64_t steps;
    unsigned number;
};

static atomic_uint_fast64_t reached[2];

static void keep_step(const struct side *side, uint64_t step)
{
    atomic_store(&reached[side->number], step);
    for (unsigned tries = 1; atomic_load(&reached[1 - side->number]) < step; tries++)
        if (tries % 16384 == 0)
            sched_yield();
}

static void run_both(void *(*steps)(void *), uint64_t count)
{
    struct side sides[2] = { { count, 0 }, { count, 1 } };
    pthread_t other;

    atomic_store(&reached[0], 0);
    atomic_store(&reached[1], 0);
    CHECK_EQ(pthread_create(&other, 0, steps, &sides[1]), 0);
    (void)steps(&sides[0]);
    pthread_join(other, 0);
}

static struct {
    uint32_t word;
    uint8_t apart[124];
} flag[2];
static uint32_t seen[2];
static uint64_t both_missed;

/* Each raises its flag, then looks for the other's: with shm_mb between, at least one of them sees it. */
static void *raise_and_look(void *arg)
{
    const struct side *side = arg;

    for (uint64_t i = 1; i <= side->steps; i++) {
        keep_step(side, 2 * i - 1);
        shm_write32(&flag[side->number].word, (uint32_t)i);
        shm_mb();
        seen[side->number] = shm_read32(&flag[1 - side->number].word);
        keep_step(side, 2 * i);
        if (side->number == 0)
            both_missed += seen[0] < i && seen[1] < i;
    }
    return 0;
}

static uint64_t bits, word;
static uint16_t counter;
static atomic_uint_fast64_t sum, lost_bits;

/* Nothing that one side does in one step is lost to the other. */
static void *contend(void *arg)
{
    const struct side *side = arg;
    uint16_t held;

    for (uint64_t i = 0; i < side->steps; i++) {
        keep_step(side, i + 1);
        lost_bits += shm_set_bit64(&bits, side->number + 8);
        lost_bits += !shm_clear_bit64(&bits, side->number + 8);
        for (held = shm_read16(&counter);; held = shm_read16(&counter))
            if (shm_compare_exchange16(&counter, held, (uint16_t)(held + 1)) == held)
                break;
        atomic_fetch_add(&sum, shm_exchange64(&word, i + 1));
    }
    return 0;
}

int main(void)
{
    uint64_t count = lies_count(100000);

    check_plain();
    check_compare();
    check_bits();
    run_both(raise_and_look, count);
    CHECK_EQ(both_missed, 0);
    run_both(contend, count);
    CHECK(bits == 0 && atomic_load(&lost_bits) == 0);
    CHECK_EQ(counter, (uint16_t)(2 * count));
    CHECK_EQ(atomic_load(&sum) + word, count * (count + 1));
    return check_done();
}
