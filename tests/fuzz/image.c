/* SPDX-License-Identifier: BSD-2-Clause */
/* T8 before anything is verified: any bytes are a refusal, or parts that lie side by side inside the image and fill it. What a comment is
   read as is bounded. */
#include "kernel/image.h"

#include "fuzz.h"
#include "kernel/signed_comment.h"

enum { SHORT_TEXT = 136, LONG_TEXT = 243, PREFIX = 153 };

static struct image image;

static void check_accepted(const uint8_t *bytes, uint64_t size)
{
    uint64_t end = size, start, text;

    while (bytes[end - 1] == 0)
        end--;
    HOLDS(size - end <= IMAGE_MAX_PAD && end > IMAGE_TRAILER && memcmp(bytes + end - 16, "anchorite-image1", 16) == 0);
    end -= IMAGE_TRAILER;
    memcpy(&start, bytes + end, sizeof(start));
    HOLDS(start == image.payload_size && start > 0 && start < end);
    text = image.has_comment ? LONG_TEXT + image.comment_size : SHORT_TEXT;
    HOLDS(start + text == end && image.comment_size <= IMAGE_MAX_COMMENT);
    HOLDS(image.has_comment || (!image.is_hashed && image.comment_size == 0));
    HOLDS(memcmp(image.claim + IMAGE_SIGNATURE, bytes + start + PREFIX, image.comment_size) == 0);
}

static void check_comment(const char *text, uint32_t length)
{
    struct signed_comment comment;

    memset(&comment, 0x5a, sizeof(comment));
    HOLDS(signed_comment_parse(text, length, &comment) <= COMMENT_BAD_VERSION);
    HOLDS(memchr(comment.name, 0, sizeof(comment.name)));
    for (const char *c = comment.name; *c; c++)
        HOLDS((*c >= '0' && *c <= '9') || ((*c | 32) >= 'a' && (*c | 32) <= 'z') || strchr("._-", *c));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    enum image_status status;

    memset(&image, 0x5a, sizeof(image));
    status = image_judge(bytes, size, &image);
    HOLDS(status <= IMAGE_BAD_GLOBAL);
    if (status == IMAGE_OK)
        check_accepted(bytes, size);
    else
        HOLDS(image.payload_size == 0);
    check_comment((const char *)bytes, (uint32_t)size);
    return 0;
}
