/* SPDX-License-Identifier: BSD-2-Clause */
/* cpio newc: every entry is judged whole before anything of it is given out. */
#include "kernel/cpio.h"

#define CPIO_FIELDS 13u
/* the fields by their place in the header */
enum { INO, MODE, UID, GID, NLINK, MTIME, FILESIZE, DEV_MAJOR, DEV_MINOR, RDEV_MAJOR, RDEV_MINOR, NAMESIZE, CHECK };

/*@ terminates \true; exits \false; assigns \nothing;
    ensures value: \result == HexDigit(c) && 0 <= \result <= 16; */
static uint32_t hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return (uint32_t)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (uint32_t)(c - 'a') + 10;
    if (c >= 'A' && c <= 'F')
        return (uint32_t)(c - 'A') + 10;
    return 16;
}

/*@ requires readable: \valid_read(bytes + (0 .. size - 1)) && at + 4 <= size;
    requires apart: \valid(value) && \separated(value, bytes + (0 .. size - 1));
    terminates \true; exits \false; assigns *value;
    ensures exact: \result <==> Hex4Good(bytes, at);
    ensures value: \result ==> *value == Hex4(bytes, at) && 0 <= *value <= 0xffff; */
static bool hex_read4(const uint8_t *bytes, uint64_t size, uint64_t at, uint32_t *value)
{
    uint32_t a = hex_digit(bytes[at]), b = hex_digit(bytes[at + 1]);
    uint32_t c = hex_digit(bytes[at + 2]), d = hex_digit(bytes[at + 3]);

    (void)size;
    *value = 0x1000 * a + 0x100 * b + 0x10 * c + d;
    return a < 16 && b < 16 && c < 16 && d < 16;
}

/*@ requires readable: \valid_read(bytes + (0 .. size - 1)) && at + 8 <= size;
    requires apart: \valid(value) && \separated(value, bytes + (0 .. size - 1));
    terminates \true; exits \false; assigns *value;
    ensures exact: \result <==> Hex8Good(bytes, at);
    ensures value: \result ==> *value == Hex8(bytes, at); */
static bool hex_read8(const uint8_t *bytes, uint64_t size, uint64_t at, uint32_t *value)
{
    uint32_t high, low;

    if (!hex_read4(bytes, size, at, &high) || !hex_read4(bytes, size, at + 4, &low))
        return false;
    *value = 0x10000u * high + low;
    return true;
}

/*@ requires readable: \valid_read(bytes + (0 .. size - 1)) && at + CPIO_HEADER <= size;
    requires apart: \valid(field + (0 .. CPIO_FIELDS - 1))
      && \separated(field + (0 .. CPIO_FIELDS - 1), bytes + (0 .. size - 1));
    terminates \true; exits \false; assigns field[0 .. CPIO_FIELDS - 1];
    ensures exact: \result <==> CpioHexGood(bytes, at);
    ensures value: \result ==> \forall integer k; 0 <= k < CPIO_FIELDS ==> field[k] == CpioField(bytes, at, k); */
static bool cpio_read_fields(const uint8_t *bytes, uint64_t size, uint64_t at, uint32_t field[CPIO_FIELDS])
{
    uint32_t i;

    /*@ loop invariant range: 0 <= i <= CPIO_FIELDS;
        loop invariant good: \forall integer k; 0 <= k < i ==> CpioFieldGood(bytes, at, k);
        loop invariant value: \forall integer k; 0 <= k < i ==> field[k] == CpioField(bytes, at, k);
        loop assigns i, field[0 .. CPIO_FIELDS - 1]; loop variant CPIO_FIELDS - i; */
    for (i = 0; i < CPIO_FIELDS; i++) {
        if (!hex_read8(bytes, size, at + 6 + 8ULL * i, &field[i])) {
            /*@ assert bad: !CpioFieldGood(bytes, at, i); */
            return false;
        }
        /*@ assert kept: \forall integer k; 0 <= k < i ==> field[k] == CpioField(bytes, at, k); */
        /*@ assert new: CpioFieldGood(bytes, at, i) && field[i] == CpioField(bytes, at, i); */
    }
    return true;
}

