/* SPDX-License-Identifier: BSD-2-Clause */
/* links: drivers/rtc.c tests/unit/fake/cpu.c */
/* A battery clock behind the driver's own port accesses: one that goes on while it is read, one that never stops, none at all. */
#include "drivers/rtc.h"

#include <string.h>
#include <time.h>

#include "check.h"
#include "fake/cpu.h"

enum {
    INDEX = 0x70,
    DATA = 0x71,
    STATUS_A = 10,
    STATUS_B = 11,
    UPDATING = 0x80,
    BINARY_24 = 6,
    BCD_24 = 2,
    BCD_12 = 0
};
enum { NEVER = 1 << 30, UNTOUCHED = 12345, MOST_LOOKS = 4 * (100000 + 12) + 1 };
enum { LAST_SECOND = 1704067199 }; /* 2023-12-31 23:59:59, and in the next second every register is another one */

/* Registers as second, minute, hour, day, month, year. */
static const uint8_t old_date[6] = { 59, 59, 23, 31, 12, 23 }, new_date[6] = { 0, 0, 0, 1, 1, 24 };

static struct {
    uint8_t index, date[6], next[6], status_b;
    unsigned updating;     /* so many more looks at register A find an update */
    unsigned until_next;   /* so many more date registers are read before the date changes */
    unsigned looks;        /* at any register */
    bool restless, absent; /* a date that no two readings agree on; no device */
} clock_chip;

static uint8_t read_date_register(unsigned i)
{
    if (clock_chip.until_next == 0)
        memcpy(clock_chip.date, clock_chip.next, sizeof clock_chip.date);
    else
        clock_chip.until_next--;
    return clock_chip.restless && i == 0 ? clock_chip.looks % 60 : clock_chip.date[i];
}

static uint8_t read_status_a(void)
{
    if (clock_chip.updating == 0)
        return 0x26;
    clock_chip.updating--;
    return UPDATING | 0x26;
}

uint8_t port_read(uint16_t port)
{
    static const uint8_t place[STATUS_A] = { 0, 6, 1, 6, 2, 6, 6, 3, 4, 5 };

    CHECK_EQ(port, DATA);
    clock_chip.looks++;
    if (clock_chip.absent)
        return 0xff;
    if (clock_chip.index == STATUS_A)
        return read_status_a();
    if (clock_chip.index == STATUS_B)
        return clock_chip.status_b;
    return CHECK(clock_chip.index < STATUS_A && place[clock_chip.index] < 6)
               ? read_date_register(place[clock_chip.index])
               : 0;
}

void port_write(uint16_t port, uint16_t value, unsigned size)
{
    CHECK_EQ(port, INDEX);
    CHECK_EQ(size, 1);
    clock_chip.index = (uint8_t)value;
}

/* What rtc_read makes of it; UNTOUCHED when it says no. */
static uint64_t reading(void)
{
    uint64_t seconds = UNTOUCHED;
    bool good = rtc_read(&seconds);

    CHECK_EQ(good, seconds != UNTOUCHED);
    CHECK(clock_chip.looks <= MOST_LOOKS);
    return seconds;
}

static void set(const uint8_t date[6], uint8_t status_b)
{
    memset(&clock_chip, 0, sizeof clock_chip);
    memcpy(clock_chip.date, date, 6);
    clock_chip.until_next = NEVER;
    clock_chip.status_b = status_b;
}

static void check_forms(void)
{
    static const struct {
        uint8_t date[6], status_b;
        uint64_t seconds;
    } rows[] = {
        { { 59, 59, 23, 31, 12, 23 }, BINARY_24, LAST_SECOND },
        { { 0x59, 0x59, 0x23, 0x31, 0x12, 0x23 }, BCD_24, LAST_SECOND },
        { { 0x59, 0x59, 0x91, 0x31, 0x12, 0x23 }, BCD_12, LAST_SECOND },             /* 11 pm */
        { { 0x59, 0x59, 0x92, 0x31, 0x12, 0x23 }, BCD_12, LAST_SECOND - 11 * 3600 }, /* 12 pm is noon */
        { { 0x59, 0x59, 0x12, 0x31, 0x12, 0x23 }, BCD_12, LAST_SECOND - 23 * 3600 }, /* 12 am is midnight */
        { { 59, 59, 23, 31, 13, 23 }, BINARY_24, UNTOUCHED },
        { { 59, 59, 23, 30, 2, 24 }, BINARY_24, UNTOUCHED },
        { { 60, 59, 23, 31, 12, 23 }, BINARY_24, UNTOUCHED },
        { { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, BCD_24, UNTOUCHED },
    };

    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        set(rows[i].date, rows[i].status_b);
        if (!CHECK_EQ(reading(), rows[i].seconds))
            printf("    row %u\n", i);
    }
}

