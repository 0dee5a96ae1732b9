/* SPDX-License-Identifier: BSD-2-Clause */
/* cpio newc archives: nothing outside the archive is read, each step advances, a refusal names a true reason. */
#ifndef KERNEL_CPIO_H
#define KERNEL_CPIO_H
#include <stdbool.h>
#include <stdint.h>

#define CPIO_HEADER   110ULL
#define CPIO_ALIGN    4ULL
#define CPIO_MAX_PATH 4095u    /* bytes without NUL, also of a symbolic link's target */
#define CPIO_MAX_NAME 255u     /* bytes of one component */
#define CPIO_KIND     0170000u /* the bits of mode that say what an entry is, as in struct stat */
#define CPIO_LINK     0120000u /* a symbolic link */

enum cpio_status {
    CPIO_ENTRY,
    CPIO_END,
    CPIO_TRUNCATED,
    CPIO_BAD_MAGIC,
    CPIO_BAD_HEX,
    CPIO_BAD_NAME,
    CPIO_BAD_PATH,
    CPIO_LONG_PATH,
    CPIO_BAD_DATA,
    CPIO_BAD_LINK,
    CPIO_BAD_END
};

/* name, data: offsets into the archive. The name is relative to the root: it has no leading '/' or './' any more, and
   is empty (name_length 0) for the root itself. Components are apart by one or more '/', a component '.' means nothing,
   and '..' does not occur. name_length counts no NUL, though a NUL follows. A symbolic link's target is its data. Of a
   hard link's several names (link_count > 1; equal ino, device_major, device_minor) usually only the last has data. */
struct cpio_entry {
    uint64_t name, name_length, data, data_size;
    uint32_t mode, uid, gid, link_count, mtime, ino;
    uint32_t device_major, device_minor, rdev_major, rdev_minor;
};

/* entries: how many there are, without the trailer. culprit: offset of the header that a refusal is about. */
struct cpio_summary {
    uint64_t entries, culprit;
};

#include "spec/cpio.acsl"

/* Do the bytes begin as some cpio archive does (judge it then), rather than as an ELF file? */
/*@ requires readable: \valid_read(bytes + (0 .. size - 1));
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==>
      size >= 4 && bytes[0] == '0' && bytes[1] == '7' && bytes[2] == '0' && bytes[3] == '7'; */
bool cpio_is_archive(const uint8_t *bytes, uint64_t size);

/* The entry at *offset, which then moves to the next one; on CPIO_END and refusals nothing is written. */
/*@ requires readable: \valid_read(bytes + (0 .. size - 1)) && size <= 0x7fffffffffffffff;
    requires valid: \valid(entry) && \valid(offset) && *offset <= size;
    requires apart: \separated(entry, offset, bytes + (0 .. size - 1));
    terminates \true; exits \false; assigns *entry, *offset;
    behavior entry:
      ensures header: \result == CPIO_ENTRY ==> CpioHeaderGood(bytes, size, \old(*offset));
      ensures not_end: \result == CPIO_ENTRY ==> !CpioTrailer(bytes, \old(*offset));
      ensures inside: \result == CPIO_ENTRY ==> CpioInside(entry, \old(*offset), *offset) && *offset <= size;
      ensures fields: \result == CPIO_ENTRY ==> CpioFields(entry, bytes, \old(*offset));
      ensures path: \result == CPIO_ENTRY ==> CpioPathGood(bytes, entry->name, entry->name_length);
      ensures link: \result == CPIO_ENTRY && (entry->mode & CPIO_KIND) == CPIO_LINK ==>
        CpioTargetGood(bytes, entry->data, entry->data_size);
      ensures next: \result == CPIO_ENTRY ==> *offset == CpioNext(bytes, \old(*offset));
    behavior end: ensures \result == CPIO_END <==>
      CpioHeaderGood(bytes, size, \old(*offset)) && CpioTrailer(bytes, \old(*offset));
    behavior bad_magic: ensures \result == CPIO_BAD_MAGIC ==> !CpioMagic(bytes, \old(*offset));
    behavior bad_hex: ensures \result == CPIO_BAD_HEX ==> !CpioHexGood(bytes, \old(*offset));
    behavior untouched: ensures \result != CPIO_ENTRY ==> *offset == \old(*offset) && CpioEntrySame{Pre, Here}(entry);
    behavior reasons: ensures CPIO_ENTRY <= \result <= CPIO_BAD_LINK; */
enum cpio_status cpio_next(const uint8_t *bytes, uint64_t size, uint64_t *offset, struct cpio_entry *entry);

/* The whole archive, to the trailer and the zero padding after it: CPIO_END, or the first refusal. */
/*@ requires readable: \valid_read(bytes + (0 .. size - 1)) && size <= 0x7fffffffffffffff;
    requires apart: \valid(summary) && \separated(summary, bytes + (0 .. size - 1));
    terminates \true; exits \false; assigns *summary;
    ensures reasons: CPIO_END <= \result <= CPIO_BAD_END;
    ensures count: summary->entries * CPIO_HEADER <= size;
    ensures culprit: summary->culprit <= size;
    ensures bad_magic: \result == CPIO_BAD_MAGIC ==> !CpioMagic(bytes, summary->culprit);
    ensures end: \result == CPIO_END ==> \exists integer a; 0 <= a && CpioHeaderGood(bytes, size, a)
      && CpioTrailer(bytes, a) && CpioZeroFrom(bytes, size, a + CPIO_HEADER + 11); */
enum cpio_status cpio_judge(const uint8_t *bytes, uint64_t size, struct cpio_summary *summary);

/* One line without newline: what is wrong. */
const char *cpio_status_text(enum cpio_status status);

#endif
