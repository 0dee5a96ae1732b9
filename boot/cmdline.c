/* SPDX-License-Identifier: BSD-2-Clause */
/* One pass over the line: each word is decoded behind the ones before it, and then taken as a key or as an argument. */
#include "boot/cmdline.h"

#include "boot/cmdline_value.h"
#include "boot/cmdline_word.h"

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

/* env=NAME=VALUE: the name is not empty. */
/*@ requires good: \valid(out) && CmdlineGood(out) && value < out->text_size;
    terminates \true; exits \false; assigns out->env_count, out->env[out->env_count];
    ensures good: CmdlineGood(out);
    ensures reasons: \result == CMDLINE_OK || \result == CMDLINE_BAD_ENV || \result == CMDLINE_MANY_ENVS;
    ensures bad: \result == CMDLINE_BAD_ENV <==> !CmdlineNamed(out, value);
    ensures many: \result == CMDLINE_MANY_ENVS ==> \old(out->env_count) == CMDLINE_MAX_ENVS;
    ensures kept: \result != CMDLINE_OK ==> out->env_count == \old(out->env_count);
    ensures taken: \result == CMDLINE_OK ==> out->env_count == \old(out->env_count) + 1
      && out->env[out->env_count - 1] == value; */
static enum cmdline_status cmdline_take_env(struct cmdline *out, uint32_t value)
{
    uint32_t at = value;

    /*@ loop invariant range: value <= at < out->text_size;
        loop invariant name: \forall integer k; value <= k < at ==> out->text[k] != 0 && out->text[k] != '=';
        loop assigns at; loop variant out->text_size - at; */
    while (out->text[at] != 0 && out->text[at] != '=')
        at++;
    if (at == value || out->text[at] == 0)
        return CMDLINE_BAD_ENV;
    if (out->env_count == CMDLINE_MAX_ENVS)
        return CMDLINE_MANY_ENVS;
    out->env[out->env_count] = value;
    out->env_count++;
    return CMDLINE_OK;
}

/* A word that no key claims: hosts add their own (Xen, Qubes, Firecracker), so it is only reported. */
/*@ requires line: CmdlineLine(line, length) && word.line < word.line_end <= length < CMDLINE_SIZE;
    requires good: \valid(out) && \separated(out, line + (0 .. length)) && CmdlineGood(out);
    requires few: out->unknown_count < CMDLINE_SIZE;
    terminates \true; exits \false;
    assigns out->unknown_count, out->unknown[0 .. CMDLINE_MAX_UNKNOWN - 1];
    ensures good: CmdlineGood(out);
    ensures count: out->unknown_count == \old(out->unknown_count) + 1; */
static void cmdline_take_unknown(const char *line, uint64_t length, struct word word, struct cmdline *out)
{
    uint64_t end = word.line;

    (void)length;
    if (out->unknown_count < CMDLINE_MAX_UNKNOWN) {
        /*@ loop invariant range: word.line <= end <= word.line_end; loop assigns end;
            loop variant word.line_end - end; */
        while (end < word.line_end && line[end] != '=')
            end++;
        out->unknown[out->unknown_count].offset = (uint32_t)word.line;
        out->unknown[out->unknown_count].length = (uint32_t)(end - word.line);
    }
    out->unknown_count++;
}

/*@ requires room: \valid(out) && place < CMDLINE_MAX_DEVICES;
    terminates \true; exits \false;
    assigns out->device[place].base, out->device[place].size, out->device[place].irq; */
static void cmdline_set_device(struct cmdline *out, uint32_t place, struct cmdline_device device)
{
    out->device[place].base = device.base;
    out->device[place].size = device.size;
    out->device[place].irq = device.irq;
}

/* A word that is none of ours: a device, or unknown. */
/*@ requires line: CmdlineLine(line, length) && word.line < word.line_end <= length < CMDLINE_SIZE;
    requires good: \valid(out) && \separated(out, line + (0 .. length)) && CmdlineGood(out);
    requires text: word.text < out->text_size;
    requires few: out->unknown_count < CMDLINE_SIZE;
    terminates \true; exits \false;
    assigns out->unknown_count, out->unknown[0 .. CMDLINE_MAX_UNKNOWN - 1], out->device_count,
      out->device[0 .. CMDLINE_MAX_DEVICES - 1];
    ensures good: CmdlineGood(out);
    ensures count: \old(out->unknown_count) <= out->unknown_count <= \old(out->unknown_count) + 1;
    ensures one: (out->unknown_count - \old(out->unknown_count)) + (out->device_count - \old(out->device_count)) == 1; */
