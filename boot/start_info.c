/* SPDX-License-Identifier: BSD-2-Clause */
/* T1: the map and the module are judged, and only then taken. */
#include "boot/start_info.h"

/*@ requires valid: \valid_read(raw) && i < START_INFO_MAX_ENTRIES;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> BootEntryRam(raw, i); */
static bool boot_entry_is_ram(const struct boot_raw *raw, uint32_t i)
{
    return raw->map[i].type == BOOT_MAP_RAM && raw->map[i].size > 0;
}

/*@ requires valid: \valid_read(raw) && i < START_INFO_MAX_ENTRIES && j < START_INFO_MAX_ENTRIES;
    requires ram: BootEntryRam(raw, i);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> BootOverlap(raw, i, j); */
static bool boot_entries_overlap(const struct boot_raw *raw, uint32_t i, uint32_t j)
{
    uint64_t a = raw->map[i].addr, b = raw->map[j].addr;

    if (i == j || raw->map[j].size == 0)
        return false;
    return a <= b ? b - a < raw->map[i].size : a - b < raw->map[j].size;
}

/* RAM entry i against all others, whatever their order and type: memory that is also something else is not RAM to
   use. */
/*@ requires valid: \valid_read(raw) && i < raw->map_count <= START_INFO_MAX_ENTRIES;
    requires ram: BootEntryRam(raw, i);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == BOOT_OK <==> BootEntryGood(raw, i);
    ensures high: \result == BOOT_RAM_TOO_HIGH <==> BootEntryHigh(raw, i);
    ensures overlap: \result == BOOT_MAP_OVERLAP ==>
      \exists integer j; 0 <= j < raw->map_count && BootOverlap(raw, i, j);
    ensures reasons: \result == BOOT_OK || \result == BOOT_RAM_TOO_HIGH || \result == BOOT_MAP_OVERLAP; */
static enum boot_status boot_check_entry(const struct boot_raw *raw, uint32_t i)
{
    uint32_t j;

    if (raw->map[i].size > BOOT_PHYS_END || raw->map[i].addr > BOOT_PHYS_END - raw->map[i].size)
        return BOOT_RAM_TOO_HIGH;
    /*@ loop invariant range: 0 <= j <= raw->map_count;
        loop invariant apart: \forall integer k; 0 <= k < j ==> !BootOverlap(raw, i, k);
        loop assigns j; loop variant raw->map_count - j; */
    for (j = 0; j < raw->map_count; j++)
        if (boot_entries_overlap(raw, i, j))
            return BOOT_MAP_OVERLAP;
    return BOOT_OK;
}

/*@ requires valid: \valid_read(raw) && raw->map_count <= START_INFO_MAX_ENTRIES;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == BOOT_OK <==> BootMapGood(raw);
    ensures refused: BootMapRefused(raw, \result);
    ensures reasons: \result == BOOT_OK || BOOT_NO_MAP <= \result <= BOOT_MAP_OVERLAP; */
static enum boot_status boot_check_map(const struct boot_raw *raw)
{
    enum boot_status status;
    uint32_t i;

    if (raw->map_count == 0)
        return BOOT_NO_MAP;
    /*@ loop invariant range: 0 <= i <= raw->map_count;
        loop invariant good: \forall integer k; 0 <= k < i ==> BootEntryGood(raw, k);
        loop assigns i, status; loop variant raw->map_count - i; */
    for (i = 0; i < raw->map_count; i++) {
        if (!boot_entry_is_ram(raw, i))
            continue;
        status = boot_check_entry(raw, i);
        if (status != BOOT_OK)
            return status;
    }
    return BOOT_OK;
}

/* The RAM entry that holds the whole module, or map_count. */
/*@ requires valid: \valid_read(raw) && raw->map_count <= START_INFO_MAX_ENTRIES;
    terminates \true; exits \false; assigns \nothing;
    ensures found: BootHolderIs(raw, \result); */
