/* SPDX-License-Identifier: BSD-2-Clause */
/* links: kernel/signed_comment.c kernel/policy.c lib/decimal.c */
/* What a comment says, and what of a command line it allows. */
#include "kernel/policy.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"

static struct signed_comment comment;

/* The text from the heap, without a NUL, so that the sanitizer sees a read behind it. */
static enum comment_status parse(const char *text)
{
    size_t length = strlen(text);
    char *copy = malloc(length ? length : 1);
    enum comment_status status;

    memcpy(copy, text, length);
    memset(&comment, 0x5a, sizeof(comment));
    status = signed_comment_parse(copy, (uint32_t)length, &comment);
    free(copy);
    CHECK(strnlen(comment.name, sizeof(comment.name)) <= COMMENT_MAX_NAME);
    return status;
}

/* A bit for each key that is allowed. */
static uint32_t allowed(void)
{
    uint32_t keys = 0;

    for (uint32_t k = 0; k < COMMENT_KEYS; k++)
        keys |= comment.allows[k] ? 1u << k : 0;
    return keys;
}

static void takes(const char *text, const char *name, uint64_t version, uint32_t keys)
{
    bool good = CHECK_EQ(parse(text), COMMENT_OK);

    good &= CHECK(strcmp(comment.name, name) == 0) & CHECK_EQ(comment.version, version) & CHECK_EQ(allowed(), keys);
    if (!good)
        printf("    of %s\n", text);
}

static void check_parse(void)
{
    enum {
        CONSOLE = 1 << CMDLINE_CONSOLE,
        ENV = 1 << CMDLINE_ENV,
        ARGS = 1 << COMMENT_ARGS,
        ALL = (1 << COMMENT_KEYS) - 1
    };

    takes("", "", 0, 0);
    takes("  \t ", "", 0, 0);
    takes("timestamp:1633700835\tfile:test\thashed", "", 0, 0);
    takes("name=web version=7 keys=console,env", "web", 7, CONSOLE | ENV);
    takes("\tkeys=args \t version=18446744073709551615  name=A-Z_0.9 ", "A-Z_0.9", UINT64_MAX, ARGS);
    takes("keys=console,env,init,ip,loglevel,strace,args", "", 0, ALL);
    takes("keys=,console,,nothing,consol,consoles,console=,Env,", "", 0, CONSOLE);
    takes("keys=console keys=env", "", 0, ENV);
    takes("keys=console keys=", "", 0, 0);
    takes("name=a name=bc version=1 version=2", "bc", 2, 0);
    takes("name = x keys console", "", 0, 0);
    takes("xname=a Version=3 _keys=args name", "", 0, 0);
    takes("name=0123456789012345678901234567890123456789012345678901234567890123",
          "0123456789012345678901234567890123456789012345678901234567890123", 0, 0);
}

static void check_refused(void)
{
    static const char *const name[] = { "name=", "name=a/b", "x name=a:b y", "name=%s", "name=\"a\"", "name=a\x7f" };
    static const char *const version[] = { "version=",          "version=-1",  "version=01",
                                           "version=1x",        "version=0x1", "name=a version=18446744073709551616",
                                           "version=1 version=" };

    for (unsigned i = 0; i < sizeof(name) / sizeof(name[0]); i++)
        CHECK_EQ(parse(name[i]), COMMENT_BAD_NAME);
    CHECK_EQ(parse("name=01234567890123456789012345678901234567890123456789012345678901234"), COMMENT_BAD_NAME);
    for (unsigned i = 0; i < sizeof(version) / sizeof(version[0]); i++)
        CHECK_EQ(parse(version[i]), COMMENT_BAD_VERSION);
}

/* Everything given. */
static struct cmdline full(void)
{
    return (struct cmdline){ .init = 0,
                             .console = 1,
                             .ip = 2,
                             .loglevel = 0,
                             .strace = true,
                             .arg_count = 3,
                             .env_count = 2,
                             .device_count = 1,
                             .unknown_count = 1,
                             .text_size = 10 };
}

static void check_policy(void)
{
    for (uint32_t key = 0; key < COMMENT_KEYS; key++) {
        struct cmdline line = full();

        CHECK(policy_is_given(&line, key));
        policy_drop(&line, key);
        for (uint32_t other = 0; other < COMMENT_KEYS; other++)
            CHECK(policy_is_given(&line, other) == (other != key));
        CHECK(line.device_count == 1 && line.unknown_count == 1 && line.text_size == 10);
        policy_drop(&line, key);
        CHECK(!policy_is_given(&line, key));
        CHECK(policy_key_text(key)[0] != 0);
    }
}

int main(void)
{
    check_parse();
    check_refused();
    check_policy();
    return check_done();
}
