/* SPDX-License-Identifier: BSD-2-Clause */
/* PVH start_info (T1): copied once out of physical memory into one owned struct, judged there, and only then used. */
#ifndef BOOT_START_INFO_H
#define BOOT_START_INFO_H
#include <stdbool.h>
#include <stdint.h>

#define START_INFO_MAX_ENTRIES 128u /* as many as Xen and Linux keep (E820MAX) */
#define BOOT_CMDLINE_SIZE      8192u
#define BOOT_MAX_RANGES        32u
#define BOOT_FRAME             4096ULL
#define BOOT_PHYS_END          0x10000000000000ULL /* 2^52: no x86 has memory above */
#define BOOT_MAP_RAM           1u                  /* XEN_HVM_MEMMAP_TYPE_RAM */

enum boot_status {
    BOOT_OK,
    /* start_info_copy */
    BOOT_OUTSIDE,
    BOOT_BAD_MAGIC,
    BOOT_BAD_VERSION,
    BOOT_MAP_TOO_LONG,
    BOOT_MAP_OUTSIDE,
    BOOT_MANY_MODULES,
    BOOT_MODULE_LIST_OUTSIDE,
    BOOT_CMDLINE_OUTSIDE,
    BOOT_CMDLINE_TOO_LONG,
    /* boot_judge */
    BOOT_NO_MAP,
    BOOT_RAM_TOO_HIGH,
    BOOT_MAP_OVERLAP,
    BOOT_MODULE_EMPTY,
    BOOT_MODULE_ON_KERNEL,
    BOOT_MODULE_NOT_IN_RAM
};

/* The three structs have the layout of xen/arch-x86/hvm/start_info.h. */
struct boot_header {
    uint32_t magic, version, flags, module_count;
    uint64_t modules, cmdline, rsdp;
    /* zero when version is 0 */
    uint64_t map;
    uint32_t map_count, reserved;
};
struct boot_module {
    uint64_t start, size, cmdline, reserved;
};
struct boot_entry {
    uint64_t addr, size;
    uint32_t type, reserved;
};

/* All that the loader said, as it said it. cmdline ends with a NUL at cmdline_length. */
struct boot_raw {
    struct boot_header header;
    struct boot_module module;
    uint32_t map_count, cmdline_length;
    struct boot_entry map[START_INFO_MAX_ENTRIES];
    char cmdline[BOOT_CMDLINE_SIZE];
};

/* Frames [first, end), from the map's entry of that number. */
struct boot_range {
    uint64_t first, end;
    uint32_t entry;
};

/* What was judged. The module is the bytes [module_start, module_start + module_size); size 0: there is none. */
struct boot_info {
    uint64_t module_start, module_size, rsdp;
    uint32_t module_entry, ram_count;
    struct boot_range ram[START_INFO_MAX_ENTRIES];
};

/* Frames that nobody needs, ascending and disjoint; dropped counts the frames for which there was no place. */
struct boot_ranges {
    uint32_t count;
    uint64_t dropped;
    struct boot_range range[BOOT_MAX_RANGES];
};

/* Copies size bytes of physical memory at phys; false, and nothing copied, when they are outside what can be
   addressed. */
typedef bool boot_read_fn(void *dst, uint64_t phys, uint64_t size);

#include "spec/start_info.acsl"

/* Copies start_info at phys and what it points to, each byte once; after a refusal raw is not to be used.
   raw->map_count is 0 when the loader gave no map (version 0, old Xen): the caller fills map and map_count from
   elsewhere before boot_judge. */
/*@ requires valid: \valid(raw);
    ensures reasons: BOOT_OK <= \result <= BOOT_CMDLINE_TOO_LONG;
    ensures header: \result == BOOT_OK ==> raw->header.version <= 1 && raw->header.module_count <= 1;
    ensures map: \result == BOOT_OK ==> raw->map_count <= START_INFO_MAX_ENTRIES;
    ensures cmdline: \result == BOOT_OK ==> BootCmdlineEnds(raw); */
enum boot_status start_info_copy(uint64_t phys, boot_read_fn *read, struct boot_raw *raw);

/* Judges the map and the module against each other and the kernel's bytes [kernel_start, kernel_end), then fills info.
   A refusal leaves info as it was. */
/*@ requires valid: \valid_read(raw) && \valid(info) && \separated(raw, info);
    requires copied: raw->map_count <= START_INFO_MAX_ENTRIES && raw->header.module_count <= 1;
    terminates \true; exits \false; assigns *info;
    behavior accepted:
      ensures map: \result == BOOT_OK ==> BootMapGood(raw);
      ensures from: \result == BOOT_OK ==> BootRangesFrom(info, raw, raw->map_count);
      ensures complete: \result == BOOT_OK ==> BootRangesComplete(info, raw, raw->map_count);
      ensures disjoint: \result == BOOT_OK ==> BootRangesDisjoint(info);
      ensures module: \result == BOOT_OK && raw->header.module_count == 1 ==> info->module_start == raw->module.start
        && info->module_size == raw->module.size && BootModuleGood(raw, info->module_entry, kernel_start, kernel_end);
      ensures no_module: \result == BOOT_OK && raw->header.module_count == 0 ==> info->module_size == 0;
      ensures rsdp: \result == BOOT_OK ==> info->rsdp == raw->header.rsdp;
    behavior refused: ensures \result != BOOT_OK ==> BootInfoSame{Pre, Here}(info);
    behavior refused_map: ensures BOOT_NO_MAP <= \result <= BOOT_MAP_OVERLAP <==> !BootMapGood(raw);
    behavior reasons: ensures \result == BOOT_OK || BOOT_NO_MAP <= \result <= BOOT_MODULE_NOT_IN_RAM; */
enum boot_status boot_judge(const struct boot_raw *raw, uint64_t kernel_start, uint64_t kernel_end,
                            struct boot_info *info);

/* The frames of info->ram without frame 0, without any frame that the kernel or the module touches. When there are more
   than BOOT_MAX_RANGES pieces the smallest are dropped. */
/*@ requires valid: \valid_read(info) && \valid(out) && \separated(info, out);
    requires judged: info->ram_count <= START_INFO_MAX_ENTRIES && BootRangesBounded(info) && BootRangesDisjoint(info);
    requires module: info->module_start + info->module_size <= BOOT_PHYS_END;
    requires kernel: kernel_start <= kernel_end <= BOOT_PHYS_END;
    terminates \true; exits \false; assigns *out;
    ensures count: out->count <= BOOT_MAX_RANGES;
    ensures ascends: BootUsableAscends(out);
    ensures inside: BootUsableInside(out, info);
    ensures zero: BootUsableAvoids(out, 0, 1);
    ensures kernel: BootUsableAvoids(out, kernel_start, kernel_end);
    ensures module: BootUsableAvoids(out, info->module_start, info->module_start + info->module_size); */
void boot_usable_ranges(const struct boot_info *info, uint64_t kernel_start, uint64_t kernel_end,
                        struct boot_ranges *out);

/* One line without newline: what is wrong. */
const char *boot_status_text(enum boot_status status);

#endif
