/* SPDX-License-Identifier: BSD-2-Clause */
#include "drivers/rtc.h"

#include "x86/cpu.h"

enum { RTC_INDEX = 0x70, RTC_DATA = 0x71, RTC_REGISTER_A = 10, RTC_REGISTER_B = 11 };
enum { RTC_A_UPDATING = 0x80, RTC_B_24_HOURS = 2, RTC_B_BINARY = 4, RTC_HOUR_PM = 0x80 };
/* An update takes at most 2.3 ms and a port read about a microsecond; but QEMU ends an update when its own thread gets a processor. */
enum { RTC_PATIENCE = 100000, RTC_TRIES = 4 };

#include "spec/rtc_registers.acsl"

/*@ terminates \true; exits \false; assigns ghost_now;
    ensures asked: ghost_now == \old(ghost_now) + 2 && RtcAsked(\old(ghost_now), index);
    ensures said: \result == RtcSaid(\old(ghost_now)); */
static uint8_t read_register(uint8_t index)
{
    out8(RTC_INDEX, index);
    return in8(RTC_DATA);
}

/*@ terminates \true; exits \false; assigns ghost_now;
    ensures time: \old(ghost_now) + 2 <= ghost_now <= \old(ghost_now) + 2 * RTC_PATIENCE;
    ensures free: \result ==> RtcFree(ghost_now - 2);
    ensures stuck: !\result ==> ghost_now == \old(ghost_now) + 2 * RTC_PATIENCE
      && RtcStuck(\old(ghost_now), RTC_PATIENCE); */
static bool wait_no_update(void)
{
    /*@ loop invariant range: 0 <= i <= RTC_PATIENCE && ghost_now == \at(ghost_now, Pre) + 2 * i;
        loop invariant stuck: RtcStuck(\at(ghost_now, Pre), i);
        loop assigns i, ghost_now; loop variant RTC_PATIENCE - i; */
    for (uint32_t i = 0; i < RTC_PATIENCE; i++) {
        if (!(read_register(RTC_REGISTER_A) & RTC_A_UPDATING))
            return true;
    }
    return false;
}

/* Second, minute, hour, day, month, year. */
/*@ requires raw: \valid(raw + (0 .. 5));
    terminates \true; exits \false; assigns ghost_now, raw[0 .. 5];
    ensures asked: ghost_now == \old(ghost_now) + 12 && RtcDateAsked(\old(ghost_now), 6);
    ensures read: RtcDateRead(\old(ghost_now), raw, 6); */
static void read_date(uint8_t raw[6])
{
    static const uint8_t registers[6] = { 0, 2, 4, 7, 8, 9 };

    /*@ assert registers: \forall integer i; 0 <= i < 6 ==> registers[i] == RtcRegister(i); */
    /*@ loop invariant range: 0 <= i <= 6 && ghost_now == \at(ghost_now, Pre) + 2 * i;
        loop invariant asked: RtcDateAsked(\at(ghost_now, Pre), i);
        loop invariant read: RtcDateRead(\at(ghost_now, Pre), raw, i);
        loop assigns i, ghost_now, raw[0 .. 5]; loop variant 6 - i; */
    for (uint32_t i = 0; i < 6; i++)
        raw[i] = read_register(registers[i]);
}

/*@ terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == RtcNumber(raw, register_b) <= 255; */
static uint32_t decode_number(uint8_t raw, uint8_t register_b)
{
    return register_b & RTC_B_BINARY ? raw : raw / 16u * 10u + raw % 16u;
}

struct rtc_date rtc_decode(const uint8_t raw[6], uint8_t register_b)
{
    struct rtc_date date = {
        .second = decode_number(raw[0], register_b),
        .minute = decode_number(raw[1], register_b),
        .hour = decode_number(raw[2], register_b),
        .day = decode_number(raw[3], register_b),
        .month = decode_number(raw[4], register_b),
        .year = 2000 + decode_number(raw[5], register_b),
    };

    if (!(register_b & RTC_B_24_HOURS)) {
        date.hour = decode_number(raw[2] % RTC_HOUR_PM, register_b) % 12;
        date.hour += raw[2] >= RTC_HOUR_PM ? 12 : 0;
    }
    return date;
}

