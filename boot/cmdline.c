/* SPDX-License-Identifier: BSD-2-Clause */
/* One pass over the line: each word is decoded behind the ones before it, and then taken as a key or as an argument. */
#include "boot/cmdline.h"

#define DEVICE_KEY "virtio_mmio.device="

/* The word being taken: where it is in the line and, decoded, in the text. */
struct word {
    uint64_t line, line_end;
    uint32_t text;
    bool is_quoted;
};

/*@ terminates \true; exits \false; assigns *out;
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

/* Space, and all control characters; also the line's NUL. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> 0 <= c <= ' '; */
static bool is_blank(char c)
{
    return (uint8_t)c <= ' ';
}

/* Decodes from behind an opening quote to the closing one: the place behind that, or 0 when there is none. The line's
   NUL ends every loop over it. */
/*@ requires line: CmdlineLine(line, length) && 0 < at <= length < CMDLINE_SIZE;
    requires apart: \valid(out) && \separated(out, line + (0 .. length));
    requires room: out->text_size < at;
    terminates \true; exits \false; assigns out->text_size, out->text[0 .. CMDLINE_SIZE - 1];
    ensures range: \result == 0 || at < \result <= length;
    ensures room: \result > 0 ==> \old(out->text_size) <= out->text_size < \result; */
static uint64_t cmdline_decode_quoted(const char *line, uint64_t length, uint64_t at, struct cmdline *out)
{
    uint64_t n = out->text_size;

    (void)length;
    /*@ loop invariant range: \at(at, Pre) <= at <= length;
        loop invariant room: \at(out->text_size, Pre) <= n < at;
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

/* Decodes the word that begins at word->line, with a NUL; false: a quote is open at the end. */
/*@ requires line: CmdlineLine(line, length) && word->line < length < CMDLINE_SIZE;
    requires apart: \valid(out) && \valid(word) && \separated(word, out, line + (0 .. length));
    requires room: out->text_size <= word->line;
    terminates \true; exits \false; assigns *word, out->text_size, out->text[0 .. CMDLINE_SIZE - 1];
    ensures ends: \result ==> word->line <= word->line_end <= length && out->text_size <= word->line_end + 1
      && word->text < out->text_size && out->text[out->text_size - 1] == 0; */
static bool cmdline_decode_word(const char *line, uint64_t length, struct word *word, struct cmdline *out)
{
    uint64_t at = word->line, n = out->text_size;

    word->text = out->text_size;
    word->is_quoted = false;
    /*@ loop invariant range: word->line <= at <= length && word->text <= n <= at;
        loop assigns at, n, word->is_quoted, out->text_size, out->text[0 .. CMDLINE_SIZE - 1];
        loop variant length - at; */
    while (!is_blank(line[at])) {
        if (line[at] != '"') {
            out->text[n++] = line[at++];
            continue;
        }
        word->is_quoted = true;
        out->text_size = (uint32_t)n;
        at = cmdline_decode_quoted(line, length, at + 1, out);
        if (at == 0)
            return false;
        n = out->text_size;
    }
    word->line_end = at;
    out->text[n] = 0;
    out->text_size = (uint32_t)(n + 1);
    return true;
}

/*@ requires line: CmdlineLine(line, length) && at <= length < CMDLINE_SIZE;
    terminates \true; exits \false; assigns \nothing;
    ensures range: at <= \result <= length;
    ensures word: line[\result] == 0 || !(0 <= line[\result] <= ' '); */
static uint64_t cmdline_skip_blanks(const char *line, uint64_t length, uint64_t at)
{
    (void)length;
    /*@ loop invariant range: \at(at, Pre) <= at <= length; loop assigns at; loop variant length - at; */
    while (is_blank(line[at]) && line[at] != 0)
        at++;
    return at;
}

/* The offset of the value when the string at this offset begins with key, else CMDLINE_NOT_GIVEN. */
static uint32_t cmdline_value(const struct cmdline *out, uint32_t offset, const char *key)
{
    uint32_t i;

    for (i = 0; key[i] != 0; i++)
        if (out->text[offset + i] != key[i])
            return CMDLINE_NOT_GIVEN;
    return offset + i;
}

/* 16 and above: not a digit of any base. */
static uint32_t digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return (uint32_t)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (uint32_t)(c - 'a') + 10;
    return 16;
}

