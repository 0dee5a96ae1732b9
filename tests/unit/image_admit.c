/* SPDX-License-Identifier: BSD-2-Clause */
/* links: kernel/image_admit.c kernel/policy.c lib/format.c lib/string.c */
/* Every set of words on the command line against every set that an image allows; and what is told of an image that was let in. */
#include "kernel/image_admit.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "drivers/xenstore.h"
#include "kernel/policy.h"
#include "lib/format.h"
#include "lib/log.h"

enum { SETS = 1 << COMMENT_KEYS, MODULE_SIZE = 5, REQUEST = 3 };

static const char *const names[COMMENT_KEYS] = {
    "console=", "env=", "init=", "ip=", "loglevel=", "strace=", "arguments"
};
static const uint8_t module[MODULE_SIZE];
static struct verified verified;
struct verify_keys fake_keys;
extern const struct verify_keys verify_keys __attribute__((alias("fake_keys")));

/* What the verifier says, and which words it says the image allows. */
static enum image_status verdict;
static unsigned allowed;

enum image_status image_verify(const uint8_t *bytes, uint64_t size, const struct verify_keys *keys,
                               struct verified *out)
{
    CHECK(bytes == module && size == MODULE_SIZE && keys == &verify_keys && out == &verified);
    for (unsigned key = 0; key < COMMENT_KEYS; key++)
        out->comment.allows[key] = allowed >> key & 1;
    return verdict;
}

/* The log's lines, with newlines; and what went to the store. */
static char lines[2000], stored[1000];
static int store_answer, abandoned;

void log_line(int severity, const char *fmt, ...)
{
    va_list arguments;
    size_t length = strlen(lines);

    (void)severity;
    va_start(arguments, fmt);
    length += (size_t)vsnprintf(lines + length, sizeof lines - length, fmt, arguments);
    va_end(arguments);
    if (CHECK(length + 1 < sizeof lines))
        strcpy(lines + length, "\n");
}

int xenstore_begin(enum xsd_sockmsg_type type, uint32_t transaction, const char *path, const char *value, char *dst,
                   uint32_t size)
{
    CHECK(type == XS_WRITE && transaction == XENSTORE_NO_TRANSACTION && dst == NULL && size == 0);
    CHECK(strcmp(path, "data/image") == 0);
    strcpy(stored, value);
    return store_answer;
}

void xenstore_abandon(int request)
{
    abandoned = request;
}

static struct cmdline line_with(unsigned given)
{
    return (struct cmdline){
        .console = given & 1 << CMDLINE_CONSOLE ? 1 : CMDLINE_NOT_GIVEN,
        .env_count = given & 1 << CMDLINE_ENV ? 2 : 0,
        .init = given & 1 << CMDLINE_INIT ? 3 : CMDLINE_NOT_GIVEN,
        .ip = given & 1 << CMDLINE_IP ? 4 : CMDLINE_NOT_GIVEN,
        .loglevel = given & 1 << CMDLINE_LOGLEVEL ? 0 : -1,
        .strace = given >> CMDLINE_STRACE & 1,
        .arg_count = given & 1 << COMMENT_ARGS ? 6 : 0,
        .device_count = 7,
    };
}

static bool same_line(const struct cmdline *a, const struct cmdline *b)
{
    return a->console == b->console && a->env_count == b->env_count && a->init == b->init && a->ip == b->ip &&
           a->loglevel == b->loglevel && a->strace == b->strace && a->arg_count == b->arg_count &&
           a->device_count == b->device_count;
}

/* What is left is what was given and is allowed, and for each other word there is a line. */
static void check_words(unsigned given)
{
    struct cmdline line = line_with(given), left = line_with(given & allowed);
    char wanted[sizeof lines] = "";

    lines[0] = '\0';
    for (unsigned key = 0; key < COMMENT_KEYS; key++)
        if ((given & ~allowed) >> key & 1)
            sprintf(wanted + strlen(wanted), "%s ignored: the image does not allow it\n", names[key]);
    if (!CHECK_EQ(image_admit(module, MODULE_SIZE, &line, &verified), IMAGE_OK) || !CHECK(same_line(&line, &left)) ||
        !CHECK(strcmp(lines, wanted) == 0))
        printf("    given %u, allowed %u\n", given, allowed);
}

static void check_admission(void)
{
    struct cmdline line = line_with(SETS - 1), whole = line_with(SETS - 1);

    verdict = IMAGE_OK;
    for (allowed = 0; allowed < SETS; allowed++)
        for (unsigned given = 0; given < SETS; given++)
            check_words(given);
    /* A refused image says nothing of the line. */
    allowed = 0;
    lines[0] = '\0';
    for (verdict = IMAGE_UNSIGNED; verdict <= IMAGE_OLD; verdict++) {
        CHECK_EQ(image_admit(module, MODULE_SIZE, &line, &verified), verdict);
        CHECK(same_line(&line, &whole));
    }
    CHECK_EQ(lines[0], '\0');
    fake_keys.is_development = true;
    image_admit(module, MODULE_SIZE, &line, &verified);
    CHECK(strcmp(lines, "development key: this kernel protects from nobody\n") == 0);
}

/* The longest name and number: nothing of the digest is lost. */
static void check_tell(void)
{
    char wanted[sizeof stored], logged[sizeof stored + 10];

    memset(&verified, 0, sizeof verified);
    memset(verified.comment.name, 'n', COMMENT_MAX_NAME);
    verified.comment.version = UINT64_MAX;
    for (unsigned i = 0; i < IMAGE_KEY_ID; i++)
        verified.image.key_id[i] = (uint8_t)(0xf0 + i);
    for (unsigned i = 0; i < BLAKE2B_DIGEST; i++)
        verified.digest[i] = (uint8_t)(0xc0 + i);
    sprintf(wanted, "name=%s version=18446744073709551615 key=f7f6f5f4f3f2f1f0 blake2b=", verified.comment.name);
    for (unsigned i = 0; i < BLAKE2B_DIGEST; i++)
        sprintf(wanted + strlen(wanted), "%02x", 0xc0 + i);
    sprintf(logged, "image: %s\n", wanted);
    lines[0] = '\0';
    store_answer = REQUEST;
    abandoned = -1;
    image_tell(&verified);
    CHECK(strcmp(stored, wanted) == 0);
    CHECK(strcmp(lines, logged) == 0);
    CHECK_EQ(abandoned, REQUEST);
    abandoned = -1;
    store_answer = -EBUSY;
    image_tell(&verified);
    CHECK_EQ(abandoned, -1);
}

int main(void)
{
    check_admission();
    check_tell();
    return check_done();
}