static uint32_t boot_find_holder(const struct boot_raw *raw)
{
    uint64_t start = raw->module.start, size = raw->module.size;
    const struct boot_entry *entry;
    uint32_t i;

    /*@ loop invariant range: 0 <= i <= raw->map_count;
        loop invariant none: \forall integer k; 0 <= k < i ==> !BootHolds(raw, k, raw->module.start, raw->module.size);
        loop assigns i, entry; loop variant raw->map_count - i; */
    for (i = 0; i < raw->map_count; i++) {
        entry = &raw->map[i];
        if (boot_entry_is_ram(raw, i) && entry->addr <= start && size <= entry->size &&
            start - entry->addr <= entry->size - size)
            return i;
    }
    return raw->map_count;
}

/* Accepted only when not empty, inside the one RAM entry holder, and off the kernel. */
/*@ requires valid: \valid_read(raw);
    requires good: raw->map_count <= START_INFO_MAX_ENTRIES && BootMapGood(raw) && raw->header.module_count == 1;
    requires found: BootHolderIs(raw, holder);
    terminates \true; exits \false; assigns \nothing;
    ensures accepted: \result == BOOT_OK ==> BootModuleGood(raw, holder, kernel_start, kernel_end);
    ensures refused: BootModuleRefused(raw, \result, kernel_start, kernel_end);
    ensures reasons: \result == BOOT_OK || BOOT_MODULE_EMPTY <= \result <= BOOT_MODULE_NOT_IN_RAM; */
static enum boot_status boot_check_module(const struct boot_raw *raw, uint64_t kernel_start, uint64_t kernel_end,
                                          uint32_t holder)
{
    if (raw->module.size == 0)
        return BOOT_MODULE_EMPTY;
    if (holder == raw->map_count)
        return BOOT_MODULE_NOT_IN_RAM;
    if (raw->module.start < kernel_end && kernel_start < raw->module.start + raw->module.size)
        return BOOT_MODULE_ON_KERNEL;
    return BOOT_OK;
}

/*@ requires valid: \valid(info) && info->ram_count < START_INFO_MAX_ENTRIES;
    terminates \true; exits \false;
    assigns info->ram_count, info->ram[info->ram_count].first, info->ram[info->ram_count].end,
      info->ram[info->ram_count].entry;
    ensures count: info->ram_count == \old(info->ram_count) + 1;
    ensures added: info->ram[\old(info->ram_count)].first == first && info->ram[\old(info->ram_count)].end == end
      && info->ram[\old(info->ram_count)].entry == entry; */
static void boot_append_range(struct boot_info *info, uint64_t first, uint64_t end, uint32_t entry)
{
    uint32_t n = info->ram_count;

    info->ram[n].first = first;
    info->ram[n].end = end;
    info->ram[n].entry = entry;
    info->ram_count = n + 1;
}

/*@ requires valid: \valid_read(raw) && i < START_INFO_MAX_ENTRIES && !BootEntryHigh(raw, i);
    requires ram: BootEntryRam(raw, i);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == BootFirstFrame(raw, i); */
static uint64_t boot_first_frame(const struct boot_raw *raw, uint32_t i)
{
    return (raw->map[i].addr + (BOOT_FRAME - 1)) / BOOT_FRAME;
}

/*@ requires valid: \valid_read(raw) && i < START_INFO_MAX_ENTRIES && !BootEntryHigh(raw, i);
    requires ram: BootEntryRam(raw, i);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == BootEndFrame(raw, i); */
static uint64_t boot_end_frame(const struct boot_raw *raw, uint32_t i)
{
    return (raw->map[i].addr + raw->map[i].size) / BOOT_FRAME;
}

/*@ requires valid: \valid_read(raw) && i < START_INFO_MAX_ENTRIES && !BootEntryHigh(raw, i);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> BootHasFrames(raw, i); */
static bool boot_has_frames(const struct boot_raw *raw, uint32_t i)
{
    return boot_entry_is_ram(raw, i) && boot_first_frame(raw, i) < boot_end_frame(raw, i);
}

