/* SPDX-License-Identifier: BSD-2-Clause */
/* links: boot/cmdline.c boot/cmdline_key.c boot/cmdline_value.c boot/cmdline_word.c */
/* Keys, arguments, quotes and appended devices are told apart; what was quoted comes back; every refusal by name. */
#include "boot/cmdline.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"

static struct cmdline cmdline;
static uint64_t seed = 1;

static uint64_t random_below(uint64_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (seed >> 33) % n;
}

/* In a buffer of its exact size, so that the sanitizer sees a read beyond it. */
static enum cmdline_status parse(const char *line)
{
    size_t length = strlen(line);
    char *copy = malloc(length + 1);
    enum cmdline_status status;

    memcpy(copy, line, length + 1);
    memset(&cmdline, 0x5a, sizeof(cmdline));
    status = cmdline_parse(copy, (uint32_t)length, &cmdline);
    free(copy);
    return status;
}

static const char *string_at(uint32_t offset)
{
    return offset == CMDLINE_NOT_GIVEN ? "(not given)" : cmdline.text + offset;
}

static void is(uint32_t offset, const char *want)
{
    if (!CHECK(strcmp(string_at(offset), want) == 0))
        printf("    is \"%s\", should be \"%s\"\n", string_at(offset), want);
}

/* The line gives these arguments, which are written apart by '|'. */
static void args(const char *line, uint32_t count, const char *want)
{
    char joined[256] = "";

    if (!CHECK_EQ(parse(line), CMDLINE_OK) || !CHECK_EQ(cmdline.arg_count, count)) {
        printf("    %s\n", line);
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        strcat(joined, i > 0 ? "|" : "");
        strcat(joined, cmdline.text + cmdline.arg[i]);
    }
    if (!CHECK(strcmp(joined, want) == 0))
        printf("    %s: is %s, should be %s\n", line, joined, want);
}

static void test_arguments(void)
{
    args("", 0, "");
    args(" \t ", 0, "");
    args("--", 0, "");
    args("-- ", 0, "");
    args("-- a", 1, "a");
    args("  --  a \t b\n", 2, "a|b");
    args("console=x -- a -- b", 3, "a|--|b");
    args("-- \"a b\" c", 2, "a b|c");
    args("-- \"\" x \"\"", 3, "|x|");
    args("-- 'a b'", 2, "'a|b'");
    args("-- x\"y z\"w", 1, "xy zw");
    args("-- \"a\\\"b\" \"c\\\\\" \"d\\n\"", 3, "a\"b|c\\|d\\n");
    args("-- a\\b \\", 2, "a\\b|\\");
    args("-- \"--\" \"x\"", 2, "--|x");
    args("\"--\" -- y", 1, "y");
    args("--x -- y", 1, "y");
    args("-- \xc3\xa4 \xff", 2, "\xc3\xa4|\xff");
}

static void test_keys(void)
{
    CHECK_EQ(parse("console=ttyS0 loglevel=7 env=A=1 init=/bin/sh ip=10.0.0.2/24 strace=1 env=B= env=C=x=y"),
             CMDLINE_OK);
    is(cmdline.console, "ttyS0");
    is(cmdline.init, "/bin/sh");
    is(cmdline.ip, "10.0.0.2/24");
    CHECK_EQ(cmdline.loglevel, 7);
    CHECK_EQ(cmdline.strace, true);
    CHECK_EQ(cmdline.env_count, 3);
    is(cmdline.env[0], "A=1");
    is(cmdline.env[1], "B=");
    is(cmdline.env[2], "C=x=y");
    CHECK_EQ(cmdline.unknown_count, 0);

    CHECK_EQ(parse("env=\"A=b c\" init=/a init=\"/b c\" strace=1 strace=0 loglevel=3 loglevel=0"), CMDLINE_OK);
    is(cmdline.env[0], "A=b c");
    is(cmdline.init, "/b c");
    CHECK_EQ(cmdline.strace, false);
    CHECK_EQ(cmdline.loglevel, 0);

    CHECK_EQ(parse("-- init=/x"), CMDLINE_OK);
    is(cmdline.init, "(not given)");
    is(cmdline.console, "(not given)");
    CHECK_EQ(cmdline.loglevel, -1);
    CHECK_EQ(cmdline.strace, false);
}

