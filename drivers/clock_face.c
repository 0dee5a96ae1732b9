/* SPDX-License-Identifier: BSD-2-Clause */
#include "drivers/clock_face.h"

#include "lib/shm.h"

#define SAMPLE_SHIFT 32 /* pvclock's multiplier is in 2^-32 ns */
#define NS_PER_MS    1000000u

uint64_t clock_face_khz(const struct pvclock_sample *sample)
{
    uint64_t khz = sample->tsc_to_ns_mul ? ((uint64_t)NS_PER_MS << SAMPLE_SHIFT) / sample->tsc_to_ns_mul : 0;

    return sample->tsc_shift < 0 ? khz << -sample->tsc_shift : khz >> sample->tsc_shift;
}

void clock_face_turn(struct clock_face *face, const struct pvclock_sample *sample, uint64_t base_ns, uint64_t tsc)
{
    int left = (int)CLOCK_FACE_SHIFT - SAMPLE_SHIFT + sample->tsc_shift;
    uint64_t mul = sample->tsc_to_ns_mul;

    face->floor_ns = clock_face_read(face, tsc);
    face->mul = left < 0 ? mul >> -left : mul << left;
    face->tsc = sample->tsc;
    face->ns = sample->ns - base_ns;
    face->tsc_khz = clock_face_khz(sample);
}

void clock_face_hide(struct clock_face *copy)
{
    shm_write32(&copy->version, copy->version | 1);
    shm_mb();
}

void clock_face_show(struct clock_face *copy, const struct clock_face *face)
{
    struct clock_face hidden = *face;

    hidden.version = copy->version;
    *copy = hidden;
    shm_wmb();
    shm_write32(&copy->version, hidden.version + 1);
}