/* Reads a decimal number, or hexadecimal after 0x, of at most max: the offset behind it, or offset itself when there is
   none. */
static uint32_t cmdline_number(const struct cmdline *out, uint32_t offset, uint64_t max, uint64_t *value)
{
    uint32_t at = offset, base = 10, first, digit;
    uint64_t limit;

    if (out->text[at] == '0' && out->text[at + 1] == 'x') {
        base = 16;
        at += 2;
    }
    first = at;
    limit = max / base;
    *value = 0;
    for (digit = digit_value(out->text[at]); digit < base; digit = digit_value(out->text[++at])) {
        if (*value > limit || *value * base > max - digit)
            return offset;
        *value = *value * base + digit;
    }
    return at > first ? at : offset;
}

/* Is the string at this offset SIZE@BASE:IRQ behind DEVICE_KEY, and nothing more? The device is set only then. */
static bool cmdline_device(const struct cmdline *out, uint32_t offset, struct cmdline_device *device)
{
    uint64_t size, base, irq;
    uint32_t at = cmdline_value(out, offset, DEVICE_KEY), next;

    if (at == CMDLINE_NOT_GIVEN)
        return false;
    next = cmdline_number(out, at, UINT32_MAX, &size);
    if (next == at || out->text[next] != '@' || size == 0)
        return false;
    at = next + 1;
    next = cmdline_number(out, at, UINT64_MAX - size, &base);
    if (next == at || out->text[next] != ':')
        return false;
    at = next + 1;
    next = cmdline_number(out, at, UINT32_MAX, &irq);
    if (next == at || out->text[next] != 0)
        return false;
    *device = (struct cmdline_device){ base, (uint32_t)size, (uint32_t)irq };
    return true;
}

/* env=NAME=VALUE: the name is not empty. */
static enum cmdline_status cmdline_take_env(struct cmdline *out, uint32_t value)
{
    uint32_t at = value;

    while (out->text[at] != 0 && out->text[at] != '=')
        at++;
    if (at == value || out->text[at] == 0)
        return CMDLINE_BAD_ENV;
    if (out->env_count == CMDLINE_MAX_ENVS)
        return CMDLINE_MANY_ENVS;
    out->env[out->env_count++] = value;
    return CMDLINE_OK;
}

/* A number of one digit, at most max; -1: it is not. */
static int cmdline_small(const struct cmdline *out, uint32_t value, char max)
{
    if (out->text[value] < '0' || out->text[value] > max || out->text[value + 1] != 0)
        return -1;
    return out->text[value] - '0';
}

/* A word that no key claims: hosts add their own (Xen, Qubes, Firecracker), so it is only reported. */
static void cmdline_take_unknown(const char *line, const struct word *word, struct cmdline *out)
{
    uint64_t end = word->line;

    if (out->unknown_count < CMDLINE_MAX_UNKNOWN) {
        while (end < word->line_end && line[end] != '=')
            end++;
        out->unknown[out->unknown_count] = (struct cmdline_word){ (uint32_t)word->line, (uint32_t)(end - word->line) };
    }
    out->unknown_count++;
}

enum key { KEY_CONSOLE, KEY_ENV, KEY_INIT, KEY_IP, KEY_LOGLEVEL, KEY_STRACE, KEY_COUNT };

/* Which key the string at this offset begins with, and where its value is; KEY_COUNT: none. */
static enum key cmdline_find_key(const struct cmdline *out, uint32_t offset, uint32_t *value)
{
    static const char *const name[KEY_COUNT] = {
        [KEY_CONSOLE] = "console=", [KEY_ENV] = "env=",           [KEY_INIT] = "init=",
        [KEY_IP] = "ip=",           [KEY_LOGLEVEL] = "loglevel=", [KEY_STRACE] = "strace=",
    };
    uint32_t i;