/* Takes the whole frames of entry i after those of the entries before it. */
/*@ requires valid: \valid_read(raw) && \valid(info) && \separated(raw, info);
    requires ghost_apart: \separated(raw, info, ghost_boot_place + (0 .. START_INFO_MAX_ENTRIES - 1));
    requires inside: i < START_INFO_MAX_ENTRIES && !BootEntryHigh(raw, i) && BootHasFrames(raw, i);
    requires before: BootRangesFrom(info, raw, i) && BootRangesComplete(info, raw, i);
    terminates \true; exits \false;
    assigns info->ram_count, info->ram[info->ram_count].first, info->ram[info->ram_count].end,
      info->ram[info->ram_count].entry, ghost_boot_place[i];
    ensures same: BootRawSame{Pre, Post}(raw);
    ensures from: BootRangesFrom(info, raw, i + 1);
    ensures complete: BootRangesComplete(info, raw, i + 1); */
static void boot_take_entry(const struct boot_raw *raw, uint32_t i, struct boot_info *info)
{
    /*@ ghost ghost_boot_place[i] = info->ram_count; */
    boot_append_range(info, boot_first_frame(raw, i), boot_end_frame(raw, i), i);
    /*@ assert same: BootRawSame{Pre, Here}(raw); */
    /*@ assert frames_same: BootFramesSame{Pre, Here}(raw); */
    /*@ assert kept: BootRangesKept{Pre, Here}(info, \at(info->ram_count, Pre)); */
    /*@ assert entries: \forall integer k; 0 <= k < \at(info->ram_count, Pre) ==> info->ram[k].entry < i; */
    /*@ assert old: \forall integer k; 0 <= k < \at(info->ram_count, Pre) ==> BootRangeIs(&info->ram[k], raw); */
    /*@ assert new: BootRangeIs(&info->ram[\at(info->ram_count, Pre)], raw); */
    /*@ assert places: \forall integer k; 0 <= k < i ==> ghost_boot_place[k] == \at(ghost_boot_place[k], Pre); */
    /*@ assert before: \forall integer k; 0 <= k < i && BootHasFrames(raw, k) ==>
          info->ram[ghost_boot_place[k]].entry == k; */
    /*@ assert here: info->ram[ghost_boot_place[i]].entry == i; */
}

/* All whole frames of the map's RAM. */
/*@ requires valid: \valid_read(raw) && \valid(info) && \separated(raw, info);
    requires ghost_apart: \separated(raw, info, ghost_boot_place + (0 .. START_INFO_MAX_ENTRIES - 1));
    requires good: raw->map_count <= START_INFO_MAX_ENTRIES && BootMapGood(raw);
    terminates \true; exits \false;
    assigns info->ram_count, info->ram[0 .. START_INFO_MAX_ENTRIES - 1],
      ghost_boot_place[0 .. START_INFO_MAX_ENTRIES - 1];
    ensures same: BootRawSame{Pre, Post}(raw);
    ensures from: BootRangesFrom(info, raw, raw->map_count);
    ensures complete: BootRangesComplete(info, raw, raw->map_count);
    ensures disjoint: BootRangesDisjoint(info);
    ensures bounded: BootRangesBounded(info); */
