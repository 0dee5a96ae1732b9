/* SPDX-License-Identifier: BSD-2-Clause */
/* T1: one copy of all that the loader said; then the map and the module are judged, and only then taken. */
#include "boot/start_info.h"

#include <stddef.h>
#include <xen/arch-x86/hvm/start_info.h>

#define HEADER_SIZE_V0 40u /* version 0 ends before the map */
#define CMDLINE_CHUNK  64u /* divides a page, so that no chunk crosses one */

_Static_assert(sizeof(struct boot_header) == sizeof(struct hvm_start_info), "start_info");
_Static_assert(offsetof(struct boot_header, module_count) == offsetof(struct hvm_start_info, nr_modules), "nr_modules");
_Static_assert(offsetof(struct boot_header, modules) == offsetof(struct hvm_start_info, modlist_paddr), "modlist");
_Static_assert(offsetof(struct boot_header, cmdline) == offsetof(struct hvm_start_info, cmdline_paddr), "cmdline");
_Static_assert(offsetof(struct boot_header, rsdp) == offsetof(struct hvm_start_info, rsdp_paddr), "rsdp");
_Static_assert(offsetof(struct boot_header, map) == offsetof(struct hvm_start_info, memmap_paddr), "memmap");
_Static_assert(offsetof(struct boot_header, map) == HEADER_SIZE_V0, "version 0");
_Static_assert(offsetof(struct boot_header, map_count) == offsetof(struct hvm_start_info, memmap_entries), "entries");
_Static_assert(sizeof(struct boot_module) == sizeof(struct hvm_modlist_entry), "module");
_Static_assert(offsetof(struct boot_module, size) == offsetof(struct hvm_modlist_entry, size), "module size");
_Static_assert(sizeof(struct boot_entry) == sizeof(struct hvm_memmap_table_entry), "entry");
_Static_assert(offsetof(struct boot_entry, size) == offsetof(struct hvm_memmap_table_entry, size), "entry size");
_Static_assert(offsetof(struct boot_entry, type) == offsetof(struct hvm_memmap_table_entry, type), "entry type");
_Static_assert(BOOT_MAP_RAM == XEN_HVM_MEMMAP_TYPE_RAM, "RAM");

/* Only the version, which is in the part that all versions have, says how much more there is. */
/*@ requires valid: \valid(header);
    ensures known: \result == BOOT_OK ==> header->magic == XEN_HVM_START_MAGIC_VALUE && header->version <= 1; */
static enum boot_status boot_copy_header(uint64_t phys, boot_read_fn *read, struct boot_header *header)
{
    if (!read(header, phys, HEADER_SIZE_V0))
        return BOOT_OUTSIDE;
    header->map = 0;
    header->map_count = 0;
    if (header->magic != XEN_HVM_START_MAGIC_VALUE)
        return BOOT_BAD_MAGIC;
    if (header->version > 1)
        return BOOT_BAD_VERSION;
    if (header->version == 1 && !read(&header->map, phys + HEADER_SIZE_V0, sizeof(*header) - HEADER_SIZE_V0))
        return BOOT_OUTSIDE;
    return BOOT_OK;
}

/* Address 0 is a null pointer here, as it is for Xen. */
/*@ requires valid: \valid(raw);
    ensures count: \result == BOOT_OK ==> raw->map_count == raw->header.map_count <= START_INFO_MAX_ENTRIES; */
static enum boot_status boot_copy_map(boot_read_fn *read, struct boot_raw *raw)
{
    uint32_t count = raw->header.map_count;

    raw->map_count = 0;
    if (count == 0)
        return BOOT_OK;
    if (count > START_INFO_MAX_ENTRIES)
        return BOOT_MAP_TOO_LONG;
    if (raw->header.map == 0 || !read(raw->map, raw->header.map, count * sizeof(raw->map[0])))
        return BOOT_MAP_OUTSIDE;
    raw->map_count = count;
    return BOOT_OK;
}

/*@ requires valid: \valid(raw);
    ensures one: \result == BOOT_OK ==> raw->header.module_count <= 1; */
static enum boot_status boot_copy_module(boot_read_fn *read, struct boot_raw *raw)
{
    raw->module = (struct boot_module){ 0, 0, 0, 0 };
    if (raw->header.module_count == 0)
        return BOOT_OK;
    if (raw->header.module_count > 1)
        return BOOT_MANY_MODULES;
    if (raw->header.modules == 0 || !read(&raw->module, raw->header.modules, sizeof(raw->module)))
        return BOOT_MODULE_LIST_OUTSIDE;
    return BOOT_OK;
}

/* Each byte is read once, in pieces, so that nothing beyond the page of the NUL is touched. A null pointer is an empty
   line. */
/*@ requires valid: \valid(raw);
    ensures ends: \result == BOOT_OK ==> BootCmdlineEnds(raw); */
static enum boot_status boot_copy_cmdline(boot_read_fn *read, struct boot_raw *raw)
{
    uint64_t phys = raw->header.cmdline;
    uint32_t n = 0, end;

