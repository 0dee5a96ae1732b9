/* SPDX-License-Identifier: BSD-2-Clause */
/* Mode 0 goes on counting down through zero after its end (Intel 8254 data sheet, "Mode 0"), so one start serves for ever. */
#include "drivers/pit.h"

#include "x86/cpu.h"

enum { PIT_CHANNEL_0 = 0x40, PIT_CONTROL = 0x43 };
enum { CONTROL_MODE_0_16_BIT = 0x30, CONTROL_READ_BACK_0 = 0xc2, STATUS_OUT = 0x80 };

/*@ terminates \true; exits \false; assigns ghost_now;
    ensures mode: ghost_now == \old(ghost_now) + 5 && PortOut8(\old(ghost_now), PIT_CONTROL, CONTROL_MODE_0_16_BIT);
    ensures count: PortOut8(\old(ghost_now) + 1, PIT_CHANNEL_0, 0) && PortOut8(\old(ghost_now) + 3, PIT_CHANNEL_0, 0);
    ensures before: TscRead(\old(ghost_now) + 2) && \result.tsc_before == IoValue(\old(ghost_now) + 2);
    ensures after: TscRead(\old(ghost_now) + 4) && \result.tsc_after == IoValue(\old(ghost_now) + 4);
    ensures zero: \result.ticks == 0 && !\result.wrapped; */
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

/*@ terminates \true; exits \false; assigns ghost_now;
    ensures latched: ghost_now == \old(ghost_now) + 6 && PortOut8(\old(ghost_now) + 1, PIT_CONTROL, CONTROL_READ_BACK_0);
    ensures before: TscRead(\old(ghost_now)) && \result.tsc_before == IoValue(\old(ghost_now));
    ensures after: TscRead(\old(ghost_now) + 2) && \result.tsc_after == IoValue(\old(ghost_now) + 2);
    ensures read: \forall integer k; 3 <= k <= 5 ==> PortIn8(\old(ghost_now) + k, PIT_CHANNEL_0);
    ensures wrapped: \result.wrapped <==> (IoValue(\old(ghost_now) + 3) & STATUS_OUT) != 0;
    ensures ticks: (\result.ticks + IoValue(\old(ghost_now) + 4) + 256 * IoValue(\old(ghost_now) + 5)) % 65536 == 0; */
struct pit_mark pit_read(void)
{
    struct pit_mark mark;
    uint32_t count;

    mark.tsc_before = rdtsc();
    out8(PIT_CONTROL, CONTROL_READ_BACK_0); /* latches status and count together */
    mark.tsc_after = rdtsc();
    mark.wrapped = in8(PIT_CHANNEL_0) & STATUS_OUT;
    count = in8(PIT_CHANNEL_0);
    count += in8(PIT_CHANNEL_0) * 256u;
    mark.ticks = (uint16_t)((65536 - count) % 65536);
    return mark;
}
