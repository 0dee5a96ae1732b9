/* SPDX-License-Identifier: BSD-2-Clause */
/* Does [addr, addr + len) lie in the user half, without wrapping (T9)? */
#ifndef MM_USER_RANGE_H
#define MM_USER_RANGE_H
#include <stdbool.h>
#include <stdint.h>

/* First address above the user half: Linux's TASK_SIZE_MAX, which leaves a guard page below the non-canonical hole. */
#define USER_END  0x00007ffffffff000ULL
#define PAGE_SIZE 4096ULL
/* Lowest address that can be mapped: Linux's default vm.mmap_min_addr. */
#define USER_START 0x10000ULL

#include "spec/user_range.acsl"

/* The empty range is accepted at every address up to and including USER_END: it touches nothing. */
/*@ terminates \true;
    exits \false;
    assigns \nothing;
    ensures exact: \result <==> InUserHalf(addr, len);
    ensures no_byte_outside: \result ==> \forall integer a; addr <= a < addr + len ==> 0 <= a < USER_END;
    ensures no_wrap: \result ==> (uint64_t)(addr + len) == addr + len;
    behavior accepted:
      assumes InUserHalf(addr, len);
      ensures \result;
    behavior too_long:
      assumes len > USER_END;
      ensures !\result;
    behavior leaves:
      assumes len <= USER_END && addr + len > USER_END;
      ensures !\result;
    complete behaviors;
    disjoint behaviors; */
bool user_range_is_valid(uint64_t addr, uint64_t len);

/* The stronger one, for mapping: page zero and the first 64 KiB are refused too. */
/*@ terminates \true;
    exits \false;
    assigns \nothing;
    ensures exact: \result <==> InUserPages(addr, len); */
bool user_range_is_mappable(uint64_t addr, uint64_t len);

#endif