static void test_unknown(void)
{
    const char *line = "quiet foo=bar consol=x \"a b\"=c five six=6 init= -- y";

    CHECK_EQ(parse(line), CMDLINE_BAD_INIT);
    line = "quiet foo=bar consol=x \"a b\"=c five six=6 -- y";
    CHECK_EQ(parse(line), CMDLINE_OK);
    CHECK_EQ(cmdline.unknown_count, 6);
    CHECK(cmdline.unknown[0].offset == 0 && cmdline.unknown[0].length == 5);
    CHECK(strncmp(line + cmdline.unknown[1].offset, "foo=", cmdline.unknown[1].length + 1) == 0);
    CHECK(strncmp(line + cmdline.unknown[3].offset, "\"a b\"=", cmdline.unknown[3].length + 1) == 0);
    CHECK_EQ(cmdline.arg_count, 1);
}

static void test_devices(void)
{
    args("console=ttyS0 -- a b virtio_mmio.device=512@0xfeb00e00:12", 2, "a|b");
    CHECK_EQ(cmdline.device_count, 1);
    CHECK_EQ(cmdline.device[0].size, 512);
    CHECK_EQ(cmdline.device[0].base, 0xfeb00e00);
    CHECK_EQ(cmdline.device[0].irq, 12);
    args("-- virtio_mmio.device=512@0xfeb00c00:11 virtio_mmio.device=512@0xfeb00e00:12", 0, "");
    CHECK_EQ(cmdline.device_count, 2);
    CHECK(cmdline.device[0].irq == 11 && cmdline.device[1].irq == 12);
    args("virtio_mmio.device=512@0xfeb00e00:12", 0, "");
    CHECK(cmdline.device_count == 1 && cmdline.unknown_count == 0);
    args("virtio_mmio.device=512@0xfeb00e00:1 -- virtio_mmio.device=512@0xfeb00e00:12", 0, "");
    CHECK(cmdline.device_count == 2 && cmdline.device[0].irq == 1 && cmdline.device[1].irq == 12);
    args("-- virtio_mmio.device=512@0x1:2 a", 2, "virtio_mmio.device=512@0x1:2|a");
    CHECK_EQ(cmdline.device_count, 0);
    args("-- \"virtio_mmio.device=512@0x1:2\"", 1, "virtio_mmio.device=512@0x1:2");
    CHECK_EQ(cmdline.device_count, 0);
    args("virtio_mmio.device=oops -- x", 1, "x");
    CHECK(cmdline.device_count == 0 && cmdline.unknown_count == 1);
}

static void test_malformed_devices(void)
{
    static const char *const wrong[] = {
        "",
        "512",
        "512@",
        "512@0x:1",
        "512@0x1",
        "512@0x1:",
        "512@0x1:2x",
        "512@0x1:2:3",
        "0@0x1:2",
        "x@0x1:2",
        "512@ff:1",
        "4294967296@1:2",
        "512@0x1:4294967296",
        "-1@0x1:2",
        "512@0xfffffffffffffff0:2",
        "512@0x10000000000000000:2",
    };
    char line[128], word[100];

    for (uint32_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        snprintf(word, sizeof(word), "virtio_mmio.device=%s", wrong[i]);
        snprintf(line, sizeof(line), "-- %s", word);
        args(line, 1, word);
        CHECK_EQ(cmdline.device_count, 0);
    }
}

static void refuse(const char *line, enum cmdline_status want)
{
    if (!CHECK_EQ(parse(line), want))
        printf("    %.60s: %s\n", line, cmdline_status_text(want));
    CHECK(cmdline.arg_count == 0 && cmdline.env_count == 0 && cmdline.device_count == 0);
    CHECK(cmdline.unknown_count == 0 && cmdline.text_size == 0 && cmdline.init == CMDLINE_NOT_GIVEN);
}

/* n times the word, behind start. */
static const char *repeated(const char *start, const char *word, uint32_t n)
{
    static char line[16384];

    memmove(line, start, strlen(start) + 1);
    for (uint32_t i = 0; i < n; i++)
        strcat(line, word);
    return line;
}

