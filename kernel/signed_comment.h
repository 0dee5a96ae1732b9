/* SPDX-License-Identifier: BSD-2-Clause */
/* What a signed image's trusted comment says. spec/image.md. */
#ifndef KERNEL_SIGNED_COMMENT_H
#define KERNEL_SIGNED_COMMENT_H
#include <stdbool.h>
#include <stdint.h>

#include "boot/cmdline.h"
#include "lib/decimal.h"

#define COMMENT_MAX_NAME 64u
/* enum cmdline_key, and then what is behind the lone -- of the command line. */
#define COMMENT_ARGS ((uint32_t)CMDLINE_NO_KEY)
#define COMMENT_KEYS (COMMENT_ARGS + 1u)

enum comment_status { COMMENT_OK, COMMENT_BAD_NAME, COMMENT_BAD_VERSION };

/* A comment without the word leaves the name empty, the version 0, and all false. */
struct signed_comment {
    uint64_t version;
    bool allows[COMMENT_KEYS]; /* which keys of the command line are honoured */
    char name[COMMENT_MAX_NAME + 1];
};

#include "spec/signed_comment.acsl"

/* Reads the words; what it does not know means nothing. */
/*@ requires readable: \valid_read(text + (0 .. length - 1)) && length <= 0xffff;
    requires apart: \valid(out) && \separated(out, text + (0 .. length - 1));
    terminates \true; exits \false; assigns *out;
    ensures reasons: COMMENT_OK <= \result <= COMMENT_BAD_VERSION;
    ensures name: CommentNameGood(out);
    ensures nothing: length == 0 ==> \result == COMMENT_OK && CommentSaysNothing(out); */
enum comment_status signed_comment_parse(const char *text, uint32_t length, struct signed_comment *out);

#endif