/* The date changes before its k-th register is read: what comes out is the old one or the new one, whole. */
static void check_change_while_read(void)
{
    for (unsigned k = 0; k < 24; k++) {
        uint64_t seconds;

        set(old_date, BINARY_24);
        memcpy(clock_chip.next, new_date, 6);
        clock_chip.until_next = k;
        seconds = reading();
        if (!CHECK_EQ(seconds, k < 12 ? LAST_SECOND + 1 : LAST_SECOND))
            printf("    before register %u\n", k);
    }
}

static void check_waits_end(void)
{
    set(old_date, BINARY_24);
    clock_chip.updating = 2000;
    CHECK_EQ(reading(), LAST_SECOND);
    CHECK_EQ(clock_chip.updating, 0);
    set(old_date, BINARY_24);
    clock_chip.updating = NEVER;
    CHECK_EQ(reading(), UNTOUCHED);
    set(old_date, BINARY_24);
    clock_chip.restless = true;
    CHECK_EQ(reading(), UNTOUCHED);
    set(old_date, BINARY_24);
    clock_chip.absent = true;
    CHECK_EQ(reading(), UNTOUCHED);
}

/* Each field at both its ends, against the C library's calendar. */
static void check_calendar(void)
{
    static const struct {
        struct rtc_date date;
        bool good;
    } rows[] = {
        { { 1970, 1, 1, 0, 0, 0 }, true },           { { 1969, 12, 31, 23, 59, 59 }, false },
        { { 2105, 12, 31, 23, 59, 59 }, true },      { { 2106, 1, 1, 0, 0, 0 }, false },
        { { 2024, 12, 1, 0, 0, 0 }, true },          { { 2024, 13, 1, 0, 0, 0 }, false },
        { { 2024, 0, 1, 0, 0, 0 }, false },          { { 2024, 1, 0, 0, 0, 0 }, false },
        { { 2024, 1, 32, 0, 0, 0 }, false },         { { 2024, 4, 31, 0, 0, 0 }, false },
        { { 2024, 2, 29, 0, 0, 0 }, true },          { { 2023, 2, 29, 0, 0, 0 }, false },
        { { 2000, 2, 29, 0, 0, 0 }, true },          { { 2100, 2, 29, 0, 0, 0 }, false },
        { { 2100, 2, 28, 0, 0, 0 }, true },          { { 2024, 5, 31, 24, 0, 0 }, false },
        { { 2024, 5, 31, 23, 60, 0 }, false },       { { 2024, 5, 31, 23, 59, 60 }, false },
        { { 2024, 5, 31, 23, 59, 59 }, true },       { { 2101, 3, 1, 12, 30, 15 }, true },
        { { 2024, 5, UINT32_MAX, 0, 0, 0 }, false }, { { UINT32_MAX, 5, 1, 0, 0, 0 }, false },
    };

    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct rtc_date *date = &rows[i].date;
        struct tm tm = { .tm_year = (int)date->year - 1900,
                         .tm_mon = (int)date->month - 1,
                         .tm_mday = (int)date->day,
                         .tm_hour = (int)date->hour,
                         .tm_min = (int)date->minute,
                         .tm_sec = (int)date->second };
        uint64_t seconds = UNTOUCHED, wanted = rows[i].good ? (uint64_t)timegm(&tm) : UNTOUCHED;

        if (!CHECK_EQ(rtc_seconds(date, &seconds), rows[i].good) || !CHECK_EQ(seconds, wanted))
            printf("    row %u\n", i);
    }
}

int main(void)
{
    fake_cpu_start();
    check_forms();
    check_change_while_read();
    check_waits_end();
    check_calendar();
    return check_done();
}