static void test_refusals(void)
{
    refuse("\"", CMDLINE_OPEN_QUOTE);
    refuse("init=\"/x", CMDLINE_OPEN_QUOTE);
    refuse("-- a \"b", CMDLINE_OPEN_QUOTE);
    refuse("-- \"b\\", CMDLINE_OPEN_QUOTE);
    refuse("-- \"b\\\"", CMDLINE_OPEN_QUOTE);
    refuse("env=", CMDLINE_BAD_ENV);
    refuse("env=FOO", CMDLINE_BAD_ENV);
    refuse("env==x", CMDLINE_BAD_ENV);
    refuse("loglevel=", CMDLINE_BAD_LOGLEVEL);
    refuse("loglevel=8", CMDLINE_BAD_LOGLEVEL);
    refuse("loglevel=10", CMDLINE_BAD_LOGLEVEL);
    refuse("loglevel=-1", CMDLINE_BAD_LOGLEVEL);
    refuse("strace=yes", CMDLINE_BAD_STRACE);
    refuse("strace=2", CMDLINE_BAD_STRACE);
    refuse("init=", CMDLINE_BAD_INIT);
    refuse(repeated("--", " a", 257), CMDLINE_MANY_ARGS);
    refuse(repeated("--", " a", 300), CMDLINE_MANY_ARGS);
    refuse(repeated("", " env=A=b", 129), CMDLINE_MANY_ENVS);
    refuse(repeated("--", "a", 8190), CMDLINE_TOO_LONG);
    CHECK_EQ(parse(repeated("--", " a", 256)), CMDLINE_OK);
    CHECK_EQ(cmdline.arg_count, 256);
    CHECK_EQ(parse(repeated(repeated("--", " a", 256), " virtio_mmio.device=1@2:3", 8)), CMDLINE_OK);
    CHECK(cmdline.arg_count == 256 && cmdline.device_count == 8);
    CHECK_EQ(parse(repeated("", " env=A=b", 128)), CMDLINE_OK);
    CHECK_EQ(parse(repeated("--", "a", 8189)), CMDLINE_OK);
    for (int status = CMDLINE_OK; status <= CMDLINE_BAD_INIT; status++)
        CHECK(strlen(cmdline_status_text((enum cmdline_status)status)) > 3);
}

/* Any line: a known answer, and every string whole inside the text. */
static void test_random_lines(void)
{
    static const char *const piece[] = {
        " ",         "\"", "\\",        "a",  "--",      " -- ", "env=A=", "init=/", "x=y", "'", "virtio_mmio.device=",
        "512@0x10:", "7",  "loglevel=", "\t", "strace=1"
    };
    uint32_t accepted = 0;

    for (uint32_t round = 0; round < 100000; round++) {
        char line[512] = "";
        for (uint64_t n = random_below(20); n > 0; n--)
            strcat(line, piece[random_below(sizeof(piece) / sizeof(piece[0]))]);
        if (parse(line) != CMDLINE_OK) {
            CHECK(cmdline.arg_count == 0 && cmdline.text_size == 0);
            continue;
        }
        accepted++;
        CHECK(cmdline.text_size <= strlen(line) + 1);
        CHECK(cmdline.text_size == 0 || cmdline.text[cmdline.text_size - 1] == 0);
        for (uint32_t i = 0; i < cmdline.arg_count; i++)
            CHECK(cmdline.arg[i] < cmdline.text_size);
        for (uint32_t i = 0; i < cmdline.env_count; i++)
            CHECK(cmdline.env[i] < cmdline.text_size && strchr(cmdline.text + cmdline.env[i], '=') != NULL);
        CHECK(cmdline.init == CMDLINE_NOT_GIVEN || cmdline.init < cmdline.text_size);
    }
    CHECK(accepted > 10000);
}

/* Arguments that a host tool quoted come back as they were. */
static void test_random_quoted(void)
{
    static const char alphabet[] = " \"\\'a-\t=\n";
    char line[1024], want[8][16];

    for (uint32_t round = 0; round < 30000; round++) {
        uint32_t count = (uint32_t)random_below(8);
        char *at = line + sprintf(line, "console=x --");
        for (uint32_t i = 0; i < count; i++) {
            uint32_t length = (uint32_t)random_below(15);
            at += sprintf(at, " \"");
            for (uint32_t k = 0; k < length; k++) {
                want[i][k] = alphabet[random_below(sizeof(alphabet) - 1)];
                if (want[i][k] == '"' || want[i][k] == '\\')
                    *at++ = '\\';
                *at++ = want[i][k];
            }
            want[i][length] = 0;
            at += sprintf(at, "\"");
        }
        CHECK_EQ(parse(line), CMDLINE_OK);
        CHECK_EQ(cmdline.arg_count, count);
        for (uint32_t i = 0; i < count; i++)
            CHECK(strcmp(cmdline.text + cmdline.arg[i], want[i]) == 0);
    }
}

int main(void)
{
    test_arguments();
    test_keys();
    test_unknown();
    test_devices();
    test_malformed_devices();
    test_refusals();
    test_random_lines();
    test_random_quoted();
    return check_done();
}
