/* SPDX-License-Identifier: BSD-2-Clause */
/* What of the judged RAM is free for use: without frame 0, the kernel, and the module. */
#ifndef BOOT_USABLE_H
#define BOOT_USABLE_H
#include "boot/start_info.h"

#define BOOT_MAX_RANGES 32u
#define BOOT_FRAME_END  (BOOT_PHYS_END / BOOT_FRAME)

/* Frames that nobody needs, ascending and disjoint; dropped counts the frames for which there was no place. */
struct boot_ranges {
    uint32_t count;
    uint64_t dropped;
    struct boot_range range[BOOT_MAX_RANGES];
};

#include "spec/usable.acsl"

/* The frames of info->ram without frame 0, without any frame that the kernel or the module touches. When there are more
   than BOOT_MAX_RANGES pieces the smallest are dropped. */
/*@ requires valid: \valid_read(info) && \valid(out) && \separated(info, out);
    requires judged: info->ram_count <= START_INFO_MAX_ENTRIES && BootRangesBounded(info) && BootRangesDisjoint(info);
    requires module: info->module_start + info->module_size <= BOOT_PHYS_END;
    requires kernel: kernel_start <= kernel_end <= BOOT_PHYS_END;
    terminates \true; exits \false; assigns *out;
    ensures ascends: UsableAscends(out);
    ensures ram: \forall integer f, e; UsableHas(out, f, e) ==> UsableRam(info, info->ram_count, f, e);
    ensures zero: \forall integer e; !UsableHas(out, 0, e);
    ensures kernel: \forall integer f, e; UsableHas(out, f, e) ==> !UsableTouched(f, kernel_start, kernel_end);
    ensures module: \forall integer f, e; UsableHas(out, f, e) ==>
      !UsableTouched(f, info->module_start, info->module_start + info->module_size);
    ensures complete: out->dropped == 0 ==> \forall integer i, f; 0 <= i < info->ram_count && f > 0
      && UsableRamFirst(info, i) <= f < UsableRamEnd(info, i) && !UsableTouched(f, kernel_start, kernel_end)
      && !UsableTouched(f, info->module_start, info->module_start + info->module_size)
        ==> UsableHas(out, f, UsableRamEntry(info, i)); */
void boot_usable_ranges(const struct boot_info *info, uint64_t kernel_start, uint64_t kernel_end,
                        struct boot_ranges *out);

#endif
