/* SPDX-License-Identifier: BSD-2-Clause */
/* T1: the loader's words, each read once. The five functions that read are what is trusted here: that a boot_read_fn
   writes what it is asked to and nothing else, and refuses what ends above BOOT_PHYS_END. What they are asked for, and
   how often, is proved: it is what they require. */
#include "boot/start_copy.h"

#include <stddef.h>

#define HEADER_SIZE_V0 40u /* version 0 ends before the map */

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

/*@ requires valid: \valid(raw);
    requires once: ghost_heads == 0;
    terminates \true; exits \false; assigns raw->header, ghost_start, ghost_heads;
    ensures read: ghost_heads == 1 && ghost_start == phys;
    ensures inside: \result ==> phys + HEADER_SIZE_V0 <= BOOT_PHYS_END; */
static bool boot_read_head(boot_read_fn *read, uint64_t phys, struct boot_raw *raw)
{
    return read(&raw->header, phys, HEADER_SIZE_V0);
}

/*@ requires valid: \valid(raw);
    requires once: ghost_rests == 0;
    requires wanted: raw->header.magic == XEN_HVM_START_MAGIC_VALUE && raw->header.version == 1;
    requires place: phys == ghost_start + HEADER_SIZE_V0;
    terminates \true; exits \false;
    assigns raw->header.map, raw->header.map_count, raw->header.reserved, ghost_rests;
    ensures read: ghost_rests == 1; */
static bool boot_read_rest(boot_read_fn *read, uint64_t phys, struct boot_raw *raw)
{
    return read(&raw->header.map, phys, sizeof(raw->header) - HEADER_SIZE_V0);
}

/*@ requires valid: \valid(raw);
    requires once: ghost_maps == 0;
    requires wanted: 0 < count == raw->header.map_count <= START_INFO_MAX_ENTRIES;
    requires place: phys == raw->header.map && phys != 0;
    terminates \true; exits \false; assigns raw->map[0 .. START_INFO_MAX_ENTRIES - 1], ghost_maps;
    ensures read: ghost_maps == 1; */
static bool boot_read_map(boot_read_fn *read, uint64_t phys, uint32_t count, struct boot_raw *raw)
{
    return read(raw->map, phys, count * sizeof(raw->map[0]));
}

/*@ requires valid: \valid(raw);
    requires once: ghost_modules == 0;
    requires wanted: raw->header.module_count == 1;
    requires place: phys == raw->header.modules && phys != 0;
    terminates \true; exits \false; assigns raw->module, ghost_modules;
    ensures read: ghost_modules == 1; */
static bool boot_read_module(boot_read_fn *read, uint64_t phys, struct boot_raw *raw)
{
    return read(&raw->module, phys, sizeof(raw->module));
}

/* Bytes [first, end) of the command line. */
/*@ requires valid: \valid(raw);
    requires once: ghost_cmdline == first;
    requires wanted: first < end <= BOOT_CMDLINE_SIZE && CopyOpen(raw, first);
    requires place: phys == raw->header.cmdline + first && raw->header.cmdline != 0;
    requires chunk: phys % CMDLINE_CHUNK + (end - first) <= CMDLINE_CHUNK;
    terminates \true; exits \false; assigns raw->cmdline[first .. end - 1], ghost_cmdline;
    ensures read: ghost_cmdline == end;
    ensures inside: \result ==> phys + (end - first) <= BOOT_PHYS_END; */
static bool boot_read_cmdline(boot_read_fn *read, uint64_t phys, uint32_t first, uint32_t end, struct boot_raw *raw)
{
    return read(&raw->cmdline[first], phys, end - first);
}

/* Only the version, which is in the part that all versions have, says how much more there is. */
/*@ requires valid: \valid(raw);
    requires once: ghost_heads == 0 && ghost_rests == 0;
    terminates \true; exits \false; assigns raw->header, ghost_start, ghost_heads, ghost_rests;
    ensures reasons: \result == BOOT_OK || BOOT_OUTSIDE <= \result <= BOOT_BAD_VERSION;
    ensures read: ghost_heads == 1 && ghost_start == phys;
    ensures whole: \result == BOOT_OK ==> ghost_rests == raw->header.version;
    ensures good: \result == BOOT_OK ==> CopyHeaderGood(&raw->header);
    ensures magic: \result == BOOT_BAD_MAGIC ==> raw->header.magic != XEN_HVM_START_MAGIC_VALUE;
    ensures version: \result == BOOT_BAD_VERSION ==> raw->header.version > 1; */
