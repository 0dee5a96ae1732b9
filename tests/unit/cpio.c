/* SPDX-License-Identifier: BSD-2-Clause */
/* links: kernel/cpio.c */
/* Archives come out as they were packed, every bad one is refused by its name, and no mutation leads outside. */
#include "kernel/cpio.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"

static char archive[65536];
static uint64_t archive_size, last_header;
static struct cpio_entry entry;
static struct cpio_summary summary;
static uint64_t seed = 1;

static uint64_t random_below(uint64_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (seed >> 33) % n;
}

static void pad(void)
{
    while (archive_size % 4 != 0)
        archive[archive_size++] = 0;
}

static void add_sized(const char *name, uint32_t namesize, uint32_t mode, const void *data, uint32_t size)
{
    last_header = archive_size;
    archive_size +=
        (uint64_t)sprintf(archive + archive_size, "070701%08x%08X%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x", 0x1234,
                          mode, 1000, 100, 1, 0x5e000000, size, 8, 1, 0, 0, namesize, 0);
    memcpy(archive + archive_size, name, strlen(name) + 1);
    archive_size += namesize;
    pad();
    memcpy(archive + archive_size, data, size);
    archive_size += size;
    pad();
}

static void add(const char *name, uint32_t mode, const char *data)
{
    add_sized(name, (uint32_t)strlen(name) + 1, mode, data, (uint32_t)strlen(data));
}

static void add_trailer(void)
{
    add("TRAILER!!!", 0, "");
}

static void start(void)
{
    memset(archive, 0, sizeof(archive));
    archive_size = 0;
}

/* In a buffer of its exact size, so that the sanitizer sees a read beyond it. */
static enum cpio_status judge_size(uint64_t size)
{
    uint8_t *copy = malloc(size > 0 ? size : 1);
    enum cpio_status status;

    memcpy(copy, archive, size);
    status = cpio_judge(copy, size, &summary);
    free(copy);
    return status;
}

static void make_good(void)
{
    start();
    add(".", 0040755, "");
    add("./bin", 0040755, "");
    add("bin/sh", 0120777, "../init");
    add("/init", 0100755, "\177ELF and more");
    add("etc/a..b/...", 0100644, "x");
    add("empty", 0100644, "");
    add_trailer();
}

static void next_is(uint64_t *offset, const char *name, uint32_t mode, const char *data)
{
    uint8_t *bytes = (uint8_t *)archive;

    CHECK_EQ(cpio_next(bytes, archive_size, offset, &entry), CPIO_ENTRY);
    if (!CHECK(entry.name_length == strlen(name) && memcmp(bytes + entry.name, name, strlen(name) + 1) == 0))
        printf("    %s, should be %s\n", archive + entry.name, name);
    CHECK_EQ(entry.mode, mode);
    CHECK(entry.data_size == strlen(data) && memcmp(bytes + entry.data, data, strlen(data)) == 0);
}

static void test_good(void)
{
    uint64_t offset = 0;

    make_good();
    CHECK_EQ(judge_size(archive_size), CPIO_END);
    CHECK_EQ(summary.entries, 6);
    CHECK_EQ(judge_size(archive_size + 512), CPIO_END);
    next_is(&offset, "", 0040755, "");
    next_is(&offset, "bin", 0040755, "");
    next_is(&offset, "bin/sh", 0120777, "../init");
    next_is(&offset, "init", 0100755, "\177ELF and more");
    CHECK(entry.ino == 0x1234 && entry.uid == 1000 && entry.gid == 100 && entry.link_count == 1);
    CHECK(entry.mtime == 0x5e000000 && entry.device_major == 8 && entry.device_minor == 1);
    next_is(&offset, "etc/a..b/...", 0100644, "x");
    next_is(&offset, "empty", 0100644, "");
    CHECK_EQ(cpio_next((uint8_t *)archive, archive_size, &offset, &entry), CPIO_END);
    CHECK_EQ(offset, last_header);
    archive[5] = '2'; /* with checksums, which nobody asks for */
    CHECK_EQ(judge_size(archive_size), CPIO_END);
    start();
    add_trailer();
    CHECK_EQ(judge_size(archive_size), CPIO_END);
    CHECK_EQ(summary.entries, 0);
    CHECK(cpio_is_archive((uint8_t *)archive, archive_size) && !cpio_is_archive((uint8_t *)archive, 3));
    CHECK(!cpio_is_archive((const uint8_t *)"\177ELF", 4));
}

static void refused(enum cpio_status want, uint64_t culprit)
{
    enum cpio_status status = judge_size(archive_size);

    if (!CHECK_EQ(status, want))
        printf("    %s, should be: %s\n", cpio_status_text(status), cpio_status_text(want));
    CHECK_EQ(summary.culprit, culprit);
}

static void refused_field(uint32_t at, const char *field, enum cpio_status want)
{
    uint64_t culprit;

    start();
    add("a", 0100644, "one");
    add("b", 0100644, "two");
    culprit = last_header;
    add_trailer();
    memcpy(archive + culprit + at, field, strlen(field));
    refused(want, culprit);
}