    raw->cmdline[0] = 0;
    raw->cmdline_length = 0;
    if (phys == 0)
        return BOOT_OK;
    /*@ loop invariant range: 0 <= n <= BOOT_CMDLINE_SIZE;
        loop invariant open: \forall integer k; 0 <= k < n ==> raw->cmdline[k] != 0;
        loop variant BOOT_CMDLINE_SIZE - n; */
    while (n < BOOT_CMDLINE_SIZE) {
        end = n + CMDLINE_CHUNK - (uint32_t)((phys + n) % CMDLINE_CHUNK);
        if (end > BOOT_CMDLINE_SIZE)
            end = BOOT_CMDLINE_SIZE;
        if (!read(&raw->cmdline[n], phys + n, end - n))
            return BOOT_CMDLINE_OUTSIDE;
        /*@ loop invariant range: \at(n, LoopEntry) <= n <= end;
            loop invariant open: \forall integer k; 0 <= k < n ==> raw->cmdline[k] != 0;
            loop assigns n; loop variant end - n; */
        for (; n < end; n++) {
            if (raw->cmdline[n] == 0) {
                raw->cmdline_length = n;
                return BOOT_OK;
            }
        }
    }
    return BOOT_CMDLINE_TOO_LONG;
}

enum boot_status start_info_copy(uint64_t phys, boot_read_fn *read, struct boot_raw *raw)
{
    enum boot_status status = boot_copy_header(phys, read, &raw->header);

    if (status == BOOT_OK)
        status = boot_copy_map(read, raw);
    if (status == BOOT_OK)
        status = boot_copy_module(read, raw);
    if (status == BOOT_OK)
        status = boot_copy_cmdline(read, raw);
    return status;
}

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

/* The RAM entry that holds the whole range, or map_count. */
/*@ requires valid: \valid_read(raw) && raw->map_count <= START_INFO_MAX_ENTRIES;
    terminates \true; exits \false; assigns \nothing;
    ensures range: \result <= raw->map_count;
    ensures found: \result < raw->map_count ==> BootHolds(raw, \result, start, size);
    ensures none: \result == raw->map_count ==>
      \forall integer i; 0 <= i < raw->map_count ==> !BootHolds(raw, i, start, size); */
static uint32_t boot_find_holder(const struct boot_raw *raw, uint64_t start, uint64_t size)
{
    const struct boot_entry *entry;
    uint32_t i;

    /*@ loop invariant range: 0 <= i <= raw->map_count;
        loop invariant none: \forall integer k; 0 <= k < i ==> !BootHolds(raw, k, start, size);
        loop assigns i, entry; loop variant raw->map_count - i; */
    for (i = 0; i < raw->map_count; i++) {
        entry = &raw->map[i];
        if (boot_entry_is_ram(raw, i) && entry->addr <= start && size <= entry->size &&
            start - entry->addr <= entry->size - size)
            return i;
    }
    return raw->map_count;
}

/* Accepted only when not empty, inside the one RAM entry *holder, and off the kernel. */
/*@ requires valid: \valid_read(raw) && \valid(holder) && \separated(raw, holder);
    requires good: raw->map_count <= START_INFO_MAX_ENTRIES && BootMapGood(raw);
    terminates \true; exits \false; assigns *holder;
    ensures accepted: \result == BOOT_OK ==> BootModuleGood(raw, *holder, kernel_start, kernel_end);
    ensures empty: \result == BOOT_MODULE_EMPTY <==> raw->module.size == 0;
    ensures reasons: \result == BOOT_OK || BOOT_MODULE_EMPTY <= \result <= BOOT_MODULE_NOT_IN_RAM; */
static enum boot_status boot_check_module(const struct boot_raw *raw, uint64_t kernel_start, uint64_t kernel_end,
                                          uint32_t *holder)
{
    uint64_t start = raw->module.start, size = raw->module.size;

    if (size == 0)
        return BOOT_MODULE_EMPTY;
    *holder = boot_find_holder(raw, start, size);
    if (*holder == raw->map_count)
        return BOOT_MODULE_NOT_IN_RAM;
    if (start < kernel_end && kernel_start < start + size)
        return BOOT_MODULE_ON_KERNEL;
    return BOOT_OK;
}

/* Takes the whole frames of entry i, if it is RAM and has any, after those of the entries before it. */
/*@ requires valid: \valid_read(raw) && \valid(info) && \separated(raw, info);
    requires inside: i < START_INFO_MAX_ENTRIES && !BootEntryHigh(raw, i);
    requires before: BootRangesFrom(info, raw, i) && BootRangesComplete(info, raw, i);
    terminates \true; exits \false; assigns info->ram_count, info->ram[0 .. START_INFO_MAX_ENTRIES - 1];
    ensures from: BootRangesFrom(info, raw, i + 1);
    ensures complete: BootRangesComplete(info, raw, i + 1); */
