/* SPDX-License-Identifier: BSD-2-Clause */
#include "xen/storm.h"

bool storm_note(struct storm *s, uint32_t port, uint64_t now_ns)
{
    uint32_t k = port % STORM_SLOTS;

    if (s->slot[k].until_ns != 0)
        return false;
    if (s->slot[k].port != port || now_ns - s->slot[k].since_ns >= STORM_WINDOW_NS) {
        s->slot[k].port = port;
        s->slot[k].count = 0;
        s->slot[k].since_ns = now_ns;
    }
    s->slot[k].count++;
    if (s->slot[k].count < STORM_EVENTS)
        return false;
    s->slot[k].until_ns = now_ns + STORM_WINDOW_NS;
    s->masked++;
    return true;
}

uint32_t storm_release(struct storm *s, uint64_t now_ns)
{
    for (uint32_t k = 0; k < STORM_SLOTS && s->masked > 0; k++) {
        if (s->slot[k].until_ns == 0 || now_ns < s->slot[k].until_ns)
            continue;
        s->slot[k].until_ns = 0;
        s->slot[k].count = 0;
        s->masked--;
        return s->slot[k].port;
    }
    return 0;
}

uint64_t storm_deadline(const struct storm *s)
{
    uint64_t first = UINT64_MAX;

    for (uint32_t k = 0; k < STORM_SLOTS && s->masked > 0; k++)
        if (s->slot[k].until_ns != 0 && s->slot[k].until_ns < first)
            first = s->slot[k].until_ns;
    return first;
}
