/* SPDX-License-Identifier: BSD-2-Clause */
/* One range of RAM after the other is cut around what is in use, and each piece is put in its place. */
#include "boot/usable.h"

/* The range with the fewest frames. */
/*@ requires valid: \valid_read(out) && UsableAscends(out) && out->count > 0;
    terminates \true; exits \false; assigns \nothing;
    ensures range: \result < out->count;
    ensures least: \forall integer k; 0 <= k < out->count ==> UsableSize(out, \result) <= UsableSize(out, k); */
static uint32_t boot_find_smallest(const struct boot_ranges *out)
{
    uint32_t i, least = 0;

    /*@ loop invariant range: 1 <= i <= out->count && least < i;
        loop invariant least: \forall integer k; 0 <= k < i ==> UsableSize(out, least) <= UsableSize(out, k);
        loop assigns i, least; loop variant out->count - i; */
    for (i = 1; i < out->count; i++)
        if (out->range[i].end - out->range[i].first < out->range[least].end - out->range[least].first)
            least = i;
    return least;
}

/*@ requires valid: \valid(out) && to < BOOT_MAX_RANGES && from < BOOT_MAX_RANGES;
    terminates \true; exits \false; assigns out->range[to].first, out->range[to].end, out->range[to].entry;
    ensures first: UsableFirst(out, to) == \old(UsableFirst(out, from));
    ensures end: UsableEnd(out, to) == \old(UsableEnd(out, from));
    ensures entry: UsableEntry(out, to) == \old(UsableEntry(out, from)); */
static void boot_copy_range(struct boot_ranges *out, uint32_t from, uint32_t to)
{
    out->range[to].first = out->range[from].first;
    out->range[to].end = out->range[from].end;
    out->range[to].entry = out->range[from].entry;
}

/*@ requires valid: \valid(out) && gone < out->count <= BOOT_MAX_RANGES;
    terminates \true; exits \false; assigns out->range[0 .. BOOT_MAX_RANGES - 1];
    ensures below: UsableKept{Pre, Post}(out, 0, gone);
    ensures above: UsableUp{Post, Pre}(out, gone, out->count - 1); */
static void boot_shift_down(struct boot_ranges *out, uint32_t gone)
{
    uint32_t i;

    /*@ loop invariant range: gone <= i < out->count;
        loop invariant below: UsableKept{Pre, Here}(out, 0, gone);
        loop invariant moved: UsableUp{Here, Pre}(out, gone, i);
        loop invariant ahead: UsableKept{Pre, Here}(out, i + 1, out->count);
        loop assigns i, out->range[0 .. BOOT_MAX_RANGES - 1]; loop variant out->count - i; */
    for (i = gone; i + 1 < out->count; i++) {
        boot_copy_range(out, i + 1, i);
        /*@ assert rest: UsableKept{LoopCurrent, Here}(out, 0, i)
              && UsableKept{LoopCurrent, Here}(out, i + 1, BOOT_MAX_RANGES); */
        /*@ assert one: UsableUp{Here, Pre}(out, i, i + 1); */
        /*@ assert earlier: UsableUp{Here, Pre}(out, gone, i); */
    }
}

/*@ requires valid: \valid(out) && UsableAscends(out) && gone < out->count;
    terminates \true; exits \false; assigns out->count, out->range[0 .. BOOT_MAX_RANGES - 1];
    ensures count: out->count == \old(out->count) - 1;
    ensures ascends: UsableAscends(out);
    ensures only: UsableOnly{Pre, Post}(out, 0, 0, 0);
    ensures others: \forall integer s, e; UsableApart{Pre}(out, s, e) ==> UsableApart(out, s, e); */
static void boot_remove_range(struct boot_ranges *out, uint32_t gone)
{
    boot_shift_down(out, gone);
    out->count--;
    /*@ assert below: UsableKept{Pre, Here}(out, 0, gone); */
    /*@ assert above: UsableUp{Here, Pre}(out, gone, out->count); */
}

/* Where a range that begins at this frame belongs. */
/*@ requires valid: \valid_read(out) && UsableAscends(out);
    terminates \true; exits \false; assigns \nothing;
    ensures range: \result <= out->count;
    ensures below: \forall integer k; 0 <= k < \result ==> UsableFirst(out, k) <= first;
    ensures above: \forall integer k; \result <= k < out->count ==> first < UsableFirst(out, k); */
