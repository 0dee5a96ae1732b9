/* SPDX-License-Identifier: BSD-2-Clause */
/* T1: one copy of all that the loader said. */
#ifndef BOOT_START_COPY_H
#define BOOT_START_COPY_H
#include <stdint.h>
#include <xen/arch-x86/hvm/start_info.h>

#include "boot/start_info.h"

#define CMDLINE_CHUNK 64u /* divides a page, so that no chunk crosses one */

/* Copies size bytes of physical memory at phys; false, and nothing copied, when they are outside what can be
   addressed: at least when they do not end at BOOT_PHYS_END or below. */
typedef bool boot_read_fn(void *dst, uint64_t phys, uint64_t size);

#include "spec/start_copy.acsl"

/* Copies start_info at phys and what it points to, each byte once; after a refusal raw is not to be used.
   raw->map_count is 0 when the loader gave no map (version 0, old Xen): the caller fills map and map_count from
   elsewhere before boot_judge. */
/*@ requires valid: \valid(raw) && CopyNothing;
    terminates \true; exits \false;
    assigns *raw, ghost_start, ghost_heads, ghost_rests, ghost_maps, ghost_modules, ghost_cmdline;
    ensures reasons: BOOT_OK <= \result <= BOOT_CMDLINE_TOO_LONG;
    ensures start: ghost_heads == 1 && ghost_start == phys;
    ensures header: \result == BOOT_OK ==> CopyHeaderGood(&raw->header) && raw->header.module_count <= 1;
    ensures map: \result == BOOT_OK ==> raw->map_count == raw->header.map_count <= START_INFO_MAX_ENTRIES;
    ensures none: \result == BOOT_OK && raw->header.module_count == 0 ==> raw->module.size == 0;
    ensures cmdline: \result == BOOT_OK ==> BootCmdlineEnds(raw);
    ensures whole: \result == BOOT_OK ==> CopyWhole(raw);
    ensures magic: \result == BOOT_BAD_MAGIC ==> raw->header.magic != XEN_HVM_START_MAGIC_VALUE;
    ensures version: \result == BOOT_BAD_VERSION ==> raw->header.version > 1;
    ensures long_map: \result == BOOT_MAP_TOO_LONG ==> raw->header.map_count > START_INFO_MAX_ENTRIES;
    ensures many: \result == BOOT_MANY_MODULES ==> raw->header.module_count > 1;
    ensures long_line: \result == BOOT_CMDLINE_TOO_LONG ==> CopyOpen(raw, BOOT_CMDLINE_SIZE); */
enum boot_status start_info_copy(uint64_t phys, boot_read_fn *read, struct boot_raw *raw);

#endif
