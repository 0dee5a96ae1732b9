/* SPDX-License-Identifier: BSD-2-Clause */
/* Mode 0 goes on counting down through zero after its end (Intel 8254 data sheet, "Mode 0"), so one start serves for ever. */
#include "drivers/pit.h"

#include "x86/cpu.h"

enum { PIT_CHANNEL_0 = 0x40, PIT_CONTROL = 0x43 };
enum { CONTROL_MODE_0_16_BIT = 0x30, CONTROL_READ_BACK_0 = 0xc2, STATUS_OUT = 0x80 };

struct pit_mark pit_start(void)
{
    struct pit_mark mark = { 0 };

    out8(PIT_CONTROL, CONTROL_MODE_0_16_BIT);
    out8(PIT_CHANNEL_0, 0);
    mark.tsc_before = rdtsc();
    out8(PIT_CHANNEL_0, 0); /* 0 counts as 65536; counting begins here */
    mark.tsc_after = rdtsc();
    return mark;
}

struct pit_mark pit_read(void)
{
    struct pit_mark mark;
    uint32_t count;

    mark.tsc_before = rdtsc();
    out8(PIT_CONTROL, CONTROL_READ_BACK_0); /* latches status and count together */
    mark.tsc_after = rdtsc();
    mark.wrapped = in8(PIT_CHANNEL_0) & STATUS_OUT;
    count = in8(PIT_CHANNEL_0);
    count |= (uint32_t)in8(PIT_CHANNEL_0) << 8;
    mark.ticks = (uint16_t)(0 - count);
    return mark;
}
