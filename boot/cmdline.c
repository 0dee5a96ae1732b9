/* SPDX-License-Identifier: BSD-2-Clause */
/* One pass over the line: each word is decoded behind the ones before it, and then taken as a key or as an argument. */
#include "boot/cmdline.h"

#include "boot/cmdline_key.h"
#include "boot/cmdline_value.h"

/*@ requires valid: \valid(out);
    terminates \true; exits \false;
    assigns out->init, out->console, out->ip, out->loglevel, out->strace, out->arg_count, out->env_count,
      out->device_count, out->unknown_count, out->text_size;
    ensures empty: CmdlineEmpty(out); */
static void cmdline_clear(struct cmdline *out)
{
    out->init = CMDLINE_NOT_GIVEN;
    out->console = CMDLINE_NOT_GIVEN;
    out->ip = CMDLINE_NOT_GIVEN;
    out->loglevel = -1;
    out->strace = false;
    out->arg_count = 0;
    out->env_count = 0;
    out->device_count = 0;
    out->unknown_count = 0;
    out->text_size = 0;
}

/*@ requires good: \valid(out) && CmdlineRest(out) && value < out->text_size;
    requires room: out->arg_count < CMDLINE_MAX_ARGS + CMDLINE_MAX_DEVICES;
    terminates \true; exits \false; assigns out->arg_count, out->arg[out->arg_count];
    ensures good: CmdlineRest(out);
    ensures set: out->arg_count == \old(out->arg_count) + 1 && out->arg[\old(out->arg_count)] == value;
    ensures same: out->text_size == \old(out->text_size) && out->device_count == \old(out->device_count); */
static void cmdline_append_arg(struct cmdline *out, uint32_t value)
{
    out->arg[out->arg_count] = value;
    out->arg_count++;
}

/* The last arguments are devices, whose parts stand behind the devices that there are. */
/*@ requires good: \valid(out) && CmdlineRest(out);
    requires devices: devices <= out->arg_count && out->device_count + devices <= CMDLINE_MAX_DEVICES;
    terminates \true; exits \false; assigns out->arg_count, out->device_count;
    ensures good: CmdlineRest(out);
    ensures set: out->arg_count == \old(out->arg_count) - devices
      && out->device_count == \old(out->device_count) + devices; */
static void cmdline_take_off(struct cmdline *out, uint32_t devices)
{
    out->arg_count -= devices;
    out->device_count += devices;
}

/* An argument, for which there is room, after that many that are devices and may be QEMU's: how many there are now. */
/*@ requires good: \valid(out) && CmdlineRest(out) && word.text < out->text_size;
    requires room: out->arg_count < CMDLINE_MAX_ARGS + CMDLINE_MAX_DEVICES;
    requires devices: devices <= out->arg_count && out->device_count + devices <= CMDLINE_MAX_DEVICES;
    terminates \true; exits \false;
    assigns out->arg_count, out->arg[out->arg_count], out->device[0 .. CMDLINE_MAX_DEVICES - 1];
    ensures good: CmdlineRest(out) && out->arg_count == \old(out->arg_count) + 1;
    ensures taken: out->arg[\old(out->arg_count)] == word.text;
    ensures same: out->text_size == \old(out->text_size) && out->device_count == \old(out->device_count);
    ensures device: \result != 0 <==> !word.is_quoted && CmdlineIsDevice(out, word.text)
      && out->device_count + devices < CMDLINE_MAX_DEVICES;
    ensures devices: \result == 0 || \result == devices + 1;
    ensures what: \result != 0 ==> CmdlineDeviceIs(out, out->device_count + devices, word.text);
    ensures room: out->device_count + \result <= CMDLINE_MAX_DEVICES; */
static uint32_t cmdline_take_arg(struct word word, uint32_t devices, struct cmdline *out)
{
    struct cmdline_device device = cmdline_device(out, word.text);

    cmdline_append_arg(out, word.text);
    if (out->device_count + devices == CMDLINE_MAX_DEVICES || word.is_quoted || device.size == 0)
        return 0;
    cmdline_set_device(out, out->device_count + devices, device);
    return devices + 1;
}

/* All words from at on are arguments. But QEMU's microvm without ACPI appends its devices behind all that the user
   wrote: the last arguments that are devices, as far as there is room for them, are taken off. */
/*@ requires line: CmdlineLine(line, length) && at <= length < CMDLINE_SIZE && CmdlineBlank(line[at]);
    requires good: \valid(out) && \separated(out, line + (0 .. length)) && CmdlineGood(out) && out->arg_count == 0;
    requires room: out->text_size <= at + 1;
    terminates \true; exits \false;
    assigns out->text_size, out->text[0 .. CMDLINE_SIZE - 1], out->arg_count,
      out->arg[0 .. CMDLINE_MAX_ARGS + CMDLINE_MAX_DEVICES - 1], out->device_count,
      out->device[0 .. CMDLINE_MAX_DEVICES - 1];
    ensures good: \result == CMDLINE_OK ==> CmdlineGood(out);
    ensures reasons: \result == CMDLINE_OK || \result == CMDLINE_OPEN_QUOTE || \result == CMDLINE_MANY_ARGS; */
static enum cmdline_status cmdline_take_args(const char *line, uint64_t length, uint64_t at, struct cmdline *out)
{
    uint32_t devices = 0;
    struct word word;

