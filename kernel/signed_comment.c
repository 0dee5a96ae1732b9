/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/signed_comment.h"

struct comment_word {
    char text[9];
    uint32_t length;
};

static const struct comment_word word_name = { "name=", 5 }, word_version = { "version=", 8 },
                                 word_keys = { "keys=", 5 };
static const struct comment_word key_words[COMMENT_KEYS] = {
    [CMDLINE_CONSOLE] = { "console", 7 }, [CMDLINE_ENV] = { "env", 3 },           [CMDLINE_INIT] = { "init", 4 },
    [CMDLINE_IP] = { "ip", 2 },           [CMDLINE_LOGLEVEL] = { "loglevel", 8 }, [CMDLINE_STRACE] = { "strace", 6 },
    [COMMENT_ARGS] = { "args", 4 },
};

/*@ terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> CommentBlank(c); */
static bool comment_is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* From at on: where the next word begins, or the text ends. */
/*@ requires readable: \valid_read(text + (0 .. length - 1)) && at <= length;
    terminates \true; exits \false; assigns \nothing;
    ensures range: at <= \result <= length;
    ensures word: \result == length || !CommentBlank(text[\result]);
    ensures only: \forall integer k; at <= k < \result ==> CommentBlank(text[k]); */
static uint32_t comment_skip_blanks(const char *text, uint32_t length, uint32_t at)
{
    /*@ loop invariant range: \at(at, Pre) <= at <= length;
        loop invariant only: \forall integer k; \at(at, Pre) <= k < at ==> CommentBlank(text[k]);
        loop assigns at; loop variant length - at; */
    while (at < length && comment_is_blank(text[at]))
        at++;
    return at;
}

/* From at on: where the word ends. */
/*@ requires readable: \valid_read(text + (0 .. length - 1)) && at <= length;
    terminates \true; exits \false; assigns \nothing;
    ensures range: at <= \result <= length;
    ensures end: \result == length || CommentBlank(text[\result]);
    ensures only: \forall integer k; at <= k < \result ==> !CommentBlank(text[k]); */
static uint32_t comment_skip_word(const char *text, uint32_t length, uint32_t at)
{
    /*@ loop invariant range: \at(at, Pre) <= at <= length;
        loop invariant only: \forall integer k; \at(at, Pre) <= k < at ==> !CommentBlank(text[k]);
        loop assigns at; loop variant length - at; */
    while (at < length && !comment_is_blank(text[at]))
        at++;
    return at;
}

/* Do the bytes [at, end) begin with the word? */
/*@ requires readable: \valid_read(text + (at .. end - 1)) && at <= end;
    requires word: \valid_read(word) && word->length <= 9;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> at + word->length <= end && CommentHas(text, at, &word->text[0], word->length); */
static bool comment_begins(const char *text, uint32_t at, uint32_t end, const struct comment_word *word)
{
    if (end - at < word->length)
        return false;
    /*@ loop invariant range: 0 <= k <= word->length;
        loop invariant same: CommentHas(text, at, &word->text[0], k);
        loop assigns k; loop variant word->length - k; */
    for (uint32_t k = 0; k < word->length; k++)
        if (text[at + k] != word->text[k])
            return false;
    return true;
}

/*@ terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> CommentNameByte(c); */
static bool comment_is_name_byte(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '.' ||
           c == '_';
}

/*@ requires readable: \valid_read(source + (0 .. count - 1)) && \valid(out + (0 .. count - 1));
    requires apart: \separated(out + (0 .. count - 1), source + (0 .. count - 1));
    requires bytes: \forall integer k; 0 <= k < count ==> CommentNameByte(source[k]);
    terminates \true; exits \false; assigns out[0 .. count - 1];
    ensures bytes: \forall integer k; 0 <= k < count ==> CommentNameByte(out[k]);
    ensures copied: \forall integer k; 0 <= k < count ==> out[k] == \old(source[k]); */
static void comment_copy(char *out, const char *source, uint32_t count)
{
    /*@ loop invariant range: 0 <= k <= count;
        loop invariant copied: \forall integer i; 0 <= i < k ==> out[i] == \at(source[i], Pre);
        loop invariant source: \forall integer i; 0 <= i < count ==> source[i] == \at(source[i], Pre);
        loop assigns k, out[0 .. count - 1]; loop variant count - k; */
    for (uint32_t k = 0; k < count; k++)
        out[k] = source[k];
}

/* The bytes [at, end) as the name, which is empty when they are none. */
/*@ requires readable: \valid_read(text + (at .. end - 1)) && at <= end;
    requires apart: \valid(out) && \separated(out, text + (at .. end - 1));
    terminates \true; exits \false; assigns out->name[0 .. COMMENT_MAX_NAME];
    ensures good: CommentNameGood(out);
    ensures reasons: \result == COMMENT_OK || \result == COMMENT_BAD_NAME;
    ensures taken: \result == COMMENT_OK ==> CommentNameIs(out, end - at) && end > at;
    ensures exact: \result == COMMENT_OK ==> \forall integer k; 0 <= k < end - at ==> out->name[k] == \old(text[at + k]); */
static enum comment_status comment_take_name(const char *text, uint32_t at, uint32_t end, struct signed_comment *out)
{
    uint32_t size = end - at;

