/* SPDX-License-Identifier: BSD-2-Clause */
/* Timers set, asked and read at random, against a model that looks at each of them. */
/* links: tests/unit/fake/mm.c mm/user_range.c tests/unit/fake/kernel.c lib/format.c kernel/cpio.c kernel/fs/slots.c kernel/fs/node.c
   kernel/fs/data.c kernel/fs/entry.c kernel/fs/path.c kernel/fs/tree.c kernel/fs/open.c kernel/fs/file.c kernel/fs/device.c
   tests/unit/fake/no_disks.c kernel/fs/pipe.c kernel/fs/stream.c kernel/fs/wait.c kernel/fs/watch.c kernel/fs/epoll.c
   kernel/fs/timer.c kernel/fs/socket.c kernel/fs/proc.c kernel/fs/fixed.c kernel/fs/fs.c kernel/fs/unpack.c */
#include "kernel/fs/timer.h"
#include "check.h"
#include "fake/kernel.h"
#include "fake/mm.h"
#include "kernel/fs/fs.h"
#include "kernel/sched.h"
#include <errno.h>
#include <stddef.h>

#define TIMERS 40u
#define STEPS  100000u
#define UNIT   1000000ull /* the fake clock goes on by a nanosecond at each reading: far less than half of this */

/* due: 0 when it will not expire. */
static struct {
    uint64_t due, interval, ticks;
    struct open_file *file;
} model[TIMERS];

static uint32_t seed = 7;
static uint64_t now;

static uint32_t any(uint32_t below)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

static void catch_up(unsigned i)
{
    if (model[i].due == 0 || model[i].due > now)
        return;
    uint64_t n = model[i].interval == 0 ? 1 : 1 + (now - model[i].due) / model[i].interval;
    model[i].ticks += n;
    model[i].due = model[i].interval == 0 ? 0 : model[i].due + n * model[i].interval;
}

static void set(unsigned i)
{
    model[i].due = any(4) == 0 ? 0 : now + any(100) * UNIT - any(20) * UNIT / 4 - UNIT / 2;
    model[i].interval = any(2) != 0 ? 0 : (1 + any(30)) * UNIT;
    model[i].ticks = 0;
    timer_set(model[i].file->node, model[i].due, model[i].interval);
}

static void read_one(unsigned i)
{
    uint64_t got = 0;
    struct io_buffer to = { .kernel = (uint8_t *)&got };
    catch_up(i);
    timer_run();
    CHECK_EQ(timer_poll(model[i].file) != 0, model[i].ticks != 0);
    int64_t n = timer_read(model[i].file, &to, sizeof(got));
    if (model[i].ticks == 0)
        CHECK_EQ(n, -EAGAIN);
    else
        CHECK(n == 8 && got == model[i].ticks);
    model[i].ticks = 0;
}

static void ask_left(unsigned i)
{
    catch_up(i);
    uint64_t left = timer_left(model[i].file->node), want = model[i].due == 0 ? 0 : model[i].due - now;
    CHECK(left <= want && want - left < 1000);
}

/* The first of all that have not expired, or had their expirations counted. */
static void check_next(void)
{
    uint64_t first = SCHED_FOREVER;
    timer_run();
    for (unsigned i = 0; i < TIMERS; i++) {
        if (model[i].due > now && model[i].due < first)
            first = model[i].due;
    }
    CHECK_EQ(timer_next(), first);
}

int main(void)
{
    fake_mm_start();
    CHECK_EQ(fs_init(), 0);
    now = fake_clock = 1000 * UNIT;
    for (unsigned i = 0; i < TIMERS; i++) {
        int64_t fd = fd_open_node(timer_make(1), O_RDWR | O_NONBLOCK);
        model[i].file = fd_file((uint64_t)fd);
    }
    for (unsigned step = 0; step < STEPS; step++) {
        unsigned i = any(TIMERS), what = any(10);
        now += any(4) * UNIT;
        fake_clock = now;
        if (what < 3)
            set(i);
        else if (what < 6)
            read_one(i);
        else if (what < 8)
            ask_left(i);
        else
            check_next();
    }
    for (uint64_t fd = 3; fd < 3 + TIMERS; fd++)
        CHECK_EQ(fd_close(fd), 0);
    CHECK_EQ(timer_next(), SCHED_FOREVER);
    return check_done();
}
