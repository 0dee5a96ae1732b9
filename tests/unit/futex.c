/* SPDX-License-Identifier: BSD-2-Clause */
/* links: kernel/abi/futex.c kernel/abi/thread.c kernel/abi/time.c kernel/thread.c kernel/signal.c kernel/signal_queue.c kernel/waiters.c
   kernel/queue.c mm/user_range.c tests/unit/fake/thread.c tests/unit/fake/cpu.c tests/unit/fake/mm.c tests/unit/fake/kernel.c */
/* Futexes: which calls are refused, whom the others wake or wait for; and the mutexes that an ending thread held. */
#include "kernel/abi/futex.h"

#include <linux/errno.h>
#include <linux/futex.h>

#include "fake/kernel.h"
#include "fake/syscall.h"
#include "fake/thread.h"
#include "kernel/sched.h"
#include "kernel/signal.h"
#include "kernel/waiters.h"

#define SECOND   1000000000ULL
#define PRIVATE  FUTEX_PRIVATE_FLAG
#define END      (FAKE_USER_SIZE - 4)
#define UNMAPPED 0x7000ULL /* in the user half */

/* At 0 the words 7 and 8; at 16 the time 2 s 5 ns, at 32 one that is none. */
static void fill(void)
{
    memset(fake_user(), 0, 256);
    memcpy(halves(0), (uint32_t[]){ 7, 8 }, 8);
    memcpy(words(16), (uint64_t[]){ 2, 5, 0, SECOND }, 32);
    fake_clock = 100 * SECOND;
}

static void check_errors(void)
{
    static const struct syscall_row rows[] = {
        ROW(sys_futex, { AT(0), 99 }, -ENOSYS),
        ROW(sys_futex, { AT(0), FUTEX_LOCK_PI }, -ENOSYS),
        ROW(sys_futex, { AT(0), FUTEX_WAIT | FUTEX_CLOCK_REALTIME, 7, AT(16) }, -ENOSYS),
        ROW(sys_futex, { AT(0), FUTEX_WAKE | FUTEX_CLOCK_REALTIME, 1 }, -ENOSYS),
        ROW(sys_futex, { AT(0), FUTEX_WAIT, 8, 0 }, -EAGAIN),
        ROW(sys_futex, { AT(0), FUTEX_WAIT, 7, NOWHERE }, -EFAULT),
        ROW(sys_futex, { AT(0), FUTEX_WAIT, 7, AT(32) }, -EINVAL),
        ROW(sys_futex, { AT(2), FUTEX_WAIT, 7, 0 }, -EINVAL),
        ROW(sys_futex, { UNMAPPED, FUTEX_WAIT, 7, 0 }, -EFAULT),
        ROW(sys_futex, { UNMAPPED, FUTEX_WAIT | PRIVATE, 7, 0 }, -EFAULT),
        ROW(sys_futex, { AT(0), FUTEX_WAIT_BITSET, 7, 0, 0, 0 }, -EINVAL),
        ROW(sys_futex, { AT(0), FUTEX_WAKE_BITSET, 1, 0, 0, 0 }, -EINVAL),
        ROW(sys_futex, { AT(1), FUTEX_WAKE, 1 }, -EINVAL),
        ROW(sys_futex, { UNMAPPED, FUTEX_WAKE, 1 }, -EFAULT),
        ROW(sys_futex, { UNMAPPED, FUTEX_WAKE | PRIVATE, 1 }, 0), /* a private one is only named */
        ROW(sys_futex, { 0x7ffffffff000, FUTEX_WAKE | PRIVATE, 1 }, -EFAULT),
        ROW(sys_futex, { AT(0), FUTEX_REQUEUE, HIGH(-1), 0, AT(4) }, -EINVAL),
        ROW(sys_futex, { AT(0), FUTEX_REQUEUE, 0, HIGH(-1), AT(4) }, -EINVAL),
        ROW(sys_futex, { AT(1), FUTEX_REQUEUE, 0, 0, AT(4) }, -EINVAL),
        ROW(sys_futex, { AT(0), FUTEX_REQUEUE, 0, 0, AT(5) }, -EINVAL),
        ROW(sys_futex, { AT(0), FUTEX_REQUEUE, 0, 0, UNMAPPED }, -EFAULT),
        ROW(sys_futex, { AT(0), FUTEX_CMP_REQUEUE, 0, 0, AT(4), 8 }, -EAGAIN),
        ROW(sys_futex, { UNMAPPED, FUTEX_CMP_REQUEUE | PRIVATE, 0, 0, AT(4), 7 }, -EFAULT),
    };

    fill();
    fake_waits = 0;
    check_rows(rows, ROWS(rows));
    CHECK_EQ(fake_waits, 0);
}