    out->name[0] = 0;
    /*@ assert empty: CommentNameIs(out, 0); */
    if (size == 0 || size > COMMENT_MAX_NAME)
        return COMMENT_BAD_NAME;
    /*@ loop invariant range: 0 <= k <= size;
        loop invariant empty: out->name[0] == 0 || k > 0;
        loop invariant bytes: \forall integer i; 0 <= i < k ==> CommentNameByte(text[at + i]);
        loop assigns k; loop variant size - k; */
    for (uint32_t k = 0; k < size; k++)
        if (!comment_is_name_byte(text[at + k]))
            return COMMENT_BAD_NAME;
    comment_copy(out->name, text + at, size);
    /*@ assert bytes: \forall integer i; 0 <= i < size ==> CommentNameByte(out->name[i]); */
    out->name[size] = 0;
    /*@ assert name: CommentNameIs(out, size); */
    return COMMENT_OK;
}

/* The key that the bytes [at, end) name; COMMENT_KEYS: none. */
/*@ requires readable: \valid_read(text + (at .. end - 1)) && at <= end;
    terminates \true; exits \false; assigns \nothing;
    ensures range: \result <= COMMENT_KEYS; */
static uint32_t comment_find_key(const char *text, uint32_t at, uint32_t end)
{
    /*@ loop invariant range: 0 <= k <= COMMENT_KEYS;
        loop assigns k; loop variant COMMENT_KEYS - k; */
    for (uint32_t k = 0; k < COMMENT_KEYS; k++)
        if (end - at == key_words[k].length && comment_begins(text, at, end, &key_words[k]))
            return k;
    return COMMENT_KEYS;
}

/* The list in [at, end): what it names is allowed, all else is not. */
/*@ requires readable: \valid_read(text + (at .. end - 1)) && at <= end;
    requires apart: \valid(out) && \separated(out, text + (at .. end - 1));
    terminates \true; exits \false; assigns out->allows[0 .. COMMENT_KEYS - 1];
    ensures empty: at == end ==> \forall integer k; 0 <= k < COMMENT_KEYS ==> !out->allows[k]; */
static void comment_take_keys(const char *text, uint32_t at, uint32_t end, struct signed_comment *out)
{
    /*@ loop invariant range: 0 <= k <= COMMENT_KEYS;
        loop invariant none: \forall integer i; 0 <= i < k ==> !out->allows[i];
        loop assigns k, out->allows[0 .. COMMENT_KEYS - 1]; loop variant COMMENT_KEYS - k; */
    for (uint32_t k = 0; k < COMMENT_KEYS; k++)
        out->allows[k] = false;
    /*@ loop invariant range: \at(at, Pre) <= at <= end;
        loop invariant empty: at == \at(at, Pre) ==> \forall integer k; 0 <= k < COMMENT_KEYS ==> !out->allows[k];
        loop assigns at, out->allows[0 .. COMMENT_KEYS - 1]; loop variant end - at; */
    while (at < end) {
        uint32_t first = at, key;

        /*@ loop invariant range: first <= at <= end;
            loop assigns at; loop variant end - at; */
        while (at < end && text[at] != ',')
            at++;
        key = comment_find_key(text, first, at);
        if (key < COMMENT_KEYS)
            out->allows[key] = true;
        if (at < end)
            at++;
    }
}

/* One word, [at, end). */
/*@ requires readable: \valid_read(text + (at .. end - 1)) && at < end;
    requires apart: \valid(out) && \separated(out, text + (at .. end - 1));
    requires name: CommentNameGood(out);
    terminates \true; exits \false; assigns *out;
    ensures reasons: COMMENT_OK <= \result <= COMMENT_BAD_VERSION;
    ensures name: CommentNameGood(out); */
static enum comment_status comment_take_word(const char *text, uint32_t at, uint32_t end, struct signed_comment *out)
{
    uint64_t version;

    if (comment_begins(text, at, end, &word_name))
        return comment_take_name(text, at + word_name.length, end, out);
    if (comment_begins(text, at, end, &word_keys)) {
        comment_take_keys(text, at + word_keys.length, end, out);
    } else if (comment_begins(text, at, end, &word_version)) {
        at += word_version.length;
        if (!decimal_parse(text + at, end - at, UINT64_MAX, &version))
            return COMMENT_BAD_VERSION;
        out->version = version;
    }
    return COMMENT_OK;
}

enum comment_status signed_comment_parse(const char *text, uint32_t length, struct signed_comment *out)
{
    enum comment_status status = COMMENT_OK;
    uint32_t at, end = 0;

    comment_take_keys(text, 0, 0, out);
    out->version = 0;
    out->name[0] = 0;
    /*@ assert empty: CommentNameIs(out, 0); */
    at = comment_skip_blanks(text, length, 0);
    /*@ loop invariant range: 0 <= end <= at <= length;
        loop invariant name: CommentNameGood(out);
        loop invariant nothing: length == 0 ==> status == COMMENT_OK && CommentSaysNothing(out);
        loop invariant reasons: COMMENT_OK <= status <= COMMENT_BAD_VERSION;
        loop invariant word: at == length || !CommentBlank(text[at]);
        loop assigns at, end, status, *out; loop variant length - at; */
    while (at < length && status == COMMENT_OK) {
        end = comment_skip_word(text, length, at);
        status = comment_take_word(text, at, end, out);
        at = comment_skip_blanks(text, length, end);
    }
    return status;
}
