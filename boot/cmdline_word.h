/* SPDX-License-Identifier: BSD-2-Clause */
/* The words of a command line that is being taken apart. */
#ifndef BOOT_CMDLINE_WORD_H
#define BOOT_CMDLINE_WORD_H
#include "boot/cmdline.h"

/* A word: where it is in the line and, decoded, in the text. line_end 0: a quote is open. */
struct word {
    uint64_t line, line_end;
    uint32_t text;
    bool is_quoted;
};

/* Decodes the word that begins at this place of the line, with a NUL. */
/*@ requires line: CmdlineLine(line, length) && at < length < CMDLINE_SIZE && !CmdlineBlank(line[at]);
    requires apart: \valid(out) && \separated(out, line + (0 .. length));
    requires room: out->text_size <= at;
    terminates \true; exits \false; assigns out->text_size, out->text[0 .. CMDLINE_SIZE - 1];
    ensures place: \result.line == at && \result.text == \old(out->text_size);
    ensures range: \result.line_end == 0 || at < \result.line_end <= length;
    ensures behind: \result.line_end > 0 ==> CmdlineBlank(line[\result.line_end]);
    ensures room: \result.line_end > 0 ==> \result.text < out->text_size <= \result.line_end + 1;
    ensures ends: \result.line_end > 0 ==> out->text[out->text_size - 1] == 0;
    ensures line: CmdlineLine(line, length);
    ensures rest: \result.line_end > 0 && CmdlineRest{Pre}(out) ==> CmdlineRest(out);
    ensures inside: \forall integer p; \result.text <= p < out->text_size - 1 ==> out->text[p] != 0;
    ensures kept: CmdlineKept{Pre, Post}(out, \result.text);
    ensures quoted: \result.line_end > 0 ==>
      (\result.is_quoted <==> \exists integer k; at <= k < \result.line_end && line[k] == '"');
    ensures plain: \result.line_end > 0 && !\result.is_quoted ==> \result.line_end - at == out->text_size - 1 - \result.text
      && \forall integer k; at <= k < \result.line_end ==> out->text[\result.text + (k - at)] == line[k]; */
struct word cmdline_decode_word(const char *line, uint64_t length, uint64_t at, struct cmdline *out);

/* From this place on: where the next word begins, or the line ends. */
/*@ requires line: CmdlineLine(line, length) && at <= length < CMDLINE_SIZE;
    terminates \true; exits \false; assigns \nothing;
    ensures range: at <= \result <= length;
    ensures word: \result == length || !CmdlineBlank(line[\result]);
    ensures only: \forall integer k; at <= k < \result ==> CmdlineBlank(line[k]); */
uint64_t cmdline_skip_blanks(const char *line, uint64_t length, uint64_t at);

#endif