static void check_waits(void)
{
    static const struct {
        uint64_t operation, bits, deadline;
        bool has_time;
        int64_t result; /* when nobody wakes it */
        uint32_t with;
    } row[] = {
        { FUTEX_WAIT, 0, 102 * SECOND + 5, true, -ETIMEDOUT, ~0u },
        { FUTEX_WAIT | PRIVATE, 0, SCHED_FOREVER, false, -ERESTARTSYS, ~0u },
        { FUTEX_WAIT_BITSET, HIGH(6), 2 * SECOND + 5, true, -ETIMEDOUT, 6 },
        { FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME | PRIVATE, 1, 0, true, -ETIMEDOUT, 1 }, /* 1970 */
        { FUTEX_WAIT_BITSET, ~0u, SCHED_FOREVER, false, -ERESTARTSYS, ~0u },
    };

    for (unsigned i = 0; i < ROWS(row); i++) {
        uint64_t arg[6] = { placed(AT(4)), row[i].operation, HIGH(8), row[i].has_time ? placed(AT(16)) : 0, 0,
                            row[i].bits };

        fill();
        CHECK_EQ(fake_call(sys_futex, arg), row[i].result);
        CHECK_EQ(fake_blocked.key, placed(AT(4)));
        CHECK_EQ(fake_blocked.bits, row[i].with);
        CHECK_EQ(fake_blocked.deadline_ns, row[i].deadline);
    }
}

static void check_wakes(void)
{
    static const struct {
        uint64_t operation, count, bits;
        int64_t result; /* with 5 that wait */
        uint32_t with;
    } row[] = {
        { FUTEX_WAKE, 1, 0, 1, ~0u },        { FUTEX_WAKE | PRIVATE, 0x7fffffff, 0, 5, ~0u },
        { FUTEX_WAKE, HIGH(0), 0, 1, ~0u }, /* Linux wakes before it counts */
        { FUTEX_WAKE, HIGH(-1), 0, 1, ~0u }, { FUTEX_WAKE_BITSET, 3, HIGH(0x10), 3, 0x10 },
    };

    fill();
    fake_sleepers = 5;
    for (unsigned i = 0; i < ROWS(row); i++) {
        CHECK_EQ(
            fake_call(sys_futex, (uint64_t[6]){ placed(AT(0)), row[i].operation, row[i].count, 0, 0, row[i].bits }),
            row[i].result);
        CHECK_EQ(fake_woken.key, placed(AT(0)));
        CHECK_EQ(fake_woken.bits, row[i].with);
    }
    fake_sleepers = 0;
}

static void check_requeue(void)
{
    uint64_t from = placed(AT(0)), to = placed(AT(4));

    for (uint32_t thread = 10; thread < 14; thread++)
        waiters_add(thread, from, 1);
    fake_sleepers = 1;
    CHECK_EQ(fake_call(sys_futex, (uint64_t[6]){ from, FUTEX_REQUEUE, 2, 3, to }), 1 + 3);
    CHECK(fake_woken.key == from && fake_woken.count == 2 && fake_woken.bits == SCHED_ANY);
    CHECK_EQ(waiters_take(to, 1), 10);
    CHECK_EQ(waiters_take(to, 1), 11);
    CHECK_EQ(waiters_take(to, 1), 12);
    CHECK_EQ(waiters_take(to, 1), WAITERS_NONE);
    CHECK_EQ(fake_call(sys_futex, (uint64_t[6]){ from, FUTEX_CMP_REQUEUE | PRIVATE, 0, 0x7fffffff, to, HIGH(7) }), 1);
    CHECK_EQ(fake_woken.count, 0);
    CHECK_EQ(waiters_take(to, 1), 13);
    fake_sleepers = 0;
}