static enum boot_status boot_copy_header(uint64_t phys, boot_read_fn *read, struct boot_raw *raw)
{
    if (!boot_read_head(read, phys, raw))
        return BOOT_OUTSIDE;
    raw->header.map = 0;
    raw->header.map_count = 0;
    if (raw->header.magic != XEN_HVM_START_MAGIC_VALUE)
        return BOOT_BAD_MAGIC;
    if (raw->header.version > 1)
        return BOOT_BAD_VERSION;
    if (raw->header.version == 1 && !boot_read_rest(read, phys + HEADER_SIZE_V0, raw))
        return BOOT_OUTSIDE;
    return BOOT_OK;
}

/* Address 0 is a null pointer here, as it is for Xen. */
/*@ requires valid: \valid(raw);
    requires once: ghost_maps == 0;
    terminates \true; exits \false; assigns raw->map_count, raw->map[0 .. START_INFO_MAX_ENTRIES - 1], ghost_maps;
    ensures reasons: \result == BOOT_OK || \result == BOOT_MAP_TOO_LONG || \result == BOOT_MAP_OUTSIDE;
    ensures same: CopyHeaderSame{Pre, Post}(raw);
    ensures count: \result == BOOT_OK ==> raw->map_count == raw->header.map_count <= START_INFO_MAX_ENTRIES;
    ensures whole: \result == BOOT_OK ==> ghost_maps == (raw->map_count > 0 ? 1 : 0);
    ensures long_map: \result == BOOT_MAP_TOO_LONG <==> raw->header.map_count > START_INFO_MAX_ENTRIES; */
static enum boot_status boot_copy_map(boot_read_fn *read, struct boot_raw *raw)
{
    uint32_t count = raw->header.map_count;

    raw->map_count = 0;
    if (count == 0)
        return BOOT_OK;
    if (count > START_INFO_MAX_ENTRIES)
        return BOOT_MAP_TOO_LONG;
    if (raw->header.map == 0 || !boot_read_map(read, raw->header.map, count, raw))
        return BOOT_MAP_OUTSIDE;
    raw->map_count = count;
    return BOOT_OK;
}

/*@ requires valid: \valid(raw);
    requires once: ghost_modules == 0;
    terminates \true; exits \false; assigns raw->module, ghost_modules;
    ensures reasons: \result == BOOT_OK || \result == BOOT_MANY_MODULES || \result == BOOT_MODULE_LIST_OUTSIDE;
    ensures same: CopyHeaderSame{Pre, Post}(raw) && raw->map_count == \old(raw->map_count);
    ensures one: \result == BOOT_OK ==> raw->header.module_count <= 1;
    ensures none: \result == BOOT_OK && raw->header.module_count == 0 ==> raw->module.size == 0;
    ensures whole: \result == BOOT_OK ==> ghost_modules == raw->header.module_count;
    ensures many: \result == BOOT_MANY_MODULES <==> raw->header.module_count > 1; */
static enum boot_status boot_copy_module(boot_read_fn *read, struct boot_raw *raw)
{
    raw->module.start = 0;
    raw->module.size = 0;
    raw->module.cmdline = 0;
    raw->module.reserved = 0;
    if (raw->header.module_count == 0)
        return BOOT_OK;
    if (raw->header.module_count > 1)
        return BOOT_MANY_MODULES;
    if (raw->header.modules == 0 || !boot_read_module(read, raw->header.modules, raw))
        return BOOT_MODULE_LIST_OUTSIDE;
    return BOOT_OK;
}

/* Where the NUL is among bytes [first, end), or end. */
/*@ requires valid: \valid_read(raw) && first <= end <= BOOT_CMDLINE_SIZE && CopyOpen(raw, first);
    terminates \true; exits \false; assigns \nothing;
    ensures range: first <= \result <= end && CopyOpen(raw, \result);
    ensures found: \result < end ==> raw->cmdline[\result] == 0; */
