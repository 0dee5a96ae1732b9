/* SPDX-License-Identifier: BSD-2-Clause */
/* links: drivers/tsc.c drivers/rtc.c drivers/clock_face.c xen/pvclock.c */
/* A simulated machine of known TSC rate: the clock finds the rate, corrects itself, and never goes back. And dates. */
#include "drivers/tsc.h"

#include <time.h>

#include "check.h"
#include "drivers/clock_face.h"
#include "drivers/rtc.h"
#include "x86/cpu.h"

struct cpu_features cpu;

/* The machine: now_ns is the truth; the PIT was started at pit_ns; a port access takes access_ns. */
static uint64_t now_ns, pit_ns, tsc_mhz, access_ns;

static uint64_t tsc_now(void)
{
    return 1000000 + now_ns * tsc_mhz / 1000;
}

static struct pit_mark mark_now(bool start)
{
    struct pit_mark mark = { .tsc_before = tsc_now() };
    uint64_t ticks;

    now_ns += access_ns / 2;
    if (start)
        pit_ns = now_ns;
    ticks = (now_ns - pit_ns) * PIT_HZ / 1000000000;
    mark.ticks = (uint16_t)ticks;
    mark.wrapped = ticks > 0xffff;
    now_ns += access_ns / 2;
    mark.tsc_after = tsc_now();
    return mark;
}

static struct clock_face face;

static void turn_face(const struct tsc_clock *clock)
{
    clock_face_turn(&face, &clock->rate, 0, tsc_now());
}

/* One reading as drivers/clock.c does it. */
static uint64_t read_clock(struct tsc_clock *clock)
{
    if (tsc_now() >= clock->next_tsc) {
        struct pit_mark mark = mark_now(false);

        if (!tsc_clock_learn(clock, &mark)) {
            mark = mark_now(true);
            tsc_clock_move_anchor(clock, &mark);
        }
        turn_face(clock);
    }
    return (uint64_t)clock_face_read(&face, tsc_now());
}

/* Starts at boot, asks first after first_ns; then at doubling, then at even distances; error stays under the bounds. */
static void check_machine(uint64_t mhz, uint64_t access, uint64_t first_ns)
{
    struct tsc_clock clock;
    struct pit_mark mark;
    uint64_t start, allowed, last = 0;

    now_ns = 123456;
    tsc_mhz = mhz;
    access_ns = access;
    mark = mark_now(true);
    start = now_ns;
    tsc_clock_start(&clock, &mark);
    face = (struct clock_face){ .version = 0 };
    turn_face(&clock);
    CHECK_EQ(clock_face_read(&face, tsc_now()), 0);
    now_ns += first_ns;
    mark = mark_now(false);
    /* What passed before a late anchor is only known by the first rate, of a 1 ms baseline. */
    allowed = mark.wrapped ? first_ns / 500 : 0;
    if (mark.wrapped) {
        mark = mark_now(true);
        tsc_clock_move_anchor(&clock, &mark);
        now_ns += 1100000;
        mark = mark_now(false);
    }
    CHECK(tsc_clock_learn_first(&clock, &mark));
    turn_face(&clock);
    CHECK(face.tsc_khz + 1 + mhz * 20 >= mhz * 1000 && face.tsc_khz <= mhz * 1020);
    for (uint64_t step = 50000; step < 100000000000; step += step / 2) {
        uint64_t reading, truth, error;

        now_ns += step;
        reading = read_clock(&clock);
        truth = now_ns - start;
        error = reading > truth ? reading - truth : truth - reading;
        CHECK(reading >= last);
        last = reading;
        error = error > allowed ? error - allowed : 0;
        /* 2 % at first, 500 ppm from 100 ms on, 20 ppm from 10 s on */
        if (!CHECK(error <= truth / 50 + 20000) || (truth > 100000000 && !CHECK(error <= truth / 2000)) ||
            (truth > 10000000000 && !CHECK(error <= truth / 50000)))
            printf("    %" PRIu64 " MHz, access %" PRIu64 " ns, first %" PRIu64 " ns: %" PRIu64 " at %" PRIu64 "\n",
                   mhz, access, first_ns, reading, truth);
    }
}

static void check_rates(void)
{
    static const uint64_t mhz[] = { 25, 999, 1000, 2400, 3793, 5000 }, access[] = { 400, 2000 };
    static const uint64_t first[] = { 1100000, 9000000, 54000000, 3000000000 };

    for (unsigned i = 0; i < sizeof(mhz) / sizeof(mhz[0]); i++) {
        for (unsigned j = 0; j < sizeof(access) / sizeof(access[0]); j++) {
            for (unsigned k = 0; k < sizeof(first) / sizeof(first[0]); k++)
                check_machine(mhz[i], access[j], first[k]);
        }
    }
}

