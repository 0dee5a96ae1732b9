/* SPDX-License-Identifier: BSD-2-Clause */
/* links: drivers/pit.c tests/unit/fake/cpu.c */
/* An 8254 behind the driver's own port accesses: it counts down from where it was loaded, and shows what was latched. */
#include "drivers/pit.h"

#include "check.h"
#include "fake/cpu.h"
#include "x86/cpu.h"

enum { CHANNEL_0 = 0x40, CONTROL = 0x43, MODE_0_BOTH_BYTES = 0x30, LATCH_BOTH_0 = 0xc2, OUT = 0x80 };
enum { TICKS_PER_ACCESS = 3 }; /* the counter goes on while it is read: only what is latched stays */

static struct {
    uint32_t ticks;            /* since it was loaded */
    unsigned loads;            /* bytes of a count that have come: it counts from the second on */
    uint8_t answers[3];        /* status, low, high */
    unsigned next;             /* of them */
    uint64_t started, latched; /* the TSC then */
} pit;

uint8_t port_read(uint16_t port)
{
    CHECK_EQ(port, CHANNEL_0);
    pit.ticks += TICKS_PER_ACCESS;
    return CHECK(pit.next < 3) ? pit.answers[pit.next++] : 0;
}

static void latch(void)
{
    uint32_t count = (0x10000 - pit.ticks) & 0xffff;

    pit.latched = rdtsc();
    pit.next = 0;
    pit.answers[0] = pit.ticks >= 0x10000 ? OUT : 0x30;
    pit.answers[1] = (uint8_t)count;
    pit.answers[2] = (uint8_t)(count >> 8);
}

void port_write(uint16_t port, uint16_t value, unsigned size)
{
    CHECK_EQ(size, 1);
    pit.ticks += TICKS_PER_ACCESS;
    if (port == CONTROL && value == MODE_0_BOTH_BYTES) {
        pit.loads = 0;
    } else if (port == CONTROL && CHECK_EQ(value, LATCH_BOTH_0)) {
        latch();
    } else if (CHECK_EQ(port, CHANNEL_0) && CHECK_EQ(value, 0) && ++pit.loads == 2) {
        pit.ticks = 0;
        pit.started = rdtsc();
    }
}

static void check_start(void)
{
    struct pit_mark mark;

    pit.loads = 9;
    mark = pit_start();
    CHECK_EQ(pit.loads, 2);
    CHECK_EQ(mark.ticks, 0);
    CHECK(!mark.wrapped);
    CHECK(mark.tsc_before <= pit.started && pit.started <= mark.tsc_after);
}

/* The mark has the ticks of the moment that is between its two TSC readings. */
static void check_read(void)
{
    static const struct {
        uint32_t at;
        uint16_t ticks;
        bool wrapped;
    } rows[] = {
        { 0, 0, false },           { 1, 1, false },           { 0xff, 0xff, false }, { 0x100, 0x100, false },
        { 0x1234, 0x1234, false }, { 0xffff, 0xffff, false }, { 0x10000, 0, true },  { 0x12345, 0x2345, true },
    };

    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pit_mark mark;

        pit_start();
        pit.ticks = rows[i].at - TICKS_PER_ACCESS;
        mark = pit_read();
        if (!CHECK_EQ(mark.ticks, rows[i].ticks) || !CHECK_EQ(mark.wrapped, rows[i].wrapped) || !CHECK_EQ(pit.next, 3))
            printf("    row %u\n", i);
        CHECK(mark.tsc_before <= pit.latched && pit.latched <= mark.tsc_after);
    }
}

int main(void)
{
    fake_cpu_start();
    check_start();
    check_read();
    return check_done();
}