/*@ terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> RtcLeap(year) == 1; */
static bool is_leap(uint32_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/*@ requires month: 1 <= month <= 12;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == RtcMonthDays(year, month) <= 31; */
static uint32_t month_days(uint32_t year, uint32_t month)
{
    static const uint8_t days[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

    /*@ assert plain: \forall integer k; 0 <= k < 12 ==> days[k] == RtcPlainDays(k + 1); */
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

bool rtc_seconds(const struct rtc_date *date, uint64_t *seconds)
{
    uint64_t days;

    if (date->year < 1970 || date->year >= 2106 || date->month < 1 || date->month > 12 || date->day < 1 ||
        date->day > month_days(date->year, date->month) || date->hour > 23 || date->minute > 59 || date->second > 59)
        return false;
    days = date->day - 1;
    /*@ loop invariant range: 1970 <= year <= date->year && days <= 31 + 366 * (year - 1970);
        loop invariant days: days == RtcYears(year) + date->day - 1;
        loop assigns year, days; loop variant date->year - year; */
    for (uint32_t year = 1970; year < date->year; year++)
        days += is_leap(year) ? 366 : 365;
    /*@ loop invariant range: 1 <= month <= date->month && days <= 31 + 366 * 136 + 31 * (month - 1);
        loop invariant days: days == RtcYears(date->year) + RtcMonths(date->year, month) + date->day - 1;
        loop assigns month, days; loop variant date->month - month; */
    for (uint32_t month = 1; month < date->month; month++)
        days += month_days(date->year, month);
    *seconds = ((days * 24 + date->hour) * 60 + date->minute) * 60 + date->second;
    return true;
}

/*@ requires readable: \valid_read(a + (0 .. 5)) && \valid_read(b + (0 .. 5));
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> \forall integer i; 0 <= i < 6 ==> a[i] == b[i]; */
static bool is_same(const uint8_t a[6], const uint8_t b[6])
{
    uint32_t i = 0;

    /*@ loop invariant same: 0 <= i <= 6 && \forall integer k; 0 <= k < i ==> a[k] == b[k];
        loop assigns i; loop variant 6 - i; */
    while (i < 6 && a[i] == b[i])
        i++;
    return i == 6;
}

/* Two readings: do they agree, so that no update came between their registers? */
/*@ requires raw: \valid(raw + (0 .. 5));
    terminates \true; exits \false; assigns ghost_now, raw[0 .. 5];
    ensures asked: ghost_now == \old(ghost_now) + 24 && RtcDateAsked(\old(ghost_now), 6)
      && RtcDateAsked(\old(ghost_now) + 12, 6);
    ensures read: RtcDateRead(\old(ghost_now), raw, 6);
    ensures agreed: \result <==> RtcAgreed(\old(ghost_now)); */
static bool read_twice(uint8_t raw[6])
{
    uint8_t again[6];

    read_date(raw);
    read_date(again);
    return is_same(raw, again);
}

/*@ requires raw: \valid_read(raw + (0 .. 5)) && \valid(seconds) && \separated(seconds, &ghost_now);
    terminates \true; exits \false; assigns ghost_now, *seconds;
    ensures asked: ghost_now == \old(ghost_now) + 2 && RtcAsked(\old(ghost_now), RTC_REGISTER_B);
    ensures exact: \result <==>
      RtcRawDate(raw[0], raw[1], raw[2], raw[3], raw[4], raw[5], RtcSaid(\old(ghost_now)));
    ensures good: \result ==>
      *seconds == RtcRawSeconds(raw[0], raw[1], raw[2], raw[3], raw[4], raw[5], RtcSaid(\old(ghost_now)));
    ensures bad: !\result ==> *seconds == \old(*seconds); */
static bool judge_date(const uint8_t raw[6], uint64_t *seconds)
{
    struct rtc_date date = rtc_decode(raw, read_register(RTC_REGISTER_B));

    return rtc_seconds(&date, seconds);
}

/*@ requires seconds: \valid(seconds) && \separated(seconds, &ghost_now);
    terminates \true; exits \false; assigns ghost_now, *seconds;
    ensures tried: RtcStuck(ghost_now - 2 * RTC_PATIENCE, RTC_PATIENCE)
      || (RtcTried(ghost_now - 26) && !RtcAgreed(ghost_now - 24))
      || (RtcTried(ghost_now - 28) && RtcAgreed(ghost_now - 26) && RtcAsked(ghost_now - 2, RTC_REGISTER_B)
        && (\result <==> RtcSaidDate(ghost_now - 26, RtcSaid(ghost_now - 2))));
    ensures good: \result ==> RtcTried(ghost_now - 28) && RtcAgreed(ghost_now - 26)
      && RtcAsked(ghost_now - 2, RTC_REGISTER_B)
      && *seconds == RtcSaidSeconds(ghost_now - 26, RtcSaid(ghost_now - 2));
    ensures bad: !\result ==> *seconds == \old(*seconds); */
bool rtc_read(uint64_t *seconds)
{
    uint8_t raw[6];

    /*@ loop invariant tried: 0 <= i <= RTC_TRIES
          && (i > 0 ==> RtcTried(ghost_now - 26) && !RtcAgreed(ghost_now - 24));
        loop assigns i, ghost_now, raw[0 .. 5]; loop variant RTC_TRIES - i; */
    for (uint32_t i = 0; i < RTC_TRIES; i++) {
        if (!wait_no_update())
            return false;
        if (read_twice(raw))
            return judge_date(raw, seconds);
        /*@ assert again: RtcTried(ghost_now - 26) && !RtcAgreed(ghost_now - 24); */
    }
    return false;
}