/* A mark that says nonsense is refused or changes nothing for the worse; time does not go back whatever it says. */
static void check_lies(void)
{
    struct tsc_clock clock;
    struct pit_mark anchor = { 100, 100, 0, false }, mark = { 200, 200, 0, false };
    uint64_t seed = 1, last = 0;

    tsc_clock_start(&clock, &anchor);
    CHECK(!tsc_clock_learn_first(&clock, &mark));
    mark.ticks = 65535;
    CHECK(!tsc_clock_learn_first(&clock, &mark));
    CHECK(!tsc_clock_set_rate(&clock, 0, 5));
    CHECK(!tsc_clock_set_rate(&clock, 5, 0));
    CHECK(!tsc_clock_set_rate(&clock, 2000, 1));
    CHECK(tsc_clock_set_rate(&clock, 1, 1));
    face = (struct clock_face){ .version = 0 };
    clock_face_turn(&face, &clock.rate, 0, 100);
    CHECK_EQ(clock_face_read(&face, 1100), 1000);
    CHECK_EQ(clock_face_read(&face, 0), 0);
    for (int i = 0; i < 100000; i++) {
        seed = seed * 6364136223846793005 + 1442695040888963407;
        mark.tsc_before += seed % 10000000;
        mark.tsc_after = mark.tsc_before + (seed >> 20) % 100000;
        mark.ticks = (uint16_t)(seed >> 40);
        if (!tsc_clock_learn(&clock, &mark))
            tsc_clock_move_anchor(&clock, &mark);
        clock_face_turn(&face, &clock.rate, 0, mark.tsc_after);
        uint64_t reading = (uint64_t)clock_face_read(&face, mark.tsc_after);

        if (!CHECK(reading >= last && reading <= INT64_MAX))
            return;
        face.floor_ns = (int64_t)reading; /* that TSC goes back at times: the kernel keeps what it said */
        last = reading;
    }
}

static void check_dates(void)
{
    struct rtc_date date = { 1970, 1, 1, 0, 0, 0 };
    uint64_t seconds = 9;

    CHECK(rtc_seconds(&date, &seconds));
    CHECK_EQ(seconds, 0);
    for (time_t t = 0; t < 4291747200; t += 12345678) {
        struct tm tm;

        CHECK(gmtime_r(&t, &tm) != NULL);
        date = (struct rtc_date){ (uint32_t)tm.tm_year + 1900, (uint32_t)tm.tm_mon + 1, (uint32_t)tm.tm_mday,
                                  (uint32_t)tm.tm_hour,        (uint32_t)tm.tm_min,     (uint32_t)tm.tm_sec };
        CHECK(rtc_seconds(&date, &seconds));
        CHECK_EQ(seconds, t);
    }
    CHECK(!rtc_seconds(&(struct rtc_date){ 2023, 2, 29, 0, 0, 0 }, &seconds));
    CHECK(rtc_seconds(&(struct rtc_date){ 2024, 2, 29, 0, 0, 0 }, &seconds));
    CHECK(!rtc_seconds(&(struct rtc_date){ 2024, 0, 1, 0, 0, 0 }, &seconds));
    CHECK(!rtc_seconds(&(struct rtc_date){ 2024, 13, 1, 0, 0, 0 }, &seconds));
    CHECK(!rtc_seconds(&(struct rtc_date){ 2024, 1, 0, 0, 0, 0 }, &seconds));
    CHECK(!rtc_seconds(&(struct rtc_date){ 2255, 165, 165, 165, 165, 165 }, &seconds));
}

static void check_decode(void)
{
    static const uint8_t bcd[6] = { 0x59, 0x08, 0x23, 0x31, 0x12, 0x26 }, pm[6] = { 1, 2, 0x92, 4, 5, 6 };
    static const uint8_t binary[6] = { 59, 8, 23, 31, 12, 26 }, midnight[6] = { 0, 0, 0x12, 1, 1, 0 };
    struct rtc_date date = rtc_decode(bcd, 2);

    CHECK(date.year == 2026 && date.month == 12 && date.day == 31 && date.hour == 23 && date.minute == 8 &&
          date.second == 59);
    date = rtc_decode(binary, 6);
    CHECK(date.year == 2026 && date.hour == 23 && date.second == 59);
    CHECK_EQ(rtc_decode(pm, 0).hour, 12);
    CHECK_EQ(rtc_decode(midnight, 0).hour, 0);
}

int main(void)
{
    check_rates();
    check_lies();
    check_dates();
    check_decode();
    return check_done();
}
