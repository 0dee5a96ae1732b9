/* SPDX-License-Identifier: BSD-2-Clause */
#include "xen/pvclock.h"

enum { SHIFT_LIMIT = 31 };
#define NS_PER_SECOND 1000000000u

uint64_t pvclock_scale(uint64_t x, uint32_t mul, int8_t shift)
{
    uint64_t shifted = shift < 0 ? x >> -shift : x << shift;
    uint64_t high = shifted / 0x100000000, low = shifted % 0x100000000;

    /*@ assert high: high * mul <= 0xffffffff * mul; */
    /*@ assert low: low * mul <= 0xffffffff * mul; */
    /*@ assert whole: shifted == high * 0x100000000 + low; */
    /*@ assert parts: (high * 0x100000000 + low) * mul == high * mul * 0x100000000 + low * mul; */
    /*@ assert product: shifted * mul == high * mul * 0x100000000 + low * mul; */
    /*@ assert shifted: shifted == PvShifted(x, shift); */
    /*@ assert quotient: (high * mul * 0x100000000 + low * mul) / 0x100000000 == high * mul + low * mul / 0x100000000; */
    /*@ assert fits: high * mul + low * mul / 0x100000000 <= UINT64_MAX; */
    return high * mul + low * mul / 0x100000000;
}

/* The words of one try, in the protocol's order: version, values, version (xen.h, struct vcpu_time_info). */
static bool take_once(const struct vcpu_time_info *shared, struct pvclock_sample *out)
{
    uint32_t version = shm_read32(&shared->version);

    shm_rmb();
    out->tsc = shm_read64(&shared->tsc_timestamp);
    out->ns = shm_read64(&shared->system_time);
    out->tsc_to_ns_mul = shm_read32(&shared->tsc_to_system_mul);
    out->tsc_shift = (int8_t)shm_read8((const uint8_t *)&shared->tsc_shift);
    shm_rmb();
    return version % 2 == 0 && shm_read32(&shared->version) == version;
}

bool pvclock_take(const struct vcpu_time_info *shared, struct pvclock_sample *out)
{
    struct pvclock_sample sample;

    for (uint32_t tries = 0; tries < PVCLOCK_TRIES; tries++) {
        if (!take_once(shared, &sample))
            continue;
        if (sample.tsc_to_ns_mul == 0 || sample.tsc_shift < -SHIFT_LIMIT || sample.tsc_shift > SHIFT_LIMIT)
            return false;
        *out = sample;
        return true;
    }
    return false;
}

uint64_t pvclock_read(const struct pvclock_sample *sample, uint64_t tsc)
{
    uint64_t delta = tsc - sample->tsc;

    /* Modulo 2^64: Xen's timestamp may be from before this domain's TSC was 0. */
    if (delta > INT64_MAX)
        delta = 0;
    return sample->ns + pvclock_scale(delta, sample->tsc_to_ns_mul, sample->tsc_shift);
}

bool pvclock_take_wall(const struct shared_info *shared, uint64_t *wall_ns)
{
    /*@ loop invariant range: 0 <= tries <= PVCLOCK_TRIES;
        loop invariant time: \at(ghost_now, Pre) + 6 * tries <= ghost_now <= \at(ghost_now, Pre) + 7 * tries;
        loop assigns tries, ghost_now; loop variant PVCLOCK_TRIES - tries; */
    for (uint32_t tries = 0; tries < PVCLOCK_TRIES; tries++) {
        uint32_t version = shm_read32(&shared->wc_version);

        shm_rmb();
        uint64_t seconds = shm_read32(&shared->wc_sec);
        seconds += 0x100000000 * (uint64_t)shm_read32(&shared->wc_sec_hi);
        uint32_t ns = shm_read32(&shared->wc_nsec);
        shm_rmb();
        if (version % 2 == 0 && shm_read32(&shared->wc_version) == version) {
            *wall_ns = seconds * NS_PER_SECOND + ns;
            return true;
        }
    }
    return false;
}