static uint32_t boot_find_place(const struct boot_ranges *out, uint64_t first)
{
    uint32_t i = out->count;

    /*@ loop invariant range: i <= out->count;
        loop invariant above: \forall integer k; i <= k < out->count ==> first < UsableFirst(out, k);
        loop assigns i; loop variant i; */
    while (i > 0 && out->range[i - 1].first > first)
        i--;
    return i;
}

/*@ requires valid: \valid(out) && place <= out->count < BOOT_MAX_RANGES;
    terminates \true; exits \false; assigns out->range[0 .. BOOT_MAX_RANGES - 1];
    ensures below: UsableKept{Pre, Post}(out, 0, place);
    ensures above: UsableUp{Pre, Post}(out, place, out->count); */
static void boot_shift_up(struct boot_ranges *out, uint32_t place)
{
    uint32_t i;

    /*@ loop invariant range: place <= i <= out->count;
        loop invariant below: UsableKept{Pre, Here}(out, 0, i);
        loop invariant moved: UsableUp{Pre, Here}(out, i, out->count);
        loop assigns i, out->range[0 .. BOOT_MAX_RANGES - 1]; loop variant i; */
    for (i = out->count; i > place; i--) {
        boot_copy_range(out, i - 1, i);
        /*@ assert rest: UsableKept{LoopCurrent, Here}(out, 0, i)
              && UsableKept{LoopCurrent, Here}(out, i + 1, BOOT_MAX_RANGES); */
        /*@ assert copied: UsableKept{Pre, LoopCurrent}(out, i - 1, i); */
        /*@ assert equal: \let j = i - 1; UsableFirst(out, i) == \at(UsableFirst(out, j), Pre)
              && UsableEnd(out, i) == \at(UsableEnd(out, j), Pre)
              && UsableEntry(out, i) == \at(UsableEntry(out, j), Pre); */
        /*@ assert earlier: UsableUp{Pre, Here}(out, i, out->count); */
    }
}

/*@ requires valid: \valid(out) && UsableAscends(out) && out->count < BOOT_MAX_RANGES && place <= out->count;
    requires range: first < end <= BOOT_FRAME_END && UsableApart(out, first, end);
    requires below: \forall integer k; 0 <= k < place ==> UsableFirst(out, k) <= first;
    requires above: \forall integer k; place <= k < out->count ==> first < UsableFirst(out, k);
    terminates \true; exits \false; assigns out->count, out->range[0 .. BOOT_MAX_RANGES - 1];
    ensures ascends: UsableAscends(out);
    ensures only: UsableOnly{Pre, Post}(out, first, end, entry);
    ensures all: UsableAll{Pre, Post}(out, first, end, entry);
    ensures others: \forall integer s, e; UsableApart{Pre}(out, s, e) && (e <= first || end <= s) ==>
      UsableApart(out, s, e); */
static void boot_put_range(struct boot_ranges *out, uint32_t place, uint64_t first, uint64_t end, uint32_t entry)
{
    boot_shift_up(out, place);
    out->range[place].first = first;
    out->range[place].end = end;
    out->range[place].entry = entry;
    out->count++;
    /*@ assert here: UsableFirst(out, place) == first && UsableEnd(out, place) == end
          && UsableEntry(out, place) == entry; */
    /*@ assert below: UsableKept{Pre, Here}(out, 0, place); */
    /*@ assert above: UsableUp{Pre, Here}(out, place, \at(out->count, Pre)); */
    /*@ assert before: \forall integer k; 0 <= k < place ==> UsableEnd(out, k) <= first; */
    /*@ assert behind: \forall integer k; place < k < out->count ==> end <= UsableFirst(out, k); */
    /*@ assert low: \forall integer j, k; 0 <= j < k < place ==> UsableEnd(out, j) <= UsableFirst(out, k); */
    /*@ assert high: \forall integer j, k; place < j < k < out->count ==> UsableEnd(out, j) <= UsableFirst(out, k); */
    /*@ assert sizes: \forall integer k; 0 <= k < out->count ==>
          UsableFirst(out, k) < UsableEnd(out, k) <= BOOT_FRAME_END; */
}

/* Makes place for a range of this many frames, when there is none, by giving up the smallest: how many frames were
   given up; as many as asked for when the new range itself is the one to give up. */
