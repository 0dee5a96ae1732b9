/* SPDX-License-Identifier: BSD-2-Clause */
/* What a clock shows: time as a function of the TSC. The kernel reads its own copy, the application another one without a
   system call (kernel/vdso/); both compute the same, so neither is ever behind the other. spec/vdso.md. */
#ifndef DRIVERS_CLOCK_FACE_H
#define DRIVERS_CLOCK_FACE_H
#include <stdbool.h>
#include <stdint.h>

#include "xen/pvclock.h"

/* A cycle is mul * 2^-53 ns: exact for pvclock's rates from 1 MHz to 1 THz, and a product is shifted by a constant. */
#define CLOCK_FACE_SHIFT 53

struct clock_face {
    uint32_t version;      /* of a copy that others read: another one for each writing */
    uint64_t next_tsc;     /* from here on only the kernel knows; 0 while the copy is written */
    uint64_t tsc, ns;      /* a moment; ns is a signed number, modulo 2^64 */
    int64_t mul;           /* how time goes on, never negative */
    int64_t floor_ns;      /* what was shown before: nothing less is shown */
    uint64_t wall_base_ns; /* since 1970 at 0; 0: only the kernel knows */
    uint64_t tsc_khz;      /* 0: not known */
};

/* Nanoseconds at that TSC value. Does not fall while the TSC rises. */
static inline int64_t clock_face_read(const struct clock_face *face, uint64_t tsc)
{
    __int128 passed = (__int128)(int64_t)(tsc - face->tsc) * face->mul >> CLOCK_FACE_SHIFT;
    int64_t ns = (int64_t)(face->ns + (uint64_t)passed);

    return ns > face->floor_ns ? ns : face->floor_ns;
}

/* TSC cycles in a millisecond by that sample; 0 when it has no rate. */
uint64_t clock_face_khz(const struct pvclock_sample *sample);

/* From now on, which is tsc, the face goes by sample, whose zero was at base_ns; it does not go back. */
void clock_face_turn(struct clock_face *face, const struct pvclock_sample *sample, uint64_t base_ns, uint64_t tsc);

/* A copy that others read at the same time. Hidden, it sends them to the kernel; whoever has read it before did so at an earlier
   TSC than the caller's next rdtsc_ordered. Shown, it is the face again. A reader takes the version, then next_tsc, then the rest,
   then the version again. */
void clock_face_hide(struct clock_face *copy);
void clock_face_show(struct clock_face *copy, const struct clock_face *face);

#endif
