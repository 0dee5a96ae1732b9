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
    int left = CLOCK_FACE_SHIFT - SAMPLE_SHIFT + sample->tsc_shift;
    uint64_t mul = sample->tsc_to_ns_mul;

    face->floor_ns = clock_face_read(face, tsc);
    face->mul = (int64_t)((left < 0 ? mul >> -left : mul << left) & INT64_MAX);
    face->tsc = sample->tsc;
    face->ns = sample->ns - base_ns;
    face->tsc_khz = clock_face_khz(sample);
}

/* tests/spin/clock_face.pml says why in this order, and why the first step is a fence too. */
void clock_face_hide(struct clock_face *copy)
{
    (void)shm_exchange64(&copy->next_tsc, 0);
    shm_write32(&copy->version, copy->version + 1);
    shm_wmb();
}

void clock_face_show(struct clock_face *copy, const struct clock_face *face)
{
    struct clock_face hidden = *face;

    hidden.version = copy->version;
    hidden.next_tsc = 0;
    *copy = hidden;
    (void)shm_exchange64(&copy->next_tsc, face->next_tsc);
}
