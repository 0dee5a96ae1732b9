/* SPDX-License-Identifier: BSD-2-Clause */
/* Any line: every string is whole inside the text, every value in its range, a refusal leaves nothing; and the arguments
   come out again when they are quoted and parsed once more. */
#include "boot/cmdline.h"

#include "fuzz.h"

static struct cmdline cmdline, again;

/* A string of the text that has an end. */
static const char *string_at(uint32_t offset, const struct cmdline *from)
{
    HOLDS(offset < from->text_size && memchr(from->text + offset, 0, from->text_size - offset) != NULL);
    return from->text + offset;
}

static void check_keys(void)
{
    HOLDS(cmdline.loglevel >= -1 && cmdline.loglevel <= 7);
    HOLDS(cmdline.init == CMDLINE_NOT_GIVEN || *string_at(cmdline.init, &cmdline) != 0);
    if (cmdline.console != CMDLINE_NOT_GIVEN)
        string_at(cmdline.console, &cmdline);
    if (cmdline.ip != CMDLINE_NOT_GIVEN)
        string_at(cmdline.ip, &cmdline);
    HOLDS(cmdline.env_count <= CMDLINE_MAX_ENVS);
    for (uint32_t i = 0; i < cmdline.env_count; i++) {
        const char *text = string_at(cmdline.env[i], &cmdline);
        HOLDS(text[0] != '=' && strchr(text, '=') != NULL);
    }
    HOLDS(cmdline.device_count <= CMDLINE_MAX_DEVICES);
    for (uint32_t i = 0; i < cmdline.device_count; i++)
        HOLDS(cmdline.device[i].size > 0 && cmdline.device[i].base <= UINT64_MAX - cmdline.device[i].size);
}

static void check_unknown(const char *line, uint64_t length)
{
    uint32_t kept = cmdline.unknown_count < CMDLINE_MAX_UNKNOWN ? cmdline.unknown_count : CMDLINE_MAX_UNKNOWN;

    for (uint32_t i = 0; i < kept; i++) {
        const struct cmdline_word *word = &cmdline.unknown[i];
        HOLDS(word->offset < length && word->length <= length - word->offset);
        HOLDS(memchr(line + word->offset, '=', word->length) == NULL);
    }
}

static char *put_quoted(char *at, const char *text)
{
    *at++ = ' ';
    *at++ = '"';
    for (; *text != 0; text++) {
        if (*text == '"' || *text == '\\')
            *at++ = '\\';
        *at++ = *text;
    }
    *at++ = '"';
    return at;
}

/* The last first: then what looks like a device may stand at the end, where only the quotes say that it is none. */
static void check_arguments(void)
{
    static char line[4 * CMDLINE_SIZE];
    char *at = line + 2;

    HOLDS(cmdline.arg_count <= CMDLINE_MAX_ARGS);
    memcpy(line, "--", 2);
    for (uint32_t i = cmdline.arg_count; i > 0; i--)
        at = put_quoted(at, string_at(cmdline.arg[i - 1], &cmdline));
    *at = 0;
    if (at - line >= CMDLINE_SIZE)
        return;
    HOLDS(cmdline_parse(line, (uint32_t)(at - line), &again) == CMDLINE_OK && again.arg_count == cmdline.arg_count);
    HOLDS(again.device_count == 0 && again.env_count == 0 && again.unknown_count == 0);
    for (uint32_t i = 0; i < again.arg_count; i++)
        HOLDS(strcmp(string_at(again.arg[i], &again), cmdline.text + cmdline.arg[again.arg_count - 1 - i]) == 0);
}

static void check_refused(void)
{
    HOLDS(cmdline.arg_count == 0 && cmdline.env_count == 0 && cmdline.device_count == 0);
    HOLDS(cmdline.unknown_count == 0 && cmdline.text_size == 0 && cmdline.loglevel == -1 && !cmdline.strace);
    HOLDS(cmdline.init == CMDLINE_NOT_GIVEN && cmdline.console == CMDLINE_NOT_GIVEN && cmdline.ip == CMDLINE_NOT_GIVEN);
}

/* The only NUL of the line is its end: those of the input become blanks. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *line = malloc(size + 1);
    enum cmdline_status status;

    for (size_t i = 0; i < size; i++)
        line[i] = bytes[i] != 0 ? (char)bytes[i] : ' ';
    line[size] = 0;
    memset(&cmdline, 0x5a, sizeof(cmdline));
    status = cmdline_parse(line, (uint32_t)size, &cmdline);
    HOLDS((uint32_t)status <= CMDLINE_BAD_INIT && strcmp(cmdline_status_text(status), "unknown status") != 0);
    HOLDS((status == CMDLINE_TOO_LONG) == (size >= CMDLINE_SIZE));
    if (status == CMDLINE_OK) {
        HOLDS(cmdline.text_size <= size + 1);
        check_keys();
        check_unknown(line, size);
        check_arguments();
    } else {
        check_refused();
    }
    free(line);
    return 0;
}