static void boot_take_map(const struct boot_raw *raw, struct boot_info *info)
{
    uint32_t i;

    info->ram_count = 0;
    /*@ loop invariant range: 0 <= i <= raw->map_count;
        loop invariant same: BootRawSame{Pre, Here}(raw);
        loop invariant from: BootRangesFrom(info, raw, i);
        loop invariant complete: BootRangesComplete(info, raw, i);
        loop assigns i, info->ram_count, info->ram[0 .. START_INFO_MAX_ENTRIES - 1],
          ghost_boot_place[0 .. START_INFO_MAX_ENTRIES - 1];
        loop variant raw->map_count - i; */
    for (i = 0; i < raw->map_count; i++) {
        /*@ assert good: \at(BootMapGood(raw), Pre) && \let n = i; \at(BootEntryGood(raw, n), Pre); */
        if (boot_has_frames(raw, i))
            boot_take_entry(raw, i, info);
    }
    /*@ assert entries: \forall integer k; 0 <= k < info->ram_count ==> \let n = info->ram[k].entry;
          n < raw->map_count && \at(BootEntryRam(raw, n), Pre) && \at(BootEntryGood(raw, n), Pre); */
    /*@ assert apart: \forall integer j, k; 0 <= j < k < info->ram_count ==> \let m = info->ram[j].entry;
          \let n = info->ram[k].entry; m < n && !\at(BootOverlap(raw, m, n), Pre); */
    /*@ assert ordered: \forall integer j, k; 0 <= j < k < info->ram_count ==>
          BootEntryEnd(raw, info->ram[j].entry) <= raw->map[info->ram[k].entry].addr
          || BootEntryEnd(raw, info->ram[k].entry) <= raw->map[info->ram[j].entry].addr; */
    /*@ assert low: \forall integer k; 0 <= k < info->ram_count ==>
          BootEntryEnd(raw, info->ram[k].entry) <= BOOT_PHYS_END && info->ram[k].first < info->ram[k].end; */
    /*@ assert framed: \forall integer k; 0 <= k < info->ram_count ==>
          raw->map[info->ram[k].entry].addr <= info->ram[k].first * BOOT_FRAME
          && info->ram[k].end * BOOT_FRAME <= BootEntryEnd(raw, info->ram[k].entry); */
}

enum boot_status boot_judge(const struct boot_raw *raw, uint64_t kernel_start, uint64_t kernel_end,
                            struct boot_info *info)
{
    enum boot_status status = boot_check_map(raw);
    bool has_module = raw->header.module_count == 1;
    uint32_t holder = has_module ? boot_find_holder(raw) : 0;

    if (status == BOOT_OK && has_module)
        status = boot_check_module(raw, kernel_start, kernel_end, holder);
    if (status != BOOT_OK)
        return status;
    info->module_start = has_module ? raw->module.start : 0;
    info->module_size = has_module ? raw->module.size : 0;
    info->module_entry = holder;
    info->rsdp = raw->header.rsdp;
    /*@ assert same: BootRawSame{Pre, Here}(raw); */
    /*@ assert overlaps: BootOverlapsSame{Pre, Here}(raw); */
    /*@ assert kinds: BootKindsSame{Pre, Here}(raw); */
    /*@ assert entries: BootEntriesSame{Pre, Here}(raw); */
    /*@ assert good: BootMapGood(raw); */
    boot_take_map(raw, info);
    /*@ assert still: BootRawSame{Pre, Here}(raw); */
    return BOOT_OK;
}

const char *boot_status_text(enum boot_status status)
{
    static const char *const text[] = {
        [BOOT_OK] = "start_info: good",
        [BOOT_OUTSIDE] = "start_info: outside memory",
        [BOOT_BAD_MAGIC] = "start_info: bad magic",
        [BOOT_BAD_VERSION] = "start_info version 2 or later is not known",
        [BOOT_MAP_TOO_LONG] = "start_info: more than 128 memory map entries",
        [BOOT_MAP_OUTSIDE] = "start_info: memory map outside memory",
        [BOOT_MANY_MODULES] = "start_info: more than one module",
        [BOOT_MODULE_LIST_OUTSIDE] = "start_info: module list outside memory",
        [BOOT_CMDLINE_OUTSIDE] = "start_info: command line outside memory",
        [BOOT_CMDLINE_TOO_LONG] = "command line of 8 KiB or more",
        [BOOT_NO_MAP] = "start_info: no memory map",
        [BOOT_RAM_TOO_HIGH] = "start_info: memory above 2^52",
        [BOOT_MAP_OVERLAP] = "start_info: memory map entries overlap",
        [BOOT_MODULE_EMPTY] = "empty module",
        [BOOT_MODULE_ON_KERNEL] = "module overlaps the kernel",
        [BOOT_MODULE_NOT_IN_RAM] = "module outside usable memory",
    };

    return (uint32_t)status < sizeof(text) / sizeof(text[0]) ? text[status] : "start_info: unknown status";
}
