/* SPDX-License-Identifier: BSD-2-Clause */
/* The battery clock (Motorola MC146818A, CMOS ports 0x70 and 0x71). */
#ifndef DRIVERS_RTC_H
#define DRIVERS_RTC_H
#include <stdbool.h>
#include <stdint.h>

/* A date as the registers count it; year in full. */
struct rtc_date {
    uint32_t year, month, day, hour, minute, second;
};

#include "spec/rtc.acsl"

/* Seconds since 1970 of a date in UTC, 1970 <= year < 2106; false when no calendar has that date. */
/*@ requires apart: \valid_read(date) && \valid(seconds) && \separated(date, seconds);
    terminates \true; exits \false; assigns *seconds;
    ensures exact: \result <==> RtcIsDate(date);
    ensures good: \result ==> *seconds == RtcSeconds(date);
    ensures bad: !\result ==> *seconds == \old(*seconds); */
bool rtc_seconds(const struct rtc_date *date, uint64_t *seconds);

/* The register values as a date: BCD or binary, 12 or 24 hours as register B says. The century is 2000. */
/*@ requires valid: \valid_read(raw + (0 .. 5));
    terminates \true; exits \false; assigns \nothing;
    ensures day: \result.second == RtcNumber(raw[0], register_b) && \result.minute == RtcNumber(raw[1], register_b)
      && \result.hour == RtcHour(raw[2], register_b) && \result.day == RtcNumber(raw[3], register_b);
    ensures year: \result.month == RtcNumber(raw[4], register_b)
      && \result.year == 2000 + RtcNumber(raw[5], register_b); */
struct rtc_date rtc_decode(const uint8_t raw[6], uint8_t register_b);

/* Seconds since 1970 now; false when there is no such clock or it makes no sense. Bounded. */
bool rtc_read(uint64_t *seconds);

#endif
