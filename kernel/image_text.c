/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/image.h"

const char *image_status_text(enum image_status status)
{
    static const char *const text[] = {
        [IMAGE_OK] = "good",
        [IMAGE_UNSIGNED] = "no signature (anchorite sign makes one)",
        [IMAGE_CUT] = "the trailer is cut short or damaged",
        [IMAGE_BEHIND] = "other bytes behind the trailer",
        [IMAGE_OUTSIDE] = "the trailer points outside the image",
        [IMAGE_IN_TRAILER] = "the trailer points into itself",
        [IMAGE_EMPTY] = "nothing before the signature",
        [IMAGE_SHORT] = "the signature is too short",
        [IMAGE_LONG_COMMENT] = "a comment of more than 4096 bytes",
        [IMAGE_BAD_FIRST] = "the signature's first line is not where the trailer says",
        [IMAGE_BAD_SIGNATURE] = "the signature's line is not base64",
        [IMAGE_BAD_ALGORITHM] = "a signature of an unknown kind",
        [IMAGE_NO_COMMENT] = "the trusted comment is not where it has to be",
        [IMAGE_BAD_COMMENT] = "bytes in the comment that are not printable",
        [IMAGE_BAD_GLOBAL] = "the global signature is not base64",
        [IMAGE_UNKNOWN_KEY] = "signed by a key that this kernel does not have",
        [IMAGE_NOT_SIGNED_SO] = "the signature does not match",
        [IMAGE_COMMENT_NOT_SIGNED_SO] = "the global signature does not match",
        [IMAGE_BAD_NAME] = "name= in the comment is no name",
        [IMAGE_BAD_VERSION] = "version= in the comment is no number",
        [IMAGE_OLD] = "older than this kernel takes",
    };

    return (uint32_t)status < sizeof(text) / sizeof(text[0]) ? text[status] : "unknown status";
}