static uint32_t boot_find_end(const struct boot_raw *raw, uint32_t first, uint32_t end)
{
    /*@ loop invariant range: \at(first, Pre) <= first <= end;
        loop invariant open: CopyOpen(raw, first);
        loop assigns first; loop variant end - first; */
    while (first < end && raw->cmdline[first] != 0)
        first++;
    return first;
}

/* Where the piece ends that begins at byte n of the command line. */
/*@ requires range: n < BOOT_CMDLINE_SIZE;
    terminates \true; exits \false; assigns \nothing;
    ensures range: n < \result <= BOOT_CMDLINE_SIZE;
    ensures chunk: phys % CMDLINE_CHUNK + (\result - n) <= CMDLINE_CHUNK; */
static uint32_t boot_chunk_end(uint64_t phys, uint32_t n)
{
    uint32_t end = n + CMDLINE_CHUNK - (uint32_t)(phys % CMDLINE_CHUNK);

    return end < BOOT_CMDLINE_SIZE ? end : BOOT_CMDLINE_SIZE;
}

/* Each byte is read once, in pieces, so that nothing beyond the page of the NUL is touched. A null pointer is an empty
   line. */
/*@ requires valid: \valid(raw);
    requires once: ghost_cmdline == 0;
    terminates \true; exits \false;
    assigns raw->cmdline_length, raw->cmdline[0 .. BOOT_CMDLINE_SIZE - 1], ghost_cmdline;
    ensures reasons: \result == BOOT_OK || \result == BOOT_CMDLINE_OUTSIDE || \result == BOOT_CMDLINE_TOO_LONG;
    ensures same: CopyHeaderSame{Pre, Post}(raw) && raw->map_count == \old(raw->map_count)
      && raw->module.size == \old(raw->module.size);
    ensures ends: \result == BOOT_OK ==> BootCmdlineEnds(raw);
    ensures none: raw->header.cmdline == 0 ==> \result == BOOT_OK && ghost_cmdline == 0;
    ensures whole: \result == BOOT_OK && raw->header.cmdline != 0 ==>
      raw->cmdline_length < ghost_cmdline <= raw->cmdline_length + CMDLINE_CHUNK;
    ensures long_line: \result == BOOT_CMDLINE_TOO_LONG ==> CopyOpen(raw, BOOT_CMDLINE_SIZE); */
static enum boot_status boot_copy_cmdline(boot_read_fn *read, struct boot_raw *raw)
{
    uint64_t phys = raw->header.cmdline;
    uint32_t n = 0, end;

    raw->cmdline[0] = 0;
    raw->cmdline_length = 0;
    if (phys == 0)
        return BOOT_OK;
    /*@ loop invariant range: 0 <= n <= BOOT_CMDLINE_SIZE && ghost_cmdline == n && raw->cmdline_length == 0;
        loop invariant inside: n == 0 || phys + n <= BOOT_PHYS_END;
        loop invariant same: CopyHeaderSame{Pre, Here}(raw);
        loop invariant open: CopyOpen(raw, n);
        loop assigns n, end, raw->cmdline[0 .. BOOT_CMDLINE_SIZE - 1], ghost_cmdline;
        loop variant BOOT_CMDLINE_SIZE - n; */
    while (n < BOOT_CMDLINE_SIZE) {
        end = boot_chunk_end(phys + n, n);
        if (!boot_read_cmdline(read, phys + n, n, end, raw))
            return BOOT_CMDLINE_OUTSIDE;
        /*@ assert open: CopyOpen(raw, n); */
        n = boot_find_end(raw, n, end);
        if (n < end) {
            raw->cmdline_length = n;
            return BOOT_OK;
        }
    }
    return BOOT_CMDLINE_TOO_LONG;
}

enum boot_status start_info_copy(uint64_t phys, boot_read_fn *read, struct boot_raw *raw)
{
    enum boot_status status = boot_copy_header(phys, read, raw);

    if (status == BOOT_OK)
        status = boot_copy_map(read, raw);
    if (status == BOOT_OK)
        status = boot_copy_module(read, raw);
    if (status == BOOT_OK)
        status = boot_copy_cmdline(read, raw);
    return status;
}