static void cmdline_take_other(const char *line, uint64_t length, struct word word, struct cmdline *out)
{
    struct cmdline_device device = cmdline_device(out, word.text);

    if (out->device_count < CMDLINE_MAX_DEVICES && device.size > 0) {
        cmdline_set_device(out, out->device_count, device);
        out->device_count++;
    } else {
        cmdline_take_unknown(line, length, word, out);
    }
}

/* loglevel= and strace=. */
/*@ requires good: \valid(out) && CmdlineGood(out) && value < out->text_size;
    terminates \true; exits \false; assigns out->loglevel;
    ensures good: CmdlineGood(out);
    ensures reasons: \result == CMDLINE_OK || \result == CMDLINE_BAD_LOGLEVEL;
    ensures exact: \result == CMDLINE_OK <==> CmdlineSmall(out, value, '7');
    ensures value: \result == CMDLINE_OK ==> out->loglevel == out->text[value] - '0'; */
static enum cmdline_status cmdline_take_loglevel(struct cmdline *out, uint32_t value)
{
    out->loglevel = cmdline_small(out, value, '7');
    return out->loglevel >= 0 ? CMDLINE_OK : CMDLINE_BAD_LOGLEVEL;
}

/*@ requires good: \valid(out) && CmdlineGood(out) && value < out->text_size;
    terminates \true; exits \false; assigns out->strace;
    ensures good: CmdlineGood(out);
    ensures reasons: \result == CMDLINE_OK || \result == CMDLINE_BAD_STRACE;
    ensures exact: \result == CMDLINE_OK <==> CmdlineSmall(out, value, '1');
    ensures value: \result == CMDLINE_OK ==> (out->strace <==> out->text[value] == '1'); */
static enum cmdline_status cmdline_take_strace(struct cmdline *out, uint32_t value)
{
    int number = cmdline_small(out, value, '1');

    out->strace = number == 1;
    return number >= 0 ? CMDLINE_OK : CMDLINE_BAD_STRACE;
}

/*@ requires good: \valid(out) && CmdlineGood(out) && value < out->text_size;
    terminates \true; exits \false; assigns out->init;
    ensures good: CmdlineGood(out);
    ensures exact: out->init == value && \result == (out->text[value] != 0 ? CMDLINE_OK : CMDLINE_BAD_INIT); */
static enum cmdline_status cmdline_take_init(struct cmdline *out, uint32_t value)
{
    out->init = value;
    return out->text[value] != 0 ? CMDLINE_OK : CMDLINE_BAD_INIT;
}

enum key { KEY_CONSOLE, KEY_ENV, KEY_INIT, KEY_IP, KEY_LOGLEVEL, KEY_STRACE, KEY_NONE };

struct key_value {
    enum key key;
    uint32_t value;
};

static const char key_console[] = "console=", key_env[] = "env=", key_init[] = "init=", key_ip[] = "ip=",
                  key_loglevel[] = "loglevel=", key_strace[] = "strace=";

/* Which key the string at this offset begins with, and where its value is. */
/*@ requires valid: \valid_read(out) && CmdlineTextEnds(out) && offset < out->text_size;
    terminates \true; exits \false; assigns \nothing;
    ensures value: \result.key != KEY_NONE ==> offset < \result.value < out->text_size;
    ensures range: KEY_CONSOLE <= \result.key <= KEY_NONE; */
static struct key_value cmdline_find_key(const struct cmdline *out, uint32_t offset)
{
    uint32_t value;