static void test_field_refusals(void)
{
    refused_field(0, "070707", CPIO_BAD_MAGIC);
    refused_field(0, "070703", CPIO_BAD_MAGIC);
    refused_field(0, "\xc7\x71", CPIO_BAD_MAGIC);
    refused_field(6, "0000000g", CPIO_BAD_HEX);
    refused_field(14, "       1", CPIO_BAD_HEX);
    refused_field(54, "-0000001", CPIO_BAD_HEX);
    refused_field(94, "0x000002", CPIO_BAD_HEX);
    refused_field(102, "0000000\n", CPIO_BAD_HEX);
    refused_field(54, "ffffffff", CPIO_BAD_DATA);
    refused_field(54, "00001000", CPIO_BAD_DATA);
    refused_field(94, "00000000", CPIO_BAD_NAME);
    refused_field(94, "00000001", CPIO_BAD_NAME);
    refused_field(94, "00000003", CPIO_BAD_NAME);
    refused_field(94, "00000fff", CPIO_TRUNCATED);
    refused_field(94, "00001001", CPIO_LONG_PATH);
    refused_field(94, "ffffffff", CPIO_LONG_PATH);
}

static void refused_name(const char *name, uint32_t mode, const char *data, enum cpio_status want)
{
    start();
    add(name, mode, data);
    add_trailer();
    if (want == CPIO_END)
        CHECK_EQ(judge_size(archive_size), CPIO_END);
    else
        refused(want, 0);
}

static const char *repeated(char c, uint32_t n)
{
    static char text[8192];

    memset(text, c, n);
    text[n] = 0;
    return text;
}

static void test_name_refusals(void)
{
    char path[4200] = "";

    refused_name("..", 0100644, "", CPIO_BAD_PATH);
    refused_name("../x", 0100644, "", CPIO_BAD_PATH);
    refused_name("/..", 0100644, "", CPIO_BAD_PATH);
    refused_name("./..", 0100644, "", CPIO_BAD_PATH);
    refused_name("a/..", 0100644, "", CPIO_BAD_PATH);
    refused_name("a/../b", 0100644, "", CPIO_BAD_PATH);
    refused_name("a//../b", 0100644, "", CPIO_BAD_PATH);
    refused_name(repeated('n', 256), 0100644, "", CPIO_LONG_PATH);
    refused_name(repeated('n', 255), 0100644, "", CPIO_END);
    refused_name(repeated('/', 4095), 0040755, "", CPIO_END);
    refused_name(repeated('/', 4096), 0040755, "", CPIO_LONG_PATH);
    for (uint32_t i = 0; i < 16; i++)
        strcat(strcat(path, repeated('d', 255)), "/");
    path[4095] = 0;
    refused_name(path, 0040755, "", CPIO_END);
    refused_name("...", 0100644, "", CPIO_END);
    refused_name("..a/b..", 0100644, "", CPIO_END);
    refused_name("link", 0120777, "", CPIO_BAD_LINK);
    refused_name("link", 0120777, repeated('t', 4096), CPIO_BAD_LINK);
    refused_name("link", 0120777, repeated('t', 4095), CPIO_END);
    start();
    add_sized("link", 5, 0120777, "a\0b", 3);
    add_trailer();
    refused(CPIO_BAD_LINK, 0);
    start();
    add_sized("a\0b", 4, 0100644, "", 0);
    archive[110 + 2] = 'b';
    add_trailer();
    refused(CPIO_BAD_NAME, 0);
}

/* Cut anywhere before its end it is never good, and says so; bytes behind its end are refused too. */
static void test_truncated(void)
{
    make_good();
    for (uint64_t size = 0; size < last_header + 110 + 11; size++) {
        enum cpio_status status = judge_size(size);
        CHECK(status == CPIO_TRUNCATED || status == CPIO_BAD_DATA);
        CHECK(summary.culprit <= size);
    }
    CHECK_EQ(judge_size(last_header + 110 + 11), CPIO_END);
    archive[archive_size + 99] = 1;
    CHECK_EQ(judge_size(archive_size + 100), CPIO_BAD_END);
    for (int status = CPIO_ENTRY; status <= CPIO_BAD_END; status++)
        CHECK(strncmp(cpio_status_text((enum cpio_status)status), "cpio: ", 6) == 0);
}

/* One step from any offset: forwards, inside, with a path that does not climb. */
static bool check_step(const uint8_t *bytes, uint64_t size, uint64_t *offset)
{
    uint64_t before = *offset;
    const char *name;

    if (cpio_next(bytes, size, offset, &entry) != CPIO_ENTRY) {
        CHECK_EQ(*offset, before);
        return false;
    }
    CHECK(*offset > before && *offset <= size);
    CHECK(entry.name >= before + 110 && entry.name + entry.name_length < entry.data);
    CHECK(entry.data <= size && entry.data_size <= size - entry.data && entry.data + entry.data_size <= *offset);
    name = (const char *)bytes + entry.name;
    CHECK_EQ(strlen(name), entry.name_length);
    CHECK(name[0] != '/' && strcmp(name, "..") != 0 && strncmp(name, "../", 3) != 0 && strstr(name, "/../") == NULL);
    return true;
}

static void test_mutations(void)
{
    static const char digit[] = "0123456789abcdefABCDEF/.g";
    uint32_t accepted = 0, steps = 0;

    for (uint32_t round = 0; round < 100000; round++) {
        uint64_t offset = 0, size;
        uint8_t *copy;
        if (round % 4 == 0)
            make_good();
        for (uint64_t n = 1 + random_below(2); n > 0; n--)
            archive[random_below(archive_size)] = digit[random_below(sizeof(digit))];
        size = random_below(8) > 0 ? archive_size : 1 + random_below(archive_size - 1);
        copy = malloc(size);
        memcpy(copy, archive, size);
        accepted += cpio_judge(copy, size, &summary) == CPIO_END;
        while (check_step(copy, size, &offset))
            steps++;
        free(copy);
    }
    CHECK(accepted > 1000 && steps > 10000);
}

int main(void)
{
    test_good();
    test_field_refusals();
    test_name_refusals();
    test_truncated();
    test_mutations();
    return check_done();
}