/*@ requires readable: \valid_read(bytes + (0 .. size - 1)) && at + CPIO_HEADER <= size;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> CpioMagic(bytes, at); */
static bool cpio_has_magic(const uint8_t *bytes, uint64_t size, uint64_t at)
{
    const uint8_t *m = bytes + at;

    (void)size;
    return m[0] == '0' && m[1] == '7' && m[2] == '0' && m[3] == '7' && m[4] == '0' && (m[5] == '1' || m[5] == '2');
}

/* Is there a NUL at the end of the name, and nowhere else? */
/*@ requires readable: \valid_read(bytes + (0 .. size - 1)) && length < 0xffffffff && at + length < size;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> bytes[at + length] == 0 && CpioNoZero(bytes, at, at + length); */
static bool cpio_text_ends(const uint8_t *bytes, uint64_t size, uint64_t at, uint32_t length)
{
    uint32_t i;

    (void)size;
    /*@ loop invariant range: 0 <= i <= length;
        loop invariant open: CpioNoZero(bytes, at, at + i);
        loop assigns i; loop variant length - i; */
    for (i = 0; i < length; i++)
        if (bytes[at + i] == 0)
            return false;
    return bytes[at + length] == 0;
}

/*@ requires readable: \valid_read(bytes + (0 .. size - 1)) && 2 <= namesize && at + CPIO_HEADER + namesize <= size;
    requires name: namesize == CpioNamesize(bytes, at);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> CpioTrailer(bytes, at); */
static bool cpio_is_trailer(const uint8_t *bytes, uint64_t size, uint64_t at, uint32_t namesize)
{
    const uint8_t *n = bytes + at;

    (void)size;
    return namesize == 11 && n[110] == 'T' && n[111] == 'R' && n[112] == 'A' && n[113] == 'I' && n[114] == 'L' &&
           n[115] == 'E' && n[116] == 'R' && n[117] == '!' && n[118] == '!' && n[119] == '!';
}

/* How many bytes of '/' and './' (or a lone '.') the path begins with: all names are relative to the root. */
/*@ requires readable: \valid_read(bytes + (0 .. size - 1)) && at + length <= size && length <= CPIO_MAX_PATH;
    terminates \true; exits \false; assigns \nothing;
    ensures range: \result <= length;
    ensures relative: \result < length ==> bytes[at + \result] != '/'; */
static uint32_t cpio_skip_root(const uint8_t *bytes, uint64_t size, uint64_t at, uint32_t length)
{
    uint32_t i = 0;

    (void)size;
    /*@ loop invariant range: 0 <= i <= length; loop assigns i; loop variant length - i; */
    while (i < length) {
        if (bytes[at + i] == '/' || (bytes[at + i] == '.' && (i + 1 == length || bytes[at + i + 1] == '/')))
            i++;
        else
            break;
    }
    return i;
}

/* No component '..', none longer than CPIO_MAX_NAME. */
/*@ requires readable: \valid_read(bytes + (0 .. size - 1)) && at + length <= size && length <= CPIO_MAX_PATH;
    requires relative: length > 0 ==> bytes[at] != '/';
    terminates \true; exits \false; assigns \nothing;
    ensures accepted: \result == CPIO_ENTRY ==> CpioPathGood(bytes, at, length);
    ensures reasons: \result == CPIO_ENTRY || \result == CPIO_BAD_PATH || \result == CPIO_LONG_PATH; */
static enum cpio_status cpio_check_path(const uint8_t *bytes, uint64_t size, uint64_t at, uint32_t length)
{
    uint32_t i, start = 0;

