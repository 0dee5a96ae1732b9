/* SPDX-License-Identifier: BSD-2-Clause */
/* Ports that ring with nothing behind it (XSA-391): whose handler says so too often is left masked for a while. spec/storm.md. */
#ifndef XEN_STORM_H
#define XEN_STORM_H
#include <stdbool.h>
#include <stdint.h>

#define STORM_EVENTS    64u       /* in vain, within a window */
#define STORM_WINDOW_NS 10000000u /* and so long is the port masked then */
#define STORM_SLOTS     16u

/* Ours alone. Zeros are no storm. Ports with the same slot displace each other, but never a masked one. */
struct storm {
    struct storm_slot {
        uint32_t port, count;
        uint64_t since_ns, until_ns;
        bool is_masked;
    } slot[STORM_SLOTS];
};

#include "spec/storm.acsl"

/* An event of that port was in vain: true when the port is to be masked now. */
/*@ requires storm: \valid(s) && StormGood(s) && port != 0;
    terminates \true; exits \false; assigns s->slot[port % STORM_SLOTS];
    ensures good: StormGood(s);
    ensures masked_kept: \old(s->slot[port % STORM_SLOTS].is_masked) != 0 ==>
      !\result && StormSlotSame{Pre, Post}(s, port % STORM_SLOTS);
    ensures enough: \result <==> \old(s->slot[port % STORM_SLOTS].is_masked) == 0 && StormCounts{Pre}(s, port, now_ns)
      && \old(s->slot[port % STORM_SLOTS].count) == STORM_EVENTS - 1;
    ensures masked: \result ==> s->slot[port % STORM_SLOTS].is_masked != 0 && s->slot[port % STORM_SLOTS].port == port
      && s->slot[port % STORM_SLOTS].count == 0
      && s->slot[port % STORM_SLOTS].until_ns == \min(now_ns + STORM_WINDOW_NS, 0xffffffffffffffff);
    ensures counted: !\result && \old(s->slot[port % STORM_SLOTS].is_masked) == 0 ==> StormCounts(s, port, now_ns)
      && s->slot[port % STORM_SLOTS].is_masked == 0;
    ensures next: !\result && \old(s->slot[port % STORM_SLOTS].is_masked) == 0 && StormCounts{Pre}(s, port, now_ns) ==>
      s->slot[port % STORM_SLOTS].count == \old(s->slot[port % STORM_SLOTS].count) + 1;
    ensures first: \old(s->slot[port % STORM_SLOTS].is_masked) == 0 && !StormCounts{Pre}(s, port, now_ns) ==>
      s->slot[port % STORM_SLOTS].count == 1; */
bool storm_note(struct storm *s, uint32_t port, uint64_t now_ns);

/* A port whose time is over, to be unmasked by the caller; 0: none. */
/*@ requires storm: \valid(s) && StormGood(s);
    terminates \true; exits \false; assigns s->slot[0 .. STORM_SLOTS - 1].is_masked;
    ensures good: StormGood(s);
    ensures none: \result == 0 ==> \forall integer k; 0 <= k < STORM_SLOTS ==> !StormDue(s, k, now_ns)
      && StormSlotSame{Pre, Post}(s, k);
    ensures one: \result != 0 ==> \exists integer k; 0 <= k < STORM_SLOTS && s->slot[k].port == \result
      && StormDue{Pre}(s, k, now_ns) && s->slot[k].is_masked == 0
      && \forall integer j; 0 <= j < STORM_SLOTS && j != k ==> StormSlotSame{Pre, Post}(s, j); */
uint32_t storm_release(struct storm *s, uint64_t now_ns);

/* When storm_release may next give a port; UINT64_MAX: none is masked. */
/*@ requires storm: \valid_read(s);
    terminates \true; exits \false; assigns \nothing;
    ensures least: \forall integer k; 0 <= k < STORM_SLOTS && s->slot[k].is_masked != 0 ==> \result <= s->slot[k].until_ns;
    ensures one: \result != 0xffffffffffffffff ==> \exists integer k; 0 <= k < STORM_SLOTS && s->slot[k].is_masked != 0
      && \result == s->slot[k].until_ns; */
uint64_t storm_deadline(const struct storm *s);

#endif
