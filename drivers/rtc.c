/* SPDX-License-Identifier: BSD-2-Clause */
#include "drivers/rtc.h"

#include "lib/string.h"
#include "x86/cpu.h"

enum { RTC_INDEX = 0x70, RTC_DATA = 0x71, RTC_REGISTER_A = 10, RTC_REGISTER_B = 11 };
enum { RTC_A_UPDATING = 0x80, RTC_B_24_HOURS = 2, RTC_B_BINARY = 4, RTC_HOUR_PM = 0x80 };
/* An update takes at most 2.3 ms; a port read about a microsecond. */
enum { RTC_PATIENCE = 10000, RTC_TRIES = 4 };

static uint8_t read_register(uint8_t index)
{
    out8(RTC_INDEX, index);
    return in8(RTC_DATA);
}

static bool wait_no_update(void)
{
    for (uint32_t i = 0; i < RTC_PATIENCE; i++) {
        if (!(read_register(RTC_REGISTER_A) & RTC_A_UPDATING))
            return true;
    }
    return false;
}

/* Second, minute, hour, day, month, year. */
static void read_date(uint8_t raw[6])
{
    static const uint8_t registers[6] = { 0, 2, 4, 7, 8, 9 };

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

bool rtc_read(uint64_t *seconds)
{
    uint8_t raw[6], again[6];

    /* Two equal readings: no update came between their registers. */
    for (uint32_t i = 0; i < RTC_TRIES; i++) {
        if (!wait_no_update())
            return false;
        read_date(raw);
        read_date(again);
        if (memcmp(raw, again, sizeof(raw)) == 0) {
            struct rtc_date date = rtc_decode(raw, read_register(RTC_REGISTER_B));

            return rtc_seconds(&date, seconds);
        }
    }
    return false;
}
