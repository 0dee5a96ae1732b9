/* SPDX-License-Identifier: BSD-2-Clause */
#include "xen/storm.h"

bool storm_note(struct storm *s, uint32_t port, uint64_t now_ns)
{
    struct storm_slot *slot = &s->slot[port % STORM_SLOTS];

    if (slot->is_masked)
        return false;
    if (slot->port != port || now_ns < slot->since_ns || now_ns - slot->since_ns >= STORM_WINDOW_NS) {
        slot->port = port;
        slot->count = 0;
        slot->since_ns = now_ns;
    }
    if (slot->count < STORM_EVENTS - 1) {
        slot->count++;
        return false;
    }
    slot->count = 0;
    slot->is_masked = true;
    slot->until_ns = now_ns < UINT64_MAX - STORM_WINDOW_NS ? now_ns + STORM_WINDOW_NS : UINT64_MAX;
    return true;
}

uint32_t storm_release(struct storm *s, uint64_t now_ns)
{
    /*@ loop invariant range: 0 <= k <= STORM_SLOTS;
        loop invariant none: \forall integer j; 0 <= j < k ==> !StormDue(s, j, now_ns);
        loop assigns k;
        loop variant STORM_SLOTS - k; */
    for (uint32_t k = 0; k < STORM_SLOTS; k++) {
        struct storm_slot *slot = &s->slot[k];

        if (slot->is_masked && (now_ns >= slot->until_ns || slot->until_ns - now_ns > 2 * STORM_WINDOW_NS)) {
            slot->is_masked = false;
            return slot->port;
        }
    }
    return 0;
}

uint64_t storm_deadline(const struct storm *s)
{
    uint64_t first = UINT64_MAX;

    /*@ loop invariant range: 0 <= k <= STORM_SLOTS;
        loop invariant least: \forall integer j; 0 <= j < k && s->slot[j].is_masked != 0 ==> first <= s->slot[j].until_ns;
        loop invariant one: first != UINT64_MAX ==> \exists integer j; 0 <= j < k && s->slot[j].is_masked != 0
          && first == s->slot[j].until_ns;
        loop assigns k, first;
        loop variant STORM_SLOTS - k; */
    for (uint32_t k = 0; k < STORM_SLOTS; k++)
        if (s->slot[k].is_masked && s->slot[k].until_ns < first)
            first = s->slot[k].until_ns;
    return first;
}
