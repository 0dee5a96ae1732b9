/* SPDX-License-Identifier: BSD-2-Clause */
/* links: kernel/image.c kernel/image_text.c kernel/signed_comment.c lib/base64.c lib/decimal.c */
/* The trailer and the signature's text, broken in each way that has a reason of its own. Nothing is signed here. */
#define _GNU_SOURCE /* memmem */
#include "kernel/image.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"

#define FIRST   "untrusted comment: anchorite image\n"
#define LINE    "RUSuWAKnXfWpCrfN+BGzqe/I14dp3pOEQcEzrwGRKJXD0V5j4cKUaWJsgdupx+fifgFrK8x6JDJh3zM4UWRXTXEBUCs7vB4NvQ8=\n"
#define PLAIN   "RWSuWAKnXfWpCkFI1th92SM/rOBmqtPDwSTvpLhnHX9A21dL2q9LlPsW1gtefFoCxczz/8ilaTtvr97G3cdzh7vPx3xqklV5rA4=\n"
#define COMMENT "trusted comment: name=x version=3\n"
#define GLOBAL  "7YlT1bI5xrybY5hL42ltivh8Hvy+VNJ0jbg/5sAjcvQCDSFgpaeX0rqvBMMSFlmM0QgjI4RMMSypyftHv8fEDQ==\n"
#define MAGIC   "anchorite-image1"
#define PAYLOAD "hello\n"

enum { SIZE = 16384, PAYLOAD_SIZE = 6 };

static struct image image;
static uint8_t made[SIZE];
static uint64_t made_size;

static void add(const void *bytes, uint64_t size)
{
    memcpy(made + made_size, bytes, size);
    made_size += size;
}

/* Payload, text, and a trailer that says that the text begins there. */
static void make(const char *payload, const char *text, uint64_t start)
{
    made_size = 0;
    add(payload, strlen(payload));
    add(text, strlen(text));
    add(&start, sizeof(start));
    add(MAGIC, 16);
}

/* What is judged lies in a buffer of its exact size, so that the sanitizer sees a read beyond it. */
static enum image_status judge(void)
{
    uint8_t *bytes = malloc(made_size ? made_size : 1);
    enum image_status status;

    memcpy(bytes, made, made_size);
    memset(&image, 0x5a, sizeof(image));
    status = image_judge(bytes, made_size, &image);
    free(bytes);
    CHECK(status == IMAGE_OK || image.payload_size == 0);
    return status;
}

static void refuse(const char *text, enum image_status want)
{
    enum image_status status;

    make(PAYLOAD, text, PAYLOAD_SIZE);
    status = judge();
    if (!CHECK_EQ(status, want))
        printf("    %s, want %s, of %.80s\n", image_status_text(status), image_status_text(want), text);
}

static void check_good(void)
{
    static const uint8_t key_id[] = { 0xae, 0x58, 0x02, 0xa7, 0x5d, 0xf5, 0xa9, 0x0a };

    make(PAYLOAD, FIRST LINE COMMENT GLOBAL, PAYLOAD_SIZE);
    CHECK_EQ(judge(), IMAGE_OK);
    CHECK_EQ(image.payload_size, PAYLOAD_SIZE);
    CHECK(image.is_hashed && image.has_comment);
    CHECK(memcmp(image.key_id, key_id, 8) == 0);
    CHECK(image.claim[0] == 0xb7 && image.claim[63] == 0x0f);
    CHECK_EQ(image.comment_size, strlen("name=x version=3"));
    CHECK(memcmp(image.claim + 64, "name=x version=3", 16) == 0);
    CHECK(image.global[0] == 0xed && image.global[63] == 0x0d);
    make(PAYLOAD, FIRST PLAIN COMMENT GLOBAL, PAYLOAD_SIZE);
    CHECK_EQ(judge(), IMAGE_OK);
    CHECK(!image.is_hashed && image.has_comment);
    make(PAYLOAD, FIRST PLAIN, PAYLOAD_SIZE);
    CHECK_EQ(judge(), IMAGE_OK);
    CHECK(!image.is_hashed && !image.has_comment && image.comment_size == 0);
    make(PAYLOAD, FIRST LINE "trusted comment: \n" GLOBAL, PAYLOAD_SIZE);
    CHECK_EQ(judge(), IMAGE_OK);
    CHECK(image.has_comment && image.comment_size == 0);
}

