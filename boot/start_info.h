/* SPDX-License-Identifier: BSD-2-Clause */
/* PVH start_info (T1): copied once out of physical memory into one owned struct (boot/start_copy.h), judged there, and
   only then used. */
#ifndef BOOT_START_INFO_H
#define BOOT_START_INFO_H
#include <stdbool.h>
#include <stdint.h>

#define START_INFO_MAX_ENTRIES 128u /* as many as Xen and Linux keep (E820MAX) */
#define BOOT_CMDLINE_SIZE      8192u
#define BOOT_FRAME             4096ULL
#define BOOT_PHYS_END          0x10000000000000ULL /* 2^52: no x86 has memory above */
#define BOOT_MAP_RAM           1u                  /* XEN_HVM_MEMMAP_TYPE_RAM */

enum boot_status {
    BOOT_OK,
    /* start_info_copy, in boot/start_copy.h */
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

#include "spec/start_info.acsl"

/* Judges the map and the module against each other and the kernel's bytes [kernel_start, kernel_end), then fills info.
   A refusal leaves info as it was. */
/*@ requires valid: \valid_read(raw) && \valid(info) && \separated(raw, info);
    requires ghost_apart: \separated(raw, info, ghost_boot_place + (0 .. START_INFO_MAX_ENTRIES - 1));
    requires copied: raw->map_count <= START_INFO_MAX_ENTRIES && raw->header.module_count <= 1;
    terminates \true; exits \false; assigns *info, ghost_boot_place[0 .. START_INFO_MAX_ENTRIES - 1];
    behavior accepted:
      ensures map: \result == BOOT_OK ==> \old(BootMapGood(raw)) && BootRawSame{Pre, Here}(raw);
      ensures from: \result == BOOT_OK ==> BootRangesFrom(info, raw, raw->map_count);
      ensures complete: \result == BOOT_OK ==> BootRangesComplete(info, raw, raw->map_count);
      ensures disjoint: \result == BOOT_OK ==> BootRangesDisjoint(info) && BootRangesBounded(info);
      ensures module: \result == BOOT_OK && raw->header.module_count == 1 ==> info->module_start == raw->module.start
        && info->module_size == raw->module.size && BootModuleGood(raw, info->module_entry, kernel_start, kernel_end);
      ensures no_module: \result == BOOT_OK && raw->header.module_count == 0 ==>
        info->module_start == 0 && info->module_size == 0;
      ensures rsdp: \result == BOOT_OK ==> info->rsdp == raw->header.rsdp;
    behavior refused: ensures \result != BOOT_OK ==> BootInfoSame{Pre, Here}(info);
    behavior refused_map: ensures BOOT_NO_MAP <= \result <= BOOT_MAP_OVERLAP <==> !\old(BootMapGood(raw));
    behavior refused_module: ensures BootModuleRefused(raw, \result, kernel_start, kernel_end);
    behavior reasons: ensures \result == BOOT_OK || BOOT_NO_MAP <= \result <= BOOT_MODULE_NOT_IN_RAM; */
enum boot_status boot_judge(const struct boot_raw *raw, uint64_t kernel_start, uint64_t kernel_end,
                            struct boot_info *info);

/* One line without newline: what is wrong. */
const char *boot_status_text(enum boot_status status);

#endif