static void boot_take_entry(const struct boot_raw *raw, uint32_t i, struct boot_info *info)
{
    uint64_t first, end;

    if (!boot_entry_is_ram(raw, i))
        return;
    first = (raw->map[i].addr + (BOOT_FRAME - 1)) / BOOT_FRAME;
    end = (raw->map[i].addr + raw->map[i].size) / BOOT_FRAME;
    /*@ assert frames: first == BootFirstFrame(raw, i) && end == BootEndFrame(raw, i); */
    if (first >= end)
        return;
    info->ram[info->ram_count].first = first;
    info->ram[info->ram_count].end = end;
    info->ram[info->ram_count].entry = i;
    info->ram_count++;
}

enum boot_status boot_judge(const struct boot_raw *raw, uint64_t kernel_start, uint64_t kernel_end,
                            struct boot_info *info)
{
    enum boot_status status = boot_check_map(raw);
    uint32_t i, holder = 0;

    if (status == BOOT_OK && raw->header.module_count == 1)
        status = boot_check_module(raw, kernel_start, kernel_end, &holder);
    if (status != BOOT_OK)
        return status;
    info->module_start = raw->header.module_count == 1 ? raw->module.start : 0;
    info->module_size = raw->header.module_count == 1 ? raw->module.size : 0;
    info->module_entry = holder;
    info->rsdp = raw->header.rsdp;
    info->ram_count = 0;
    /*@ loop invariant range: 0 <= i <= raw->map_count;
        loop invariant from: BootRangesFrom(info, raw, i);
        loop invariant complete: BootRangesComplete(info, raw, i);
        loop assigns i, info->ram_count, info->ram[0 .. START_INFO_MAX_ENTRIES - 1];
        loop variant raw->map_count - i; */
    for (i = 0; i < raw->map_count; i++)
        boot_take_entry(raw, i, info);
    return BOOT_OK;
}

/* Makes place by giving up the smallest range, if it is smaller than one of this many frames. */
/*@ requires valid: \valid(out) && out->count == BOOT_MAX_RANGES && BootUsableAscends(out);
    terminates \true; exits \false; assigns *out;
    ensures count: BOOT_MAX_RANGES - 1 <= out->count <= BOOT_MAX_RANGES;
    ensures ascends: BootUsableAscends(out); */
static void boot_drop_smallest(struct boot_ranges *out, uint64_t frames)
{
    uint32_t i, least = 0;

    for (i = 1; i < out->count; i++)
        if (out->range[i].end - out->range[i].first < out->range[least].end - out->range[least].first)
            least = i;
    if (out->range[least].end - out->range[least].first >= frames)
        return;
    out->dropped += out->range[least].end - out->range[least].first;
    out->count--;
    for (i = least; i < out->count; i++)
        out->range[i] = out->range[i + 1];
}

/* Puts frames [first, end) of that entry in their place, if there are any. */
static void boot_insert_range(struct boot_ranges *out, uint64_t first, uint64_t end, uint32_t entry)
{
    uint32_t i;

    if (first >= end)
        return;
    if (out->count == BOOT_MAX_RANGES)
        boot_drop_smallest(out, end - first);
    if (out->count == BOOT_MAX_RANGES) {
        out->dropped += end - first;
        return;
    }
    for (i = out->count; i > 0 && out->range[i - 1].first > first; i--)
        out->range[i] = out->range[i - 1];
    out->range[i] = (struct boot_range){ first, end, entry };
    out->count++;
}

/* The frames that bytes [start, end) touch; none when there are no bytes. */
static struct boot_range boot_touched(uint64_t start, uint64_t end)
{
    return (struct boot_range){ start / BOOT_FRAME, start < end ? (end + (BOOT_FRAME - 1)) / BOOT_FRAME : 0, 0 };
}

/* Puts what is left of one range of RAM without frame 0 and without the two holes, which are in ascending order. */
static void boot_insert_around(struct boot_ranges *out, const struct boot_range *ram, const struct boot_range hole[2])
{
    uint64_t first = ram->first > 0 ? ram->first : 1;
    uint32_t i;

    for (i = 0; i < 2; i++) {
        if (hole[i].end <= first || hole[i].first >= ram->end)
            continue;
        boot_insert_range(out, first, hole[i].first, ram->entry);
        first = hole[i].end;
    }
    boot_insert_range(out, first, ram->end, ram->entry);
}

void boot_usable_ranges(const struct boot_info *info, uint64_t kernel_start, uint64_t kernel_end,
                        struct boot_ranges *out)
{
    struct boot_range kernel = boot_touched(kernel_start, kernel_end), hole[2];
    struct boot_range module = boot_touched(info->module_start, info->module_start + info->module_size);
    uint32_t i;

    hole[0] = kernel.first < module.first ? kernel : module;
    hole[1] = kernel.first < module.first ? module : kernel;
    out->count = 0;
    out->dropped = 0;
    for (i = 0; i < info->ram_count; i++)
        boot_insert_around(out, &info->ram[i], hole);
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