static void check_text(void)
{
    refuse("", IMAGE_SHORT);
    refuse(FIRST, IMAGE_SHORT);
    refuse(FIRST LINE, IMAGE_BAD_ALGORITHM);
    refuse(FIRST LINE COMMENT, IMAGE_SHORT);
    refuse(FIRST LINE GLOBAL, IMAGE_SHORT);
    refuse("untrusted comment: anchorite imagf\n" LINE COMMENT GLOBAL, IMAGE_BAD_FIRST);
    refuse("untrusted comment: anchorite image " LINE COMMENT GLOBAL, IMAGE_BAD_FIRST);
    refuse("\n" FIRST LINE COMMENT GLOBAL, IMAGE_BAD_FIRST);
    refuse("x" FIRST LINE, IMAGE_SHORT);
    refuse(FIRST "RUS*" LINE, IMAGE_SHORT);
    refuse(FIRST "-" LINE "-" COMMENT GLOBAL, IMAGE_BAD_SIGNATURE);
    refuse(
        FIRST
        "RVSuWAKnXfWpCrfN+BGzqe/I14dp3pOEQcEzrwGRKJXD0V5j4cKUaWJsgdupx+fifgFrK8x6JDJh3zM4UWRXTXEBUCs7vB4NvQ8=\n" COMMENT
            GLOBAL,
        IMAGE_BAD_ALGORITHM);
    refuse(
        FIRST
        "SUSuWAKnXfWpCrfN+BGzqe/I14dp3pOEQcEzrwGRKJXD0V5j4cKUaWJsgdupx+fifgFrK8x6JDJh3zM4UWRXTXEBUCs7vB4NvQ8=\n" COMMENT
            GLOBAL,
        IMAGE_BAD_ALGORITHM);
    refuse(
        FIRST
        "RUSuWAKnXfWpCrfN+BGzqe/I14dp3pOEQcEzrwGRKJXD0V5j4cKUaWJsgdupx+fifgFrK8x6JDJh3zM4UWRXTXEBUCs7vB4NvQ9=\n" COMMENT
            GLOBAL,
        IMAGE_BAD_SIGNATURE);
    refuse(FIRST LINE "Trusted comment: name=x\n" GLOBAL, IMAGE_NO_COMMENT);
    refuse(FIRST LINE COMMENT "\n" GLOBAL, IMAGE_BAD_COMMENT);
    refuse(FIRST LINE "trusted comment: a\nb\n" GLOBAL, IMAGE_BAD_COMMENT);
    refuse(FIRST LINE "trusted comment: a\x1b[2J\n" GLOBAL, IMAGE_BAD_COMMENT);
    refuse(FIRST LINE "trusted comment: a\x80\n" GLOBAL, IMAGE_BAD_COMMENT);
    refuse(FIRST LINE COMMENT "=" GLOBAL, IMAGE_NO_COMMENT);
    refuse(FIRST LINE COMMENT GLOBAL "\n", IMAGE_NO_COMMENT);
    refuse(FIRST LINE COMMENT
           "7YlT1bI5xrybY5hL42ltivh8Hvy+VNJ0jbg/5sAjcvQCDSFgpaeX0rqvBMMSFlmM0QgjI4RMMSypyftHv8fEDR==\n",
           IMAGE_BAD_GLOBAL);
    refuse(FIRST LINE COMMENT
           "7YlT1bI5xrybY5hL42ltivh8Hvy+VNJ0jbg/5sAjcvQCDSFgpaeX0rqvBMMSFlmM0QgjI4RMMSypyftHv8fEDQ==\r",
           IMAGE_BAD_GLOBAL);
}

static void check_comment_length(void)
{
    static char text[SIZE];

    for (uint32_t size = IMAGE_MAX_COMMENT - 1; size <= IMAGE_MAX_COMMENT + 1; size++) {
        memset(text, 0, sizeof(text));
        strcpy(text, FIRST LINE "trusted comment: ");
        memset(text + strlen(text), 'c', size);
        strcat(text, "\n" GLOBAL);
        make(PAYLOAD, text, PAYLOAD_SIZE);
        CHECK_EQ(judge(), size <= IMAGE_MAX_COMMENT ? IMAGE_OK : IMAGE_LONG_COMMENT);
    }
}