    (void)size;
    /*@ loop invariant range: 0 <= start <= i <= length + 1 && (i > length ==> start == i);
        loop invariant starts: start == 0 || start == length + 1 || bytes[at + start - 1] == '/';
        loop invariant open: CpioNoSlash(bytes, at + start, at + i);
        loop invariant stays: start > 0 ==> CpioPartStays(bytes, at, length, at + start - 1);
        loop invariant short: start > 0 ==> CpioPartShort(bytes, at, at + start - 1);
        loop assigns i, start; loop variant length + 1 - i; */
    for (i = 0; i <= length; i++) {
        if (i < length && bytes[at + i] != '/')
            continue;
        /*@ assert stops: CpioStops(bytes, at, length, at + i); */
        if (i - start == 2 && bytes[at + start] == '.' && bytes[at + start + 1] == '.')
            return CPIO_BAD_PATH;
        if (i - start > CPIO_MAX_NAME)
            return CPIO_LONG_PATH;
        /*@ assert inner: \forall integer k; at + start < k < at + i ==> !CpioStarts(bytes, at, k); */
        /*@ assert own: i >= start + 2 ==> !CpioClimbs(bytes, at, length, at + start); */
        /*@ assert stays: CpioPartStays(bytes, at, length, at + i); */
        /*@ assert short: CpioPartShort(bytes, at, at + i); */
        start = i + 1;
    }
    return CPIO_ENTRY;
}

/* A symbolic link's target: 1 to CPIO_MAX_PATH bytes, no NUL. */
/*@ requires readable: \valid_read(bytes + (at .. at + length - 1)) && at + length <= 0xffffffffffffffff;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> CpioTargetGood(bytes, at, length); */
static bool cpio_target_is_good(const uint8_t *bytes, uint64_t at, uint32_t length)
{
    uint32_t i;

    if (length == 0 || length > CPIO_MAX_PATH)
        return false;
    /*@ loop invariant range: 0 <= i <= length;
        loop invariant open: CpioNoZero(bytes, at, at + i);
        loop assigns i; loop variant length - i; */
    for (i = 0; i < length; i++)
        if (bytes[at + i] == 0)
            return false;
    return true;
}

bool cpio_is_archive(const uint8_t *bytes, uint64_t size)
{
    return size >= 4 && bytes[0] == '0' && bytes[1] == '7' && bytes[2] == '0' && bytes[3] == '7';
}

/*@ requires readable: \valid_read(bytes + (0 .. size - 1)) && at + CPIO_HEADER <= size <= 0x7fffffffffffffff;
    requires name: namesize == CpioNamesize(bytes, at);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == CPIO_ENTRY <==> CpioNameGood(bytes, size, at);
    ensures truncated: \result == CPIO_TRUNCATED ==> at + CPIO_HEADER + namesize > size;
    ensures long: \result == CPIO_LONG_PATH ==> namesize > CPIO_MAX_PATH + 1;
    ensures reasons: \result == CPIO_ENTRY || \result == CPIO_TRUNCATED || \result == CPIO_LONG_PATH
      || \result == CPIO_BAD_NAME; */
static enum cpio_status cpio_check_name(const uint8_t *bytes, uint64_t size, uint64_t at, uint32_t namesize)
{
    uint64_t name = at + CPIO_HEADER;

    if (namesize > CPIO_MAX_PATH + 1)
        return CPIO_LONG_PATH;
    if (namesize > size - name)
        return CPIO_TRUNCATED;
    if (namesize < 2 || !cpio_text_ends(bytes, size, name, namesize - 1))
        return CPIO_BAD_NAME;
    return CPIO_ENTRY;
}