/*@ requires valid: \valid(out) && UsableAscends(out) && 0 < frames <= BOOT_FRAME_END;
    terminates \true; exits \false; assigns out->count, out->range[0 .. BOOT_MAX_RANGES - 1];
    ensures ascends: UsableAscends(out);
    ensures only: UsableOnly{Pre, Post}(out, 0, 0, 0);
    ensures others: \forall integer s, e; UsableApart{Pre}(out, s, e) ==> UsableApart(out, s, e);
    ensures nothing: \result == 0 <==> \old(out->count) < BOOT_MAX_RANGES;
    ensures same: \result == 0 ==> out->count == \old(out->count) && UsableAll{Pre, Post}(out, 0, 0, 0);
    ensures least: \result <= frames
      && (\result > 0 ==> \forall integer k; 0 <= k < BOOT_MAX_RANGES ==> \result <= \old(UsableSize(out, k)));
    ensures place: \result < frames ==> out->count < BOOT_MAX_RANGES; */
static uint64_t boot_make_room(struct boot_ranges *out, uint64_t frames)
{
    uint64_t least_frames;
    uint32_t least;

    if (out->count < BOOT_MAX_RANGES)
        return 0;
    least = boot_find_smallest(out);
    least_frames = out->range[least].end - out->range[least].first;
    if (least_frames >= frames)
        return frames;
    boot_remove_range(out, least);
    return least_frames;
}

/* Puts frames [first, end) of that entry in their place, if there are any: how many frames there was no place for. */
/*@ requires valid: \valid(out) && UsableAscends(out) && end <= BOOT_FRAME_END;
    requires apart: first < end ==> UsableApart(out, first, end);
    terminates \true; exits \false; assigns out->count, out->range[0 .. BOOT_MAX_RANGES - 1];
    ensures ascends: UsableAscends(out);
    ensures only: UsableOnly{Pre, Post}(out, first, end, entry);
    ensures all: \result == 0 ==> UsableAll{Pre, Post}(out, first, end, entry);
    ensures others: \forall integer s, e; UsableApart{Pre}(out, s, e) && (first >= end || e <= first || end <= s) ==>
      UsableApart(out, s, e);
    ensures full: first < end ==> (\result == 0 <==> \old(out->count) < BOOT_MAX_RANGES);
    ensures none: first >= end ==> \result == 0;
    ensures least: \result <= BOOT_FRAME_END && (\result > 0 ==> \result <= end - first
      && \forall integer k; 0 <= k < BOOT_MAX_RANGES ==> \result <= \old(UsableSize(out, k))); */
static uint64_t boot_insert_range(struct boot_ranges *out, uint64_t first, uint64_t end, uint32_t entry)
{
    uint64_t dropped;

    if (first >= end)
        return 0;
    dropped = boot_make_room(out, end - first);
    if (dropped < end - first)
        boot_put_range(out, boot_find_place(out, first), first, end, entry);
    return dropped;
}

/* The frames that bytes [start, end) touch; none when there are no bytes. */
/*@ requires low: start <= BOOT_PHYS_END && end <= BOOT_PHYS_END;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \forall integer f; \result.first <= f < \result.end <==> UsableTouched(f, start, end);
    ensures low: \result.first <= BOOT_FRAME_END && \result.end <= BOOT_FRAME_END;
    ensures some: \result.end == 0 || \result.first < \result.end; */
static struct boot_range boot_touched(uint64_t start, uint64_t end)
{
    return (struct boot_range){ start / BOOT_FRAME, start < end ? (end + (BOOT_FRAME - 1)) / BOOT_FRAME : 0, 0 };
}

/* Where RAM [first, end) goes on behind the hole. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == (hole.end <= first || hole.first >= end ? first : hole.end); */
static uint64_t boot_skip_hole(uint64_t first, uint64_t end, struct boot_range hole)
{
    return hole.end <= first || hole.first >= end ? first : hole.end;
}