    for (i = 0; i < KEY_COUNT; i++) {
        *value = cmdline_value(out, offset, name[i]);
        if (*value != CMDLINE_NOT_GIVEN)
            break;
    }
    return (enum key)i;
}

/* A word that is none of ours: a device, or unknown. */
static void cmdline_take_other(const char *line, const struct word *word, struct cmdline *out)
{
    if (out->device_count < CMDLINE_MAX_DEVICES && cmdline_device(out, word->text, &out->device[out->device_count]))
        out->device_count++;
    else
        cmdline_take_unknown(line, word, out);
}

/* A word before the lone --. */
static enum cmdline_status cmdline_take_key(const char *line, const struct word *word, struct cmdline *out)
{
    uint32_t value;
    int number;

    switch (cmdline_find_key(out, word->text, &value)) {
    case KEY_CONSOLE:
        out->console = value;
        return CMDLINE_OK;
    case KEY_ENV:
        return cmdline_take_env(out, value);
    case KEY_INIT:
        out->init = value;
        return out->text[value] != 0 ? CMDLINE_OK : CMDLINE_BAD_INIT;
    case KEY_IP:
        out->ip = value;
        return CMDLINE_OK;
    case KEY_LOGLEVEL:
        out->loglevel = cmdline_small(out, value, '7');
        return out->loglevel >= 0 ? CMDLINE_OK : CMDLINE_BAD_LOGLEVEL;
    case KEY_STRACE:
        number = cmdline_small(out, value, '1');
        out->strace = number == 1;
        return number >= 0 ? CMDLINE_OK : CMDLINE_BAD_STRACE;
    default:
        cmdline_take_other(line, word, out);
        return CMDLINE_OK;
    }
}

/* All words from at on are arguments. But QEMU's microvm without ACPI appends its devices behind all that the user
   wrote: the last arguments that are devices, as far as there is room for them, are taken off. */
static enum cmdline_status cmdline_take_args(const char *line, uint64_t length, uint64_t at, struct cmdline *out)
{
    uint32_t devices = 0, room = CMDLINE_MAX_DEVICES - out->device_count;
    struct word word;

    for (at = cmdline_skip_blanks(line, length, at); at < length; at = cmdline_skip_blanks(line, length, at)) {
        word.line = at;
        if (!cmdline_decode_word(line, length, &word, out))
            return CMDLINE_OPEN_QUOTE;
        if (out->arg_count == CMDLINE_MAX_ARGS + CMDLINE_MAX_DEVICES)
            return CMDLINE_MANY_ARGS;
        out->arg[out->arg_count++] = word.text;
        if (devices == room || word.is_quoted)
            devices = 0;
        else
            devices = cmdline_device(out, word.text, &out->device[out->device_count + devices]) ? devices + 1 : 0;
        at = word.line_end;
    }
    out->arg_count -= devices;
    out->device_count += devices;
    return out->arg_count <= CMDLINE_MAX_ARGS ? CMDLINE_OK : CMDLINE_MANY_ARGS;
}

static bool cmdline_is_separator(const struct cmdline *out, const struct word *word)
{
    return !word->is_quoted && out->text_size - word->text == sizeof("--") && out->text[word->text] == '-' &&
           out->text[word->text + 1] == '-';
}

/* All words up to the lone --, and then the arguments. */
static enum cmdline_status cmdline_take_words(const char *line, uint64_t length, struct cmdline *out)
{
    enum cmdline_status status = CMDLINE_OK;
    struct word word;
    uint64_t at = 0;

    for (;;) {
        word.line = cmdline_skip_blanks(line, length, at);
        if (word.line == length || status != CMDLINE_OK)
            return status;
        if (!cmdline_decode_word(line, length, &word, out))
            return CMDLINE_OPEN_QUOTE;
        at = word.line_end;
        if (cmdline_is_separator(out, &word))
            return cmdline_take_args(line, length, at, out);
        status = cmdline_take_key(line, &word, out);
    }
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