/* The header at this offset: all of it that does not depend on the data. The fields are set for CPIO_ENTRY only. */
/*@ requires readable: \valid_read(bytes + (0 .. size - 1)) && at <= size <= 0x7fffffffffffffff;
    requires apart: \valid(field + (0 .. CPIO_FIELDS - 1))
      && \separated(field + (0 .. CPIO_FIELDS - 1), bytes + (0 .. size - 1));
    terminates \true; exits \false; assigns field[0 .. CPIO_FIELDS - 1];
    ensures good: \result == CPIO_ENTRY || \result == CPIO_END <==> CpioHeaderGood(bytes, size, at);
    ensures end: \result == CPIO_ENTRY ==> !CpioTrailer(bytes, at);
    ensures last: \result == CPIO_END ==> CpioTrailer(bytes, at);
    ensures value: \result == CPIO_ENTRY ==>
      \forall integer k; 0 <= k < CPIO_FIELDS ==> field[k] == CpioField(bytes, at, k);
    ensures bad_magic: \result == CPIO_BAD_MAGIC ==> !CpioMagic(bytes, at);
    ensures bad_hex: \result == CPIO_BAD_HEX ==> !CpioHexGood(bytes, at);
    ensures reasons: CPIO_ENTRY <= \result <= CPIO_LONG_PATH && \result != CPIO_BAD_PATH; */
static enum cpio_status cpio_read_header(const uint8_t *bytes, uint64_t size, uint64_t at, uint32_t field[CPIO_FIELDS])
{
    enum cpio_status status;

    if (size < CPIO_HEADER || at > size - CPIO_HEADER)
        return CPIO_TRUNCATED;
    if (!cpio_has_magic(bytes, size, at))
        return CPIO_BAD_MAGIC;
    if (!cpio_read_fields(bytes, size, at, field))
        return CPIO_BAD_HEX;
    status = cpio_check_name(bytes, size, at, field[NAMESIZE]);
    if (status != CPIO_ENTRY)
        return status;
    return cpio_is_trailer(bytes, size, at, field[NAMESIZE]) ? CPIO_END : CPIO_ENTRY;
}

/* Cannot fail: all that is taken was judged. */
/*@ requires valid: \valid_read(field + (0 .. CPIO_FIELDS - 1));
    terminates \true; exits \false; assigns \nothing;
    ensures place: \result.name == name && \result.name_length == name_length && \result.data == data;
    ensures sizes: \result.data_size == field[FILESIZE] && \result.mode == field[MODE];
    ensures owner: \result.uid == field[UID] && \result.gid == field[GID] && \result.link_count == field[NLINK];
    ensures node: \result.mtime == field[MTIME] && \result.ino == field[INO];
    ensures device: \result.device_major == field[DEV_MAJOR] && \result.device_minor == field[DEV_MINOR]
      && \result.rdev_major == field[RDEV_MAJOR] && \result.rdev_minor == field[RDEV_MINOR]; */
static struct cpio_entry cpio_make_entry(const uint32_t field[CPIO_FIELDS], uint64_t name, uint64_t name_length,
                                         uint64_t data)
{
    return (struct cpio_entry){
        .name = name,
        .name_length = name_length,
        .data = data,
        .data_size = field[FILESIZE],
        .mode = field[MODE],
        .uid = field[UID],
        .gid = field[GID],
        .link_count = field[NLINK],
        .mtime = field[MTIME],
        .ino = field[INO],
        .device_major = field[DEV_MAJOR],
        .device_minor = field[DEV_MINOR],
        .rdev_major = field[RDEV_MAJOR],
        .rdev_minor = field[RDEV_MINOR],
    };
}

enum cpio_status cpio_next(const uint8_t *bytes, uint64_t size, uint64_t *offset, struct cpio_entry *entry)
{
    uint64_t data, next, at = *offset, name = at + CPIO_HEADER;
    uint32_t field[CPIO_FIELDS], length, skipped;
    enum cpio_status status = cpio_read_header(bytes, size, at, field);