static void check_robust_calls(void)
{
    static const struct syscall_row rows[] = {
        ROW(sys_set_robust_list, { AT(128), 23 }, -EINVAL),
        ROW(sys_set_robust_list, { AT(128), 24 }, 0),
        ROW(sys_get_robust_list, { 77, AT(0), AT(8) }, -ESRCH),
        ROW(sys_get_robust_list, { 0, NOWHERE, AT(8) }, -EFAULT),
        ROW(sys_get_robust_list, { 0, AT(0), NOWHERE }, -EFAULT),
        ROW(sys_get_robust_list, { HIGH(1), AT(0), AT(8) }, 0),
    };

    check_rows(rows, ROWS(rows));
    CHECK_EQ(words(0)[0], placed(AT(128)));
    CHECK_EQ(words(0)[1], 24);
}

/* A list of three mutexes, each a link with its word 16 behind it, and one that was about to be taken; thread 5 ends. */
enum { HEAD = 512, ENTRY = 1024, WORD = 16, PENDING = 2048, DYING = 5 };

static void make_list(uint32_t word)
{
    memset(fake_user(), 0, 4096);
    for (uint32_t i = 0; i < 3; i++) {
        words(ENTRY + 64 * i)[0] = placed(AT(i < 2 ? ENTRY + 64 * (i + 1) : HEAD));
        halves(ENTRY + 64 * i + WORD)[0] = word;
    }
    memcpy(words(HEAD), (uint64_t[]){ placed(AT(ENTRY)), WORD, placed(AT(PENDING)) }, 24);
    halves(PENDING + WORD)[0] = word;
    fake_woken.calls = 0;
}

static void check_words(uint32_t first, uint32_t second, uint32_t third, uint32_t pending, unsigned woken)
{
    futex_release_robust(placed(AT(HEAD)), DYING);
    CHECK_EQ(halves(ENTRY + WORD)[0], first);
    CHECK_EQ(halves(ENTRY + 64 + WORD)[0], second);
    CHECK_EQ(halves(ENTRY + 128 + WORD)[0], third);
    CHECK_EQ(halves(PENDING + WORD)[0], pending);
    CHECK_EQ(fake_woken.calls, woken);
}

static void check_robust(void)
{
    const uint32_t died = FUTEX_OWNER_DIED, waited = FUTEX_WAITERS | FUTEX_OWNER_DIED;

    make_list(DYING);
    check_words(died, died, died, died, 4);
    CHECK(fake_woken.key == placed(AT(PENDING + WORD)) && fake_woken.count == 1);
    make_list(DYING | FUTEX_WAITERS);
    halves(ENTRY + 64 + WORD)[0] = 6; /* another thread's */
    check_words(waited, 6, waited, waited, 3);
    make_list(6);
    check_words(6, 6, 6, 6, 0);
    make_list(DYING); /* marks of priority inheritance in the links */
    words(HEAD)[0] |= 1;
    words(HEAD)[2] |= 1;
    words(ENTRY)[0] |= 1;
    check_words(died, died, died, died, 4);
    make_list(DYING); /* the one about to be taken is in the list already: once, and as the last */
    words(HEAD)[2] = placed(AT(ENTRY));
    check_words(died, died, died, DYING, 3);
    CHECK_EQ(fake_woken.key, placed(AT(ENTRY + WORD)));
    make_list(DYING); /* nothing about to be taken */
    words(HEAD)[2] = 0;
    check_words(died, died, died, DYING, 3);
}

/* A list that lies: the walk ends. */
static void check_broken_lists(void)
{
    const uint32_t died = FUTEX_OWNER_DIED;

    make_list(DYING);
    words(ENTRY + 64)[0] = NOWHERE;
    check_words(died, died, DYING, DYING, 2);
    make_list(DYING);
    words(HEAD)[0] = NOWHERE;
    check_words(DYING, DYING, DYING, DYING, 0);
    make_list(DYING);
    words(HEAD)[1] = WORD + 1; /* no word is there */
    check_words(DYING, DYING, DYING, DYING, 0);
    make_list(DYING);
    words(HEAD)[1] = FAKE_USER_SIZE;
    check_words(DYING, DYING, DYING, DYING, 0);
    make_list(DYING);
    words(ENTRY)[0] = placed(AT(ENTRY)); /* a ring without the head */
    check_words(died, DYING, DYING, died, 2);
    make_list(DYING);
    futex_release_robust(0, DYING);
    futex_release_robust(placed(AT(FAKE_USER_SIZE - 16)), DYING);
    CHECK_EQ(fake_woken.calls, 0);
}

int main(void)
{
    fake_mm_start();
    queue_start();
    fake_thread_start();
    check_errors();
    check_waits();
    check_wakes();
    check_requeue();
    check_robust_calls();
    check_robust();
    check_broken_lists();
    return check_done();
}
