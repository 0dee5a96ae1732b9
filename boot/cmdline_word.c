/* SPDX-License-Identifier: BSD-2-Clause */
/* Each word is decoded behind the ones before it; the text never overtakes the line. */
#include "boot/cmdline_word.h"

/* Space, and all control characters; also the line's NUL. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> CmdlineBlank(c); */
static bool is_blank(char c)
{
    return c >= 0 && c <= ' ';
}

/* Decodes from behind an opening quote to the closing one: the place behind that, or 0 when there is none. The line's
   NUL ends every loop over it. */
/*@ requires line: CmdlineLine(line, length) && 0 < at <= length < CMDLINE_SIZE;
    requires apart: \valid(out) && \separated(out, line + (0 .. length));
    requires room: out->text_size < at;
    terminates \true; exits \false; assigns out->text_size, out->text[0 .. CMDLINE_SIZE - 1];
    ensures range: \result == 0 || at < \result <= length;
    ensures kept: CmdlineKept{Pre, Post}(out, \old(out->text_size));
    ensures inside: \forall integer p; \old(out->text_size) <= p < out->text_size ==> out->text[p] != 0;
    ensures open: \result == 0 ==> out->text_size == \old(out->text_size);
    ensures quote: \result > 0 ==> line[\result - 1] == '"';
    ensures room: \result > 0 ==> \old(out->text_size) <= out->text_size < \result; */
static uint64_t cmdline_decode_quoted(const char *line, uint64_t length, uint64_t at, struct cmdline *out)
{
    uint64_t n = out->text_size;

    (void)length;
    /*@ loop invariant range: \at(at, Pre) <= at <= length;
        loop invariant room: \at(out->text_size, Pre) <= n < at;
        loop invariant kept: CmdlineKept{Pre, Here}(out, \at(out->text_size, Pre));
        loop invariant inside: \forall integer p; \at(out->text_size, Pre) <= p < n ==> out->text[p] != 0;
        loop invariant line: CmdlineLine(line, length);
        loop assigns at, n, out->text[0 .. CMDLINE_SIZE - 1]; loop variant length - at; */
    while (line[at] != '"') {
        if (line[at] == '\\' && (line[at + 1] == '"' || line[at + 1] == '\\'))
            at++;
        if (line[at] == 0)
            return 0;
        out->text[n++] = line[at++];
    }
    out->text_size = (uint32_t)n;
    return at + 1;
}

struct word cmdline_decode_word(const char *line, uint64_t length, uint64_t at, struct cmdline *out)
{
    struct word word = { at, 0, out->text_size, false };
    /*@ ghost uint64_t ghost_quote = at; */

    /*@ loop invariant range: \at(at, Pre) <= at <= length && \at(out->text_size, Pre) <= out->text_size <= at;
        loop invariant forward: CmdlineBlank(line[at]) ==> at > \at(at, Pre);
        loop invariant word: word.line == \at(at, Pre) && word.line_end == 0 && word.text == \at(out->text_size, Pre);
        loop invariant line: \forall integer k; 0 <= k <= length ==> line[k] == \at(line[k], Pre);
        loop invariant kept: CmdlineKept{Pre, Here}(out, word.text);
        loop invariant inside: \forall integer p; word.text <= p < out->text_size ==> out->text[p] != 0;
        loop invariant quoted: word.is_quoted ==> \at(at, Pre) <= ghost_quote < at && line[ghost_quote] == '"';
        loop invariant unquoted: !word.is_quoted ==> \forall integer k; \at(at, Pre) <= k < at ==> line[k] != '"';
        loop invariant plain: !word.is_quoted ==> at - \at(at, Pre) == out->text_size - word.text
          && \forall integer k; \at(at, Pre) <= k < at ==> out->text[word.text + (k - \at(at, Pre))] == line[k];
        loop assigns at, ghost_quote, word.is_quoted, out->text_size, out->text[0 .. CMDLINE_SIZE - 1];
        loop variant length - at; */
    while (!is_blank(line[at])) {
        if (line[at] == '"') {
            word.is_quoted = true;
            /*@ ghost ghost_quote = at; */
            /*@ assert line: CmdlineLine(line, length); */
            at = cmdline_decode_quoted(line, length, at + 1, out);
            if (at == 0)
                return word;
        } else {
            out->text[out->text_size++] = line[at++];
        }
    }
    word.line_end = at;
    out->text[out->text_size++] = 0;
    return word;
}

uint64_t cmdline_skip_blanks(const char *line, uint64_t length, uint64_t at)
{
    (void)length;
    /*@ loop invariant range: \at(at, Pre) <= at <= length;
        loop invariant only: \forall integer k; \at(at, Pre) <= k < at ==> CmdlineBlank(line[k]);
        loop assigns at; loop variant length - at; */
    while (is_blank(line[at]) && line[at] != 0)
        at++;
    return at;
}