/* Is half of the trailer's name in the last 16 bytes? The signature's first line ends so, too. */
static bool ends_with_half(void)
{
    uint64_t last = made_size < 16 ? made_size : 16;

    return memmem(made + made_size - last, last, MAGIC, 8) != NULL;
}

static void check_trailer(void)
{
    static const char text[] = FIRST LINE COMMENT GLOBAL;
    uint64_t whole = PAYLOAD_SIZE + strlen(text);

    make("", "", 0);
    made_size = 0;
    CHECK_EQ(judge(), IMAGE_UNSIGNED);
    make("", "", 0);
    CHECK_EQ(judge(), IMAGE_EMPTY);
    make("", text, 0);
    CHECK_EQ(judge(), IMAGE_EMPTY);
    make(PAYLOAD, text, UINT64_MAX);
    CHECK_EQ(judge(), IMAGE_OUTSIDE);
    make(PAYLOAD, text, whole + 25);
    CHECK_EQ(judge(), IMAGE_OUTSIDE);
    make(PAYLOAD, text, whole + 24);
    CHECK_EQ(judge(), IMAGE_IN_TRAILER);
    make(PAYLOAD, text, whole + 1);
    CHECK_EQ(judge(), IMAGE_IN_TRAILER);
    make(PAYLOAD, text, whole);
    CHECK_EQ(judge(), IMAGE_SHORT);
    make(PAYLOAD, text, PAYLOAD_SIZE + 1);
    CHECK_EQ(judge(), IMAGE_BAD_FIRST);
    make(PAYLOAD, text, PAYLOAD_SIZE - 1);
    CHECK_EQ(judge(), IMAGE_BAD_FIRST);
    make(PAYLOAD, text, PAYLOAD_SIZE);
    for (uint64_t cut = 1; cut <= made_size; cut++) {
        uint64_t size = made_size;

        made_size -= cut;
        CHECK_EQ(judge(), ends_with_half() ? IMAGE_CUT : IMAGE_UNSIGNED);
        made_size = size;
    }
}

static void check_padding(void)
{
    make(PAYLOAD, FIRST LINE COMMENT GLOBAL, PAYLOAD_SIZE);
    memset(made + made_size, 0, IMAGE_MAX_PAD + 1);
    made_size += IMAGE_MAX_PAD;
    CHECK_EQ(judge(), IMAGE_OK);
    CHECK_EQ(image.payload_size, PAYLOAD_SIZE);
    made_size++;
    CHECK_EQ(judge(), IMAGE_BEHIND);
    made_size -= IMAGE_MAX_PAD;
    CHECK_EQ(judge(), IMAGE_OK);
    made[made_size - 1] = 1;
    CHECK_EQ(judge(), IMAGE_BEHIND);
    made_size = 100;
    memset(made, 0, made_size);
    CHECK_EQ(judge(), IMAGE_UNSIGNED);
}

/* A trailer with so many other bytes behind it; behind 4088 it is not found. */
static void check_behind(void)
{
    for (uint64_t more = 4087; more <= 4089; more++) {
        make(PAYLOAD, FIRST LINE COMMENT GLOBAL, PAYLOAD_SIZE);
        memset(made + made_size, 'x', more);
        made_size += more;
        CHECK_EQ(judge(), more <= 4087 ? IMAGE_BEHIND : IMAGE_UNSIGNED);
    }
    for (unsigned k = 1; k <= 16; k++) {
        make(PAYLOAD, FIRST LINE COMMENT GLOBAL, PAYLOAD_SIZE);
        made[made_size - k] ^= 1;
        CHECK_EQ(judge(), k <= 8 ? IMAGE_CUT : IMAGE_UNSIGNED);
    }
    make(PAYLOAD, FIRST LINE, PAYLOAD_SIZE); /* which has the first half of the trailer's name in it */
    made_size -= 24;
    CHECK_EQ(judge(), IMAGE_UNSIGNED);
    make("", "", 0);
    memmove(made, made + 1, --made_size);
    CHECK_EQ(judge(), IMAGE_CUT);
}

int main(void)
{
    check_good();
    check_text();
    check_comment_length();
    check_trailer();
    check_padding();
    check_behind();
    for (int status = IMAGE_OK; status <= IMAGE_OLD; status++)
        CHECK(strcmp(image_status_text((enum image_status)status), "unknown status") != 0);
    CHECK(strcmp(image_status_text((enum image_status)(IMAGE_OLD + 1)), "unknown status") == 0);
    return check_done();
}
