/* SPDX-License-Identifier: BSD-2-Clause */
#include "drivers/tsc.h"

#define NS_PER_SECOND 1000000000u
#define PPM           1000000u

/* The counter wraps every 65536 ticks: the guess that undoes it must be right to a quarter of that. */
#define UNWRAP_NS 13700000u

enum { RATE_LIMIT = 1000 }; /* cycles per ns, or ns per cycle */

static uint64_t mark_tsc(const struct pit_mark *mark)
{
    return mark->tsc_before + (mark->tsc_after - mark->tsc_before) / 2;
}

static uint64_t ticks_to_ns(uint64_t ticks)
{
    return ticks / PIT_HZ * NS_PER_SECOND + ticks % PIT_HZ * NS_PER_SECOND / PIT_HZ;
}

/* cycles in ns as multiplier and shift; false when out of the plausible range. Both are made smaller than 2^32 first. */
static bool make_rate(struct pvclock_sample *rate, uint64_t cycles, uint64_t ns)
{
    int8_t shift = 0;

    while ((cycles | ns) >> 32) {
        cycles /= 2;
        ns /= 2;
    }
    if (cycles == 0 || ns == 0 || cycles / ns >= RATE_LIMIT || ns / cycles >= RATE_LIMIT)
        return false;
    while (cycles <= ns) {
        cycles *= 2;
        shift++;
    }
    rate->tsc_to_ns_mul = (uint32_t)((ns << 32) / cycles);
    rate->tsc_shift = shift;
    return true;
}

/* Where neither end of the baseline is known better than its two TSC readings, nor the count than one tick. */
static uint32_t baseline_error_ppm(const struct tsc_clock *clock, const struct pit_mark *mark, uint64_t cycles,
                                   uint64_t ticks)
{
    uint64_t blur = (clock->anchor.tsc_after - clock->anchor.tsc_before) + (mark->tsc_after - mark->tsc_before);
    uint64_t ppm = blur < cycles ? blur * PPM / cycles + PPM / ticks + 1 : PPM;

    return ppm < PPM ? (uint32_t)ppm : PPM;
}

void tsc_clock_start(struct tsc_clock *clock, const struct pit_mark *anchor)
{
    *clock = (struct tsc_clock){ .anchor = *anchor, .error_ppm = PPM };
    clock->zero_tsc = clock->rate.tsc = mark_tsc(anchor);
}

void tsc_clock_move_anchor(struct tsc_clock *clock, const struct pit_mark *anchor)
{
    clock->anchor = *anchor;
    clock->anchor_ns = pvclock_read(&clock->rate, mark_tsc(anchor));
    clock->next_tsc = 0;
}

bool tsc_clock_set_rate(struct tsc_clock *clock, uint64_t cycles, uint64_t ns)
{
    if (!make_rate(&clock->rate, cycles, ns))
        return false;
    clock->next_tsc = UINT64_MAX;
    return true;
}

/* Puts the clock where the PIT says it is, and plans the next mark when the baseline will have doubled. */
static bool learn_from(struct tsc_clock *clock, const struct pit_mark *mark, uint64_t ticks)
{
    uint64_t now = mark_tsc(mark), cycles = now - mark_tsc(&clock->anchor), ns = ticks_to_ns(ticks);
    uint32_t error_ppm = baseline_error_ppm(clock, mark, cycles, ticks);

    clock->next_tsc = now + cycles;
    if (error_ppm > clock->error_ppm)
        return true;
    if (!make_rate(&clock->rate, cycles, ns))
        return false;
    clock->error_ppm = error_ppm;
    clock->rate.tsc = now;
    clock->rate.ns = clock->anchor_ns + ns;
    return true;
}

bool tsc_clock_learn_first(struct tsc_clock *clock, const struct pit_mark *mark)
{
    uint64_t before = mark_tsc(&clock->anchor) - clock->zero_tsc;

    if (mark->ticks == 0 || !learn_from(clock, mark, mark->ticks))
        return false;
    clock->anchor_ns = pvclock_scale(before, clock->rate.tsc_to_ns_mul, clock->rate.tsc_shift);
    clock->rate.ns += clock->anchor_ns;
    return true;
}

bool tsc_clock_learn(struct tsc_clock *clock, const struct pit_mark *mark)
{
    uint64_t cycles = mark_tsc(mark) - mark_tsc(&clock->anchor);
    uint64_t guess_ns = pvclock_scale(cycles, clock->rate.tsc_to_ns_mul, clock->rate.tsc_shift);
    uint64_t guess;

    if (guess_ns >= (uint64_t)UNWRAP_NS * PPM / clock->error_ppm)
        return false;
    guess = guess_ns / NS_PER_SECOND * PIT_HZ + guess_ns % NS_PER_SECOND * PIT_HZ / NS_PER_SECOND;
    guess += (uint64_t)(int16_t)(mark->ticks - (uint16_t)guess);
    return guess > 0 && guess <= INT64_MAX && learn_from(clock, mark, guess);
}
