/* SPDX-License-Identifier: BSD-2-Clause */
/* Cases with two disks, /dev/xvda and xvdb, each in a process of its own: a disk that broke stays so. */
#ifndef TESTS_UNIT_FAKE_DISK_CASE_H
#define TESTS_UNIT_FAKE_DISK_CASE_H
#include <linux/errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "drivers/blkfront.h"
#include "drivers/clock.h"
#include "fake/blkback.h"
#include "fake/mm.h"
#include "fake/xenstored.h"
#include "lib/log.h"
#include "lies.h"
#include "xen/grant_page.h"

enum { XVDA = 51712, XVDB = 51728 };

static uint64_t now = 1;
static bool is_flapping;
static char lines[4096];
static unsigned line_count;

uint64_t clock_read_monotonic(void)
{
    return now;
}

void fake_time_pass(uint64_t ns)
{
    static unsigned i;

    now += ns;
    if (is_flapping)
        fake_blkback_set(&fake_blkback[0], "state", i++ % 2 ? "1" : "0");
}

static void keep_line(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        line_count += text[i] == '\n';
    snprintf(lines + strlen(lines), sizeof(lines) - strlen(lines), "%.*s", (int)size, text);
}

/* Runs a case in a process of its own. */
static void run(void (*work)(const void *arg), const void *arg)
{
    int status = 0;
    pid_t child;

    child = fork();
    if (child == 0) {
        check_failures = 0;
        fake_blkback_start();
        fake_blkback_make(0, XVDA);
        fake_blkback_make(1, XVDB);
        work(arg);
        _exit(check_failures ? 1 : 0);
    }
    CHECK(child > 0 && waitpid(child, &status, 0) == child);
    CHECK_EQ(status, 0);
}

static int finish(uint32_t disk, int slot)
{
    int result;

    blkfront_kick(disk);
    while ((result = blkfront_result(disk, (uint32_t)slot)) == -EINPROGRESS) {
        fake_blkback_step();
        blkfront_serve();
        now += 1000000000;
    }
    return result;
}

/* One request with as many pages as the sectors need; the first byte of each sector is what is written or wanted. */
static int move(uint32_t disk, uint8_t operation, uint64_t sector, uint32_t sectors, uint8_t byte)
{
    uint32_t pages = (sectors + 7) / 8;
    int slot = blkfront_take(disk, &pages), result;

    if (slot < 0)
        return slot;
    for (uint32_t i = 0; i < sectors && operation == BLKIF_OP_WRITE; i++)
        memset(blkfront_page(disk, (uint32_t)slot, i / 8) + i % 8 * 512, byte, 512);
    blkfront_put(disk, (uint32_t)slot, operation, sector, sectors);
    result = finish(disk, slot);
    for (uint32_t i = 0; i < sectors && operation == BLKIF_OP_READ && result == 0; i++)
        CHECK_EQ(blkfront_page(disk, (uint32_t)slot, i / 8)[i % 8 * 512], byte);
    blkfront_give(disk, (uint32_t)slot);
    return result;
}

/* Everything else runs: the other disk still works. */
static void check_other(void)
{
    CHECK_EQ(blkfront_open(1), 0);
    CHECK_EQ(move(1, BLKIF_OP_WRITE, 100, 3, 0x77), 0);
    CHECK_EQ(move(1, BLKIF_OP_READ, 100, 3, 0x77), 0);
    CHECK(fake_blkback[1].bytes[100 * 512] == 0x77);
}

static inline void settle(void)
{
    for (int i = 0; i < 20; i++) {
        blkfront_serve();
        fake_blkback_step();
        now += 1000000000;
    }
}

/* Before the first case. */
static void start_cases(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0); /* what a case says before it aborts */
    fake_mm_start();
    log_set_sink(keep_line);
}

#endif