/* Puts what is left of the RAM from first on up to the hole: how many frames there was no place for. */
/*@ requires valid: \valid(out) && UsableAscends(out);
    requires low: end <= BOOT_FRAME_END && (hole.end == 0 || hole.first < hole.end <= BOOT_FRAME_END);
    requires apart: first < end ==> UsableApart(out, first, end);
    terminates \true; exits \false; assigns out->count, out->range[0 .. BOOT_MAX_RANGES - 1];
    ensures ascends: UsableAscends(out);
    ensures rest: hole.end > first ==> UsableApart{Pre}(out, first, end) ==> UsableApart(out, hole.end, end);
    ensures others: \forall integer s, e; UsableApart{Pre}(out, s, e) && (e <= first || end <= s) ==>
      UsableApart(out, s, e);
    ensures off: hole.end <= first || hole.first >= end ==> \result == 0 && UsableSame{Pre, Post}(out)
      && UsableOnly{Pre, Post}(out, 0, 0, 0) && UsableAll{Pre, Post}(out, 0, 0, 0);
    ensures only: hole.end > first && hole.first < end ==> UsableOnly{Pre, Post}(out, first, hole.first, entry);
    ensures all: \result == 0 && hole.end > first && hole.first < end ==>
      UsableAll{Pre, Post}(out, first, hole.first, entry);
    ensures few: \result <= BOOT_FRAME_END; */
static uint64_t boot_insert_before(struct boot_ranges *out, uint64_t first, uint64_t end, uint32_t entry,
                                   struct boot_range hole)
{
    if (boot_skip_hole(first, end, hole) == first)
        return 0;
    return boot_insert_range(out, first, hole.first, entry);
}

/* Puts what is left of one range of RAM without frame 0 and without the two holes, which are in ascending order: how
   many frames there was no place for. */
/*@ requires valid: \valid(out) && UsableAscends(out);
    requires low: ram.first < ram.end <= BOOT_FRAME_END && UsableApart(out, ram.first, ram.end);
    requires holes: (low.end == 0 || low.first < low.end <= BOOT_FRAME_END)
      && (high.end == 0 || high.first < high.end <= BOOT_FRAME_END) && low.first <= high.first;
    terminates \true; exits \false; assigns out->count, out->range[0 .. BOOT_MAX_RANGES - 1];
    ensures ascends: UsableAscends(out);
    ensures others: \forall integer s, e; UsableApart{Pre}(out, s, e) && (e <= ram.first || ram.end <= s) ==>
      UsableApart(out, s, e);
    ensures only: UsableMore{Pre, Post}(out, ram, low, high);
    ensures kept: \result == 0 ==> UsableAll{Pre, Post}(out, 0, 0, 0);
    ensures all: \result == 0 ==> \forall integer f; UsableLeft(f, ram, low, high) ==> UsableHas(out, f, ram.entry);
    ensures few: \result <= 3 * BOOT_FRAME_END; */
static uint64_t boot_insert_around(struct boot_ranges *out, struct boot_range ram, struct boot_range low,
                                   struct boot_range high)
{
    uint64_t first = ram.first > 0 ? ram.first : 1, dropped;

    dropped = boot_insert_before(out, first, ram.end, ram.entry, low);
    /*@ assert more_1: UsableMore{Pre, Here}(out, ram, low, high); */
    /*@ assert kept_1: dropped == 0 ==> UsableAll{Pre, Here}(out, 0, 0, 0); */
    first = boot_skip_hole(first, ram.end, low);
    dropped += boot_insert_before(out, first, ram.end, ram.entry, high);
    /*@ assert more_2: UsableMore{Pre, Here}(out, ram, low, high); */
    /*@ assert kept_2: dropped == 0 ==> UsableAll{Pre, Here}(out, 0, 0, 0); */
    first = boot_skip_hole(first, ram.end, high);
    return dropped + boot_insert_range(out, first, ram.end, ram.entry);
}

/* The RAM without frame 0 and the two holes: how many frames there was no place for. */
/*@ requires valid: \valid_read(info) && \valid(out) && \separated(info, out) && out->count == 0;
    requires judged: info->ram_count <= START_INFO_MAX_ENTRIES && BootRangesBounded(info) && BootRangesDisjoint(info);
    requires holes: (low.end == 0 || low.first < low.end <= BOOT_FRAME_END)
      && (high.end == 0 || high.first < high.end <= BOOT_FRAME_END) && low.first <= high.first;
    terminates \true; exits \false; assigns out->count, out->range[0 .. BOOT_MAX_RANGES - 1];
    ensures ascends: UsableAscends(out);
    ensures ram: \forall integer f, e; UsableHas(out, f, e) ==> UsableRam(info, info->ram_count, f, e);
    ensures off: UsableOff(out, low, high);
    ensures all: \result == 0 ==> UsableGiven(out, info, info->ram_count, low, high); */