    at = cmdline_skip_blanks(line, length, at);
    /*@ loop invariant line: CmdlineLine(line, length) && at <= length;
        loop invariant word: at == length || (!CmdlineBlank(line[at]) && out->text_size <= at);
        loop invariant good: CmdlineRest(out) && out->arg_count <= CMDLINE_MAX_ARGS + CMDLINE_MAX_DEVICES;
        loop invariant devices: devices <= out->arg_count && out->device_count + devices <= CMDLINE_MAX_DEVICES;
        loop assigns at, devices, word, out->text_size, out->text[0 .. CMDLINE_SIZE - 1], out->arg_count,
          out->arg[0 .. CMDLINE_MAX_ARGS + CMDLINE_MAX_DEVICES - 1], out->device[0 .. CMDLINE_MAX_DEVICES - 1];
        loop variant length - at; */
    while (at < length) {
        word = cmdline_decode_word(line, length, at, out);
        if (word.line_end == 0)
            return CMDLINE_OPEN_QUOTE;
        if (out->arg_count == CMDLINE_MAX_ARGS + CMDLINE_MAX_DEVICES)
            return CMDLINE_MANY_ARGS;
        /*@ assert line: CmdlineLine(line, length); */
        /*@ assert rest: CmdlineRest(out); */
        devices = cmdline_take_arg(word, devices, out);
        at = cmdline_skip_blanks(line, length, word.line_end);
    }
    cmdline_take_off(out, devices);
    return out->arg_count <= CMDLINE_MAX_ARGS ? CMDLINE_OK : CMDLINE_MANY_ARGS;
}

/*@ requires good: \valid_read(out) && CmdlineTextEnds(out) && word.text < out->text_size;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> !word.is_quoted && out->text_size - word.text == 3
      && CmdlineSeparator(out, word.text); */
static bool cmdline_is_separator(const struct cmdline *out, struct word word)
{
    return !word.is_quoted && out->text_size - word.text == sizeof("--") && out->text[word.text] == '-' &&
           out->text[word.text + 1] == '-';
}

/* All words up to the lone --, and then the arguments. */
/*@ requires line: CmdlineLine(line, length) && length < CMDLINE_SIZE;
    requires apart: \valid(out) && \separated(out, line + (0 .. length)) && CmdlineEmpty(out);
    terminates \true; exits \false; assigns *out;
    ensures good: \result == CMDLINE_OK ==> CmdlineGood(out);
    ensures reasons: \result == CMDLINE_OK || CMDLINE_OPEN_QUOTE <= \result <= CMDLINE_BAD_INIT; */
static enum cmdline_status cmdline_take_words(const char *line, uint64_t length, struct cmdline *out)
{
    enum cmdline_status status = CMDLINE_OK;
    uint64_t at = cmdline_skip_blanks(line, length, 0);
    struct word word;

    /*@ loop invariant line: CmdlineLine(line, length) && at <= length;
        loop invariant word: at == length || (!CmdlineBlank(line[at]) && out->text_size <= at);
        loop invariant good: CmdlineGood(out);
        loop invariant none: out->arg_count == 0 && out->env_count <= CMDLINE_MAX_ENVS;
        loop invariant few: out->unknown_count <= at;
        loop invariant reasons: status == CMDLINE_OK || CMDLINE_OPEN_QUOTE <= status <= CMDLINE_BAD_INIT;
        loop assigns at, status, word, *out; loop variant length - at; */
    while (at < length && status == CMDLINE_OK) {
        word = cmdline_decode_word(line, length, at, out);
        if (word.line_end == 0)
            return CMDLINE_OPEN_QUOTE;
        /*@ assert line: CmdlineLine(line, length); */
        /*@ assert good: CmdlineGood(out); */
        if (cmdline_is_separator(out, word))
            return cmdline_take_args(line, length, word.line_end, out);
        status = cmdline_take_key(line, length, word, out);
        /*@ assert still: CmdlineLine(line, length); */
        at = cmdline_skip_blanks(line, length, word.line_end);
    }
    return status;
}

enum cmdline_status cmdline_parse(const char *line, uint32_t length, struct cmdline *out)
{
    enum cmdline_status status = CMDLINE_TOO_LONG;

    cmdline_clear(out);
    if (length < CMDLINE_SIZE)
        status = cmdline_take_words(line, length, out);
    if (status != CMDLINE_OK)
        cmdline_clear(out);
    return status;
}

const char *cmdline_status_text(enum cmdline_status status)
{
    static const char *const text[] = {
        [CMDLINE_OK] = "good",
        [CMDLINE_TOO_LONG] = "8 KiB or more",
        [CMDLINE_OPEN_QUOTE] = "a quote is not closed",
        [CMDLINE_MANY_ARGS] = "more than 256 arguments",
        [CMDLINE_MANY_ENVS] = "more than 128 env=",
        [CMDLINE_BAD_ENV] = "env= needs NAME=VALUE",
        [CMDLINE_BAD_LOGLEVEL] = "loglevel= needs a number from 0 to 7",
        [CMDLINE_BAD_STRACE] = "strace= needs 0 or 1",
        [CMDLINE_BAD_INIT] = "init= needs a path",
    };

    return (uint32_t)status < sizeof(text) / sizeof(text[0]) ? text[status] : "unknown status";
}
