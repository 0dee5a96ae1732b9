/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as an archive: each step goes forwards and stays inside, no path climbs, and the judgement is what the steps
   find. */
#include "kernel/cpio.h"

#include <stdbool.h>

#include "fuzz.h"

static struct cpio_entry entry;

/* Relative, without a NUL, without '..', with components of at most 255 bytes. */
static void check_path(const char *name, uint64_t length)
{
    uint64_t start = 0;

    HOLDS(length <= CPIO_MAX_PATH && strlen(name) == length && name[0] != '/');
    for (uint64_t i = 0; i <= length; i++) {
        if (i < length && name[i] != '/')
            continue;
        HOLDS(i - start <= CPIO_MAX_NAME);
        HOLDS(i - start != 2 || name[start] != '.' || name[start + 1] != '.');
        start = i + 1;
    }
}

/* A header's field, as the C library reads it. */
static uint32_t field_at(const uint8_t *bytes, uint64_t header, uint32_t field)
{
    char text[9] = "";

    memcpy(text, bytes + header + 6 + 8 * field, 8);
    return (uint32_t)strtoul(text, NULL, 16);
}

static void check_entry(const uint8_t *bytes, uint64_t size, uint64_t before, uint64_t offset)
{
    uint32_t namesize = field_at(bytes, before, 11);

    HOLDS(offset > before && offset <= size && offset % CPIO_ALIGN == 0);
    HOLDS(entry.name >= before + CPIO_HEADER && entry.name + entry.name_length + 1 == before + CPIO_HEADER + namesize);
    HOLDS(entry.data >= before + CPIO_HEADER + namesize && entry.data % CPIO_ALIGN == 0);
    HOLDS(entry.data <= offset && entry.data_size <= offset - entry.data);
    HOLDS(offset - entry.data - entry.data_size < CPIO_ALIGN &&
          entry.data - before - CPIO_HEADER - namesize < CPIO_ALIGN);
    check_path((const char *)bytes + entry.name, entry.name_length);
    HOLDS(entry.ino == field_at(bytes, before, 0) && entry.mode == field_at(bytes, before, 1));
    HOLDS(entry.uid == field_at(bytes, before, 2) && entry.gid == field_at(bytes, before, 3));
    HOLDS(entry.link_count == field_at(bytes, before, 4) && entry.mtime == field_at(bytes, before, 5));
    HOLDS(entry.data_size == field_at(bytes, before, 6) && entry.rdev_minor == field_at(bytes, before, 10));
    HOLDS(entry.device_major == field_at(bytes, before, 7) && entry.device_minor == field_at(bytes, before, 8));
    if ((entry.mode & CPIO_KIND) == CPIO_LINK)
        HOLDS(entry.data_size > 0 && entry.data_size <= CPIO_MAX_PATH &&
              memchr(bytes + entry.data, 0, entry.data_size) == NULL);
}

static bool is_zero_from(const uint8_t *bytes, uint64_t size, uint64_t at)
{
    while (at < size && bytes[at] == 0)
        at++;
    return at >= size;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct cpio_summary summary;
    enum cpio_status judged = cpio_judge(bytes, size, &summary), status;
    uint64_t before, offset = 0, entries = 0;

    for (;;) {
        before = offset;
        memset(&entry, 0x5a, sizeof(entry));
        status = cpio_next(bytes, size, &offset, &entry);
        HOLDS((uint32_t)status <= CPIO_BAD_END && strcmp(cpio_status_text(status), "cpio: unknown status") != 0);
        if (status != CPIO_ENTRY)
            break;
        check_entry(bytes, size, before, offset);
        entries++;
    }
    HOLDS(offset == before && entries == summary.entries);
    if (status == CPIO_END && !is_zero_from(bytes, size, offset + CPIO_HEADER + 11))
        status = CPIO_BAD_END;
    HOLDS(judged == status && summary.culprit == (judged == CPIO_END ? 0 : offset));
    HOLDS(entries == 0 || cpio_is_archive(bytes, size));
    return 0;
}