    if (status != CPIO_ENTRY)
        return status;
    length = field[NAMESIZE] - 1;
    data = (name + length + 1 + (CPIO_ALIGN - 1)) / CPIO_ALIGN * CPIO_ALIGN;
    next = (data + field[FILESIZE] + (CPIO_ALIGN - 1)) / CPIO_ALIGN * CPIO_ALIGN;
    /*@ assert next: data == CpioData(bytes, at) && next == CpioNext(bytes, at); */
    /*@ assert inside: name + length < data && data + field[FILESIZE] <= next && at + CPIO_HEADER < next; */
    if (next > size)
        return CPIO_BAD_DATA;
    skipped = cpio_skip_root(bytes, size, name, length);
    name += skipped;
    length -= skipped;
    /*@ assert name: name + length == at + CPIO_HEADER + CpioNamesize(bytes, at) - 1 && name >= at + CPIO_HEADER; */
    status = cpio_check_path(bytes, size, name, length);
    if (status != CPIO_ENTRY)
        return status;
    if ((field[MODE] & CPIO_KIND) == CPIO_LINK && !cpio_target_is_good(bytes, data, field[FILESIZE]))
        return CPIO_BAD_LINK;
    /*@ assert link: (field[MODE] & CPIO_KIND) == CPIO_LINK ==> CpioTargetGood(bytes, data, field[FILESIZE]); */
    *offset = next;
    *entry = cpio_make_entry(field, name, length, data);
    /*@ assert name: entry->name == name; */
    /*@ assert length: entry->name_length == length; */
    /*@ assert fields: CpioFields(entry, bytes, at); */
    /*@ assert within: CpioInside(entry, at, next); */
    return CPIO_ENTRY;
}

/* The trailer's name ends 4-byte aligned; some programs fill up to a block after it. */
/*@ requires readable: \valid_read(bytes + (0 .. size - 1));
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> CpioZeroFrom(bytes, size, at); */
static bool cpio_only_zero_from(const uint8_t *bytes, uint64_t size, uint64_t at)
{
    uint64_t i;

    /*@ loop invariant range: at <= i && (i <= size || i == at);
        loop invariant zero: \forall integer k; at <= k < i && k < size ==> bytes[k] == 0;
        loop assigns i; loop variant size - i; */
    for (i = at; i < size; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

enum cpio_status cpio_judge(const uint8_t *bytes, uint64_t size, struct cpio_summary *summary)
{
    struct cpio_entry entry;
    enum cpio_status status;
    uint64_t at = 0, entries = 0;

    /*@ ghost uint64_t before; */
    /*@ loop invariant range: entries * CPIO_HEADER <= at <= size;
        loop assigns at, status, entry, entries, before; loop variant size - at; */
    for (;;) {
        /*@ ghost before = at; */
        status = cpio_next(bytes, size, &at, &entry);
        if (status != CPIO_ENTRY)
            break;
        /*@ assert forward: before + CPIO_HEADER < at <= size; */
        entries++;
    }
    summary->entries = entries;
    summary->culprit = 0;
    if (status == CPIO_END && !cpio_only_zero_from(bytes, size, at + CPIO_HEADER + sizeof("TRAILER!!!")))
        status = CPIO_BAD_END;
    if (status != CPIO_END)
        summary->culprit = at;
    return status;
}

const char *cpio_status_text(enum cpio_status status)
{
    static const char *const text[] = {
        [CPIO_ENTRY] = "cpio: an entry",
        [CPIO_END] = "cpio: good",
        [CPIO_TRUNCATED] = "cpio: truncated",
        [CPIO_BAD_MAGIC] = "cpio: bad magic: make it with -H newc",
        [CPIO_BAD_HEX] = "cpio: a header field is not hexadecimal",
        [CPIO_BAD_NAME] = "cpio: a name is empty or has no end",
        [CPIO_BAD_PATH] = "cpio: a name with ..",
        [CPIO_LONG_PATH] = "cpio: a name is too long",
        [CPIO_BAD_DATA] = "cpio: truncated: a file's size reaches beyond the archive",
        [CPIO_BAD_LINK] = "cpio: a symbolic link's target is empty, too long or has a NUL",
        [CPIO_BAD_END] = "cpio: more bytes after the trailer",
    };

    return (uint32_t)status < sizeof(text) / sizeof(text[0]) ? text[status] : "cpio: unknown status";
}