    value = cmdline_value(out, offset, key_console, sizeof(key_console) - 1);
    if (value != CMDLINE_NOT_GIVEN)
        return (struct key_value){ KEY_CONSOLE, value };
    value = cmdline_value(out, offset, key_env, sizeof(key_env) - 1);
    if (value != CMDLINE_NOT_GIVEN)
        return (struct key_value){ KEY_ENV, value };
    value = cmdline_value(out, offset, key_init, sizeof(key_init) - 1);
    if (value != CMDLINE_NOT_GIVEN)
        return (struct key_value){ KEY_INIT, value };
    value = cmdline_value(out, offset, key_ip, sizeof(key_ip) - 1);
    if (value != CMDLINE_NOT_GIVEN)
        return (struct key_value){ KEY_IP, value };
    value = cmdline_value(out, offset, key_loglevel, sizeof(key_loglevel) - 1);
    if (value != CMDLINE_NOT_GIVEN)
        return (struct key_value){ KEY_LOGLEVEL, value };
    value = cmdline_value(out, offset, key_strace, sizeof(key_strace) - 1);
    return (struct key_value){ value != CMDLINE_NOT_GIVEN ? KEY_STRACE : KEY_NONE, value };
}

/* A word before the lone --. */
/*@ requires line: CmdlineLine(line, length) && word.line < word.line_end <= length < CMDLINE_SIZE;
    requires good: \valid(out) && \separated(out, line + (0 .. length)) && CmdlineGood(out);
    requires text: word.text < out->text_size;
    requires few: out->unknown_count < CMDLINE_SIZE;
    terminates \true; exits \false;
    assigns out->init, out->console, out->ip, out->loglevel, out->strace, out->env_count, out->env[out->env_count],
      out->unknown_count, out->unknown[0 .. CMDLINE_MAX_UNKNOWN - 1], out->device_count,
      out->device[0 .. CMDLINE_MAX_DEVICES - 1];
    ensures good: CmdlineGood(out);
    ensures reasons: \result == CMDLINE_OK || CMDLINE_MANY_ENVS <= \result <= CMDLINE_BAD_INIT;
    ensures count: out->unknown_count <= \old(out->unknown_count) + 1;
    ensures same: out->arg_count == \old(out->arg_count) && out->text_size == \old(out->text_size); */
static enum cmdline_status cmdline_take_key(const char *line, uint64_t length, struct word word, struct cmdline *out)
{
    struct key_value found = cmdline_find_key(out, word.text);

    switch (found.key) {
    case KEY_CONSOLE:
        out->console = found.value;
        return CMDLINE_OK;
    case KEY_ENV:
        return cmdline_take_env(out, found.value);
    case KEY_INIT:
        return cmdline_take_init(out, found.value);
    case KEY_IP:
        out->ip = found.value;
        return CMDLINE_OK;
    case KEY_LOGLEVEL:
        return cmdline_take_loglevel(out, found.value);
    case KEY_STRACE:
        return cmdline_take_strace(out, found.value);
    default:
        cmdline_take_other(line, length, word, out);
        return CMDLINE_OK;
    }
}

/* An argument, for which there is room, after that many that are devices and may be QEMU's: how many there are now. */
/*@ requires good: \valid(out) && CmdlineRest(out) && word.text < out->text_size;
    requires room: out->arg_count < CMDLINE_MAX_ARGS + CMDLINE_MAX_DEVICES;
    requires devices: devices <= out->arg_count && out->device_count + devices <= CMDLINE_MAX_DEVICES;
    terminates \true; exits \false;
    assigns out->arg_count, out->arg[out->arg_count], out->device[0 .. CMDLINE_MAX_DEVICES - 1];
    ensures good: CmdlineRest(out) && out->arg_count == \old(out->arg_count) + 1;
    ensures taken: out->arg[out->arg_count - 1] == word.text;
    ensures devices: \result == 0 || \result == devices + 1;
    ensures quoted: word.is_quoted ==> \result == 0;
    ensures room: out->device_count + \result <= CMDLINE_MAX_DEVICES; */
static uint32_t cmdline_take_arg(struct word word, uint32_t devices, struct cmdline *out)
{
    struct cmdline_device device = cmdline_device(out, word.text);

    out->arg[out->arg_count] = word.text;
    out->arg_count++;
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
    out->arg_count -= devices;
    out->device_count += devices;
    return out->arg_count <= CMDLINE_MAX_ARGS ? CMDLINE_OK : CMDLINE_MANY_ARGS;
}

/*@ requires good: \valid_read(out) && CmdlineTextEnds(out) && word.text < out->text_size;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> !word.is_quoted && out->text_size - word.text == 3 && out->text[word.text] == '-'
      && out->text[word.text + 1] == '-'; */
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
        loop invariant none: out->arg_count == 0;
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
