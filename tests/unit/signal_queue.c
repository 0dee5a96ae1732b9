/* SPDX-License-Identifier: BSD-2-Clause */
/* links: kernel/signal_queue.c */
/* Signals that wait: in which order they are taken, what is told about them, what happens when too many wait. */
#include "kernel/signal_queue.h"

#include "check.h"
#include "lies.h"

enum { HUP = 1, ILL = 4, FPE = 8, KILL_CODE = 0, SEGV = 11, ALRM = 14, RT = 34, QUEUE = -1 };

static struct signal_info of(int signal, int code, uint64_t value)
{
    return (struct signal_info){ .signal = signal, .code = code, .field = { 1, value } };
}

static void add(struct signal_set *set, int signal, uint64_t value)
{
    struct signal_info info = of(signal, QUEUE, value);

    CHECK(signal_set_add(set, &info));
}

static void check_take(struct signal_set *set, uint64_t signals, int signal, uint64_t value)
{
    struct signal_info info;

    CHECK(signal_set_take(set, signals, &info));
    CHECK_EQ(info.signal, signal);
    CHECK_EQ(info.field[1], value);
}

static void check_order(void)
{
    struct signal_set set = { 0 };
    struct signal_info info;

    add(&set, RT, 1);
    add(&set, ALRM, 2);
    add(&set, RT, 3);
    add(&set, HUP, 4);
    add(&set, ALRM, 5); /* one of them is enough */
    add(&set, SEGV, 6);
    add(&set, FPE, 7);
    add(&set, RT + 1, 8);
    CHECK_EQ(set.bits, signal_bit(RT) | signal_bit(RT + 1) | signal_bit(ALRM) | signal_bit(HUP) | signal_bit(SEGV) |
                           signal_bit(FPE));
    CHECK(!signal_set_take(&set, signal_bit(ILL), &info));
    check_take(&set, signal_bit(RT), RT, 1);
    check_take(&set, ~0ULL, FPE, 7);
    check_take(&set, ~0ULL, SEGV, 6);
    check_take(&set, ~0ULL, HUP, 4);
    check_take(&set, ~signal_bit(ALRM), RT, 3);
    CHECK(!(set.bits & signal_bit(RT)));
    add(&set, RT, 9);
    check_take(&set, ~0ULL, ALRM, 2);
    signal_set_drop(&set, signal_bit(RT));
    check_take(&set, ~0ULL, RT + 1, 8);
    CHECK(!signal_set_take(&set, ~0ULL, &info) && set.bits == 0 && set.first == 0 && set.last == 0);
}

/* Entries are few: then signals that may be without one are, and a queued one is refused. */
static void check_full(void)
{
    struct signal_set set = { 0 }, other = { 0 };
    struct signal_info info = of(RT, QUEUE, 0);

    for (uint32_t i = 0; i < SIGNAL_ENTRIES_MAX; i++)
        add(&set, RT, i);
    CHECK(!signal_set_add(&other, &info) && other.bits == 0);
    info = of(RT, KILL_CODE, 77);
    CHECK(signal_set_add(&other, &info));
    add(&other, HUP, 78);
    check_take(&other, ~0ULL, HUP, 0);
    check_take(&other, ~0ULL, RT, 0);
    for (uint32_t i = 0; i < SIGNAL_ENTRIES_MAX / 2; i++)
        check_take(&set, ~0ULL, RT, i);
    add(&other, RT, 5);
    signal_set_drop(&set, ~0ULL);
    signal_set_drop(&other, ~0ULL);
    for (uint32_t i = 0; i < SIGNAL_ENTRIES_MAX; i++)
        add(&set, RT + i % 20, i);
    signal_set_drop(&set, ~0ULL);
}

/* Against arrays of what was sent. */
static void check_random(void)
{
    enum { SIGNALS = 64, SETS = 3 };
    static uint64_t sent[SETS][SIGNALS + 1][SIGNAL_ENTRIES_MAX];
    static uint32_t count[SETS][SIGNALS + 1], total;
    static struct signal_set set[SETS];
    struct signal_info info;

    for (uint64_t i = lies_count(300000); i > 0; i--) {
        uint32_t s = lies_next() % SETS, signal = 1 + lies_next() % SIGNALS, *n = &count[s][signal];

        if (lies_next() % 2) {
            info = of((int)signal, QUEUE, i);
            bool fits = total < SIGNAL_ENTRIES_MAX || signal < SIGNAL_REAL_TIME;
            if (total == SIGNAL_ENTRIES_MAX && signal < SIGNAL_REAL_TIME && *n == 0)
                continue; /* it would have no entry: see check_full */
            CHECK_EQ(signal_set_add(&set[s], &info), fits);
            if (fits && (signal >= SIGNAL_REAL_TIME || *n == 0)) {
                sent[s][signal][(*n)++] = i;
                total++;
            }
        } else if (lies_next() % 64) {
            if (!CHECK_EQ(signal_set_take(&set[s], signal_bit(signal), &info), *n != 0))
                return;
            if (*n != 0) {
                CHECK_EQ(info.field[1], sent[s][signal][0]);
                for (uint32_t k = 1; k < *n; k++)
                    sent[s][signal][k - 1] = sent[s][signal][k];
                (*n)--;
                total--;
            }
        } else {
            signal_set_drop(&set[s], signal_bit(signal));
            total -= *n;
            *n = 0;
        }
        if (!CHECK_EQ((set[s].bits & signal_bit(signal)) != 0, *n != 0))
            return;
    }
}

int main(void)
{
    check_order();
    check_full();
    check_random();
    return check_done();
}
