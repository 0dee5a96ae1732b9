/* SPDX-License-Identifier: BSD-2-Clause */
/* Names in directories: found by a hash over directory and name, listed in the order they came. */
#ifndef KERNEL_FS_ENTRY_H
#define KERNEL_FS_ENTRY_H
#include <stdint.h>

#define ENTRY_NAME_MAX 255u
#define ENTRY_INLINE   27u
#define ENTRY_COOKIE   2u /* directory positions 0 and 1 are . and .. */

struct entry {
    uint32_t hash;
    uint32_t next_hash;
    uint32_t dir; /* the directory it is in and the node it names */
    uint32_t node;
    uint32_t prev;
    uint32_t next;
    uint64_t cookie; /* position in the directory; grows from entry to entry, never used twice */
    uint32_t more;   /* slot with the bytes of the name that do not fit here */
    uint8_t length;
    char name[ENTRY_INLINE];
};

/* The entry with that number, which must be in use. */
struct entry *entry_at(uint32_t id);

/* The entry of that name (1 to 255 bytes) in the directory, or 0. */
uint32_t entry_find(uint32_t dir, const char *name, uint32_t length);

/* Adds a name that the directory does not have; link counts are the caller's. The entry, or 0 when there is no room. */
uint32_t entry_add(uint32_t dir, const char *name, uint32_t length, uint32_t node);

/* Takes the name out; link counts are the caller's. */
void entry_remove(uint32_t id);

/* Copies the name without NUL to out[ENTRY_NAME_MAX]; gives its length. */
uint32_t entry_name(uint32_t id, char *out);

#endif