static uint64_t boot_cut_ram(const struct boot_info *info, struct boot_range low, struct boot_range high,
                             struct boot_ranges *out)
{
    uint64_t dropped = 0;
    uint32_t i;

    /*@ loop invariant range: 0 <= i <= info->ram_count;
        loop invariant same: UsableRamSame{Pre, Here}(info);
        loop invariant ascends: UsableAscends(out);
        loop invariant few: 0 <= dropped <= i * 3 * BOOT_FRAME_END;
        loop invariant ahead: \forall integer j; i <= j < info->ram_count ==>
          UsableApart(out, UsableRamFirst(info, j), UsableRamEnd(info, j));
        loop invariant ram: \forall integer f, e; UsableHas(out, f, e) ==> UsableRam(info, i, f, e);
        loop invariant off: UsableOff(out, low, high);
        loop invariant all: dropped == 0 ==> UsableGiven(out, info, i, low, high);
        loop assigns i, dropped, out->count, out->range[0 .. BOOT_MAX_RANGES - 1];
        loop variant info->ram_count - i; */
    for (i = 0; i < info->ram_count; i++) {
        dropped += boot_insert_around(out, info->ram[i], low, high);
        /*@ assert kept: UsableRamSame{Pre, Here}(info); */
        /*@ assert old: dropped == 0 ==> UsableGiven(out, info, i, low, high); */
        /*@ assert new: dropped == 0 ==> \forall integer f; 0 < f
              && UsableRamFirst(info, i) <= f < UsableRamEnd(info, i) && !(low.first <= f < low.end) && !(high.first <= f < high.end)
                ==> UsableHas(out, f, UsableRamEntry(info, i)); */
    }
    return dropped;
}

/*@ requires valid: \valid_read(info) && \valid(out) && \separated(info, out) && out->count == 0;
    requires judged: info->ram_count <= START_INFO_MAX_ENTRIES && BootRangesBounded(info) && BootRangesDisjoint(info);
    requires holes: (a.end == 0 || a.first < a.end <= BOOT_FRAME_END)
      && (b.end == 0 || b.first < b.end <= BOOT_FRAME_END);
    terminates \true; exits \false; assigns out->count, out->range[0 .. BOOT_MAX_RANGES - 1];
    ensures ascends: UsableAscends(out);
    ensures ram: \forall integer f, e; UsableHas(out, f, e) ==> UsableRam(info, info->ram_count, f, e);
    ensures off: UsableOff(out, a, b);
    ensures all: \result == 0 ==> UsableGiven(out, info, info->ram_count, a, b); */
static uint64_t boot_cut_both(const struct boot_info *info, struct boot_range a, struct boot_range b,
                              struct boot_ranges *out)
{
    return a.first < b.first ? boot_cut_ram(info, a, b, out) : boot_cut_ram(info, b, a, out);
}

/*@ requires valid: \valid(out);
    terminates \true; exits \false; assigns out->dropped;
    ensures dropped: out->dropped == dropped;
    ensures same: UsableSame{Pre, Post}(out) && UsableOnly{Pre, Post}(out, 0, 0, 0)
      && UsableAll{Pre, Post}(out, 0, 0, 0);
    ensures ascends: UsableAscends{Pre}(out) ==> UsableAscends(out); */
static void boot_set_dropped(struct boot_ranges *out, uint64_t dropped)
{
    out->dropped = dropped;
    /*@ assert kept: UsableKept{Pre, Here}(out, 0, out->count); */
}

void boot_usable_ranges(const struct boot_info *info, uint64_t kernel_start, uint64_t kernel_end,
                        struct boot_ranges *out)
{
    struct boot_range kernel = boot_touched(kernel_start, kernel_end);
    struct boot_range module = boot_touched(info->module_start, info->module_start + info->module_size);
    uint64_t dropped;

    out->count = 0;
    dropped = boot_cut_both(info, kernel, module, out);
    /*@ assert before: UsableRamSame{Pre, Here}(info); */
    boot_set_dropped(out, dropped);
    /*@ assert same: UsableRamSame{Pre, Here}(info); */
    /*@ assert module: \forall integer f; module.first <= f < module.end <==>
          UsableTouched(f, info->module_start, info->module_start + info->module_size); */
    /*@ assert off: UsableOff(out, kernel, module); */
    /*@ assert all: dropped == 0 ==> UsableGiven(out, info, info->ram_count, kernel, module); */
}
