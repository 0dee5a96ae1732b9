/* SPDX-License-Identifier: BSD-2-Clause */
/* Each key has a function that sets its field and says whether the value is good. */
#include "boot/cmdline_key.h"

#include "boot/cmdline_value.h"

/* env=NAME=VALUE: the name is not empty. */
/*@ requires good: \valid(out) && CmdlineGood(out) && value < out->text_size;
    terminates \true; exits \false; assigns out->env_count, out->env[out->env_count];
    ensures good: CmdlineGood(out);
    ensures reasons: \result == CMDLINE_OK || \result == CMDLINE_BAD_ENV || \result == CMDLINE_MANY_ENVS;
    ensures bad: \result == CMDLINE_BAD_ENV <==> !CmdlineNamed(out, value);
    ensures many: \result == CMDLINE_MANY_ENVS ==> \old(out->env_count) == CMDLINE_MAX_ENVS;
    ensures kept: \result != CMDLINE_OK ==> out->env_count == \old(out->env_count);
    ensures taken: \result == CMDLINE_OK ==> out->env_count == \old(out->env_count) + 1
      && out->env[\old(out->env_count)] == value; */
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

/* How long the key of the word is: up to its first =. */
/*@ requires line: CmdlineLine(line, length) && word.line < word.line_end <= length < CMDLINE_SIZE;
    terminates \true; exits \false; assigns \nothing;
    ensures key: CmdlineIsKey(line, word.line, word.line_end, word.line, \result); */
static uint32_t cmdline_key_length(const char *line, uint64_t length, struct word word)
{
    uint64_t end = word.line;

    (void)length;
    /*@ loop invariant range: word.line <= end <= word.line_end;
        loop invariant key: \forall integer k; word.line <= k < end ==> line[k] != '=';
        loop assigns end; loop variant word.line_end - end; */
    while (end < word.line_end && line[end] != '=')
        end++;
    return (uint32_t)(end - word.line);
}

/*@ requires room: \valid(out) && place < CMDLINE_MAX_UNKNOWN;
    terminates \true; exits \false; assigns out->unknown[place].offset, out->unknown[place].length;
    ensures set: out->unknown[place].offset == offset && out->unknown[place].length == length;
    ensures good: CmdlineGood{Pre}(out) ==> CmdlineGood(out); */
static void cmdline_set_unknown(struct cmdline *out, uint32_t place, uint32_t offset, uint32_t length)
{
    out->unknown[place].offset = offset;
    out->unknown[place].length = length;
}

/* A word that no key claims: hosts add their own (Xen, Qubes, Firecracker), so it is only reported. */
/*@ requires line: CmdlineLine(line, length) && word.line < word.line_end <= length < CMDLINE_SIZE;
    requires good: \valid(out) && \separated(out, line + (0 .. length)) && CmdlineGood(out);
    requires few: out->unknown_count < CMDLINE_SIZE;
    terminates \true; exits \false;
    assigns out->unknown_count, out->unknown[0 .. CMDLINE_MAX_UNKNOWN - 1];
    ensures good: CmdlineGood(out);
    ensures count: out->unknown_count == \old(out->unknown_count) + 1;
    ensures others: \forall integer k; 0 <= k < CMDLINE_MAX_UNKNOWN && k != \old(out->unknown_count) ==>
      out->unknown[k] == \old(out->unknown[k]);
    ensures place: \old(out->unknown_count) < CMDLINE_MAX_UNKNOWN ==>
      CmdlineIsKey(line, word.line, word.line_end, out->unknown[\old(out->unknown_count)].offset,
        out->unknown[\old(out->unknown_count)].length); */
static void cmdline_take_unknown(const char *line, uint64_t length, struct word word, struct cmdline *out)
{
    uint32_t place = out->unknown_count;

    out->unknown_count++;
    /*@ assert still: CmdlineGood(out); */
    if (place < CMDLINE_MAX_UNKNOWN)
        cmdline_set_unknown(out, place, (uint32_t)word.line, cmdline_key_length(line, length, word));
}

void cmdline_set_device(struct cmdline *out, uint32_t place, struct cmdline_device device)
{
    out->device[place].base = device.base;
    out->device[place].size = device.size;
    out->device[place].irq = device.irq;
}

/*@ requires good: \valid(out) && CmdlineGood(out) && out->device_count < CMDLINE_MAX_DEVICES;
    terminates \true; exits \false;
    assigns out->device_count, out->device[out->device_count].base, out->device[out->device_count].size,
      out->device[out->device_count].irq;
    ensures good: CmdlineGood(out);
    ensures count: out->device_count == \old(out->device_count) + 1;
    ensures set: out->device[\old(out->device_count)].base == device.base
      && out->device[\old(out->device_count)].size == device.size
      && out->device[\old(out->device_count)].irq == device.irq; */
static void cmdline_add_device(struct cmdline *out, struct cmdline_device device)
{
    cmdline_set_device(out, out->device_count, device);
    out->device_count++;
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
    ensures one: (out->unknown_count - \old(out->unknown_count)) + (out->device_count - \old(out->device_count)) == 1;
    ensures device: out->device_count == \old(out->device_count) + 1
      <==> CmdlineIsDevice(out, word.text) && \old(out->device_count) < CMDLINE_MAX_DEVICES;
    ensures what: out->device_count == \old(out->device_count) + 1
      ==> CmdlineDeviceIs(out, \old(out->device_count), word.text);
    ensures unknown: out->unknown_count == \old(out->unknown_count) + 1 <= CMDLINE_MAX_UNKNOWN ==>
      CmdlineIsKey(line, word.line, word.line_end, out->unknown[\old(out->unknown_count)].offset,
        out->unknown[\old(out->unknown_count)].length); */
static void cmdline_take_other(const char *line, uint64_t length, struct word word, struct cmdline *out)
{
    struct cmdline_device device = cmdline_device(out, word.text);

    /*@ assert is: device.size > 0 <==> CmdlineIsDevice(out, word.text); */
    if (out->device_count < CMDLINE_MAX_DEVICES && device.size > 0) {
        cmdline_add_device(out, device);
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

/*@ requires good: \valid(out) && CmdlineGood(out) && value < out->text_size;
    terminates \true; exits \false; assigns out->console;
    ensures good: CmdlineGood(out);
    ensures set: out->console == value; */
static void cmdline_take_console(struct cmdline *out, uint32_t value)
{
    out->console = value;
}

/*@ requires good: \valid(out) && CmdlineGood(out) && value < out->text_size;
    terminates \true; exits \false; assigns out->ip;
    ensures good: CmdlineGood(out);
    ensures set: out->ip == value; */
static void cmdline_take_ip(struct cmdline *out, uint32_t value)
{
    out->ip = value;
}

struct key_value {
    enum cmdline_key key;
    uint32_t value;
};

static const char key_console[] = "console=", key_env[] = "env=", key_init[] = "init=", key_ip[] = "ip=",
                  key_loglevel[] = "loglevel=", key_strace[] = "strace=";

/* The offset of the value when the string at this offset begins with that key, whose bytes these are; else CMDLINE_NOT_GIVEN. */
/*@ requires valid: \valid_read(out) && CmdlineTextEnds(out) && offset < out->text_size;
    requires bytes: \valid_read(bytes + (0 .. size - 1)) && size == CmdlineKeySize(key)
      && \forall integer k; 0 <= k < size ==> bytes[k] == CmdlineKeyByte(key, k) && bytes[k] != 0;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result != CMDLINE_NOT_GIVEN <==> CmdlineHas(out, offset, key);
    ensures value: \result != CMDLINE_NOT_GIVEN ==> \result == offset + size < out->text_size; */
static uint32_t cmdline_key_value(const struct cmdline *out, uint32_t offset, enum cmdline_key key, const char *bytes,
                                  uint32_t size)
{
    (void)key;
    return cmdline_value(out, offset, bytes, size);
}

/* Which key the string at this offset begins with, and where its value is. */
/*@ requires valid: \valid_read(out) && CmdlineTextEnds(out) && offset < out->text_size;
    terminates \true; exits \false; assigns \nothing;
    ensures value: \result.key != CMDLINE_NO_KEY ==>
      \result.value == offset + CmdlineKeySize(\result.key) < out->text_size;
    ensures range: CMDLINE_CONSOLE <= \result.key <= CMDLINE_NO_KEY;
    ensures console: \result.key == CMDLINE_CONSOLE <==> CmdlineHas(out, offset, CMDLINE_CONSOLE);
    ensures env: \result.key == CMDLINE_ENV <==> CmdlineHas(out, offset, CMDLINE_ENV);
    ensures init: \result.key == CMDLINE_INIT <==> CmdlineHas(out, offset, CMDLINE_INIT);
    ensures ip: \result.key == CMDLINE_IP <==> CmdlineHas(out, offset, CMDLINE_IP);
    ensures loglevel: \result.key == CMDLINE_LOGLEVEL <==> CmdlineHas(out, offset, CMDLINE_LOGLEVEL);
    ensures strace: \result.key == CMDLINE_STRACE <==> CmdlineHas(out, offset, CMDLINE_STRACE); */
static struct key_value cmdline_find_key(const struct cmdline *out, uint32_t offset)
{
    uint32_t value;

    /*@ assert console: \forall integer k; 0 <= k < 8 ==> key_console[k] == CmdlineKeyByte(CMDLINE_CONSOLE, k); */
    /*@ assert env: \forall integer k; 0 <= k < 4 ==> key_env[k] == CmdlineKeyByte(CMDLINE_ENV, k); */
    /*@ assert init: \forall integer k; 0 <= k < 5 ==> key_init[k] == CmdlineKeyByte(CMDLINE_INIT, k); */
    /*@ assert ip: \forall integer k; 0 <= k < 3 ==> key_ip[k] == CmdlineKeyByte(CMDLINE_IP, k); */
    /*@ assert loglevel: \forall integer k; 0 <= k < 9 ==> key_loglevel[k] == CmdlineKeyByte(CMDLINE_LOGLEVEL, k); */
    /*@ assert strace: \forall integer k; 0 <= k < 7 ==> key_strace[k] == CmdlineKeyByte(CMDLINE_STRACE, k); */
    /*@ assert first: (CmdlineHas(out, offset, CMDLINE_CONSOLE) ==> out->text[offset] == 'c')
          && (CmdlineHas(out, offset, CMDLINE_ENV) ==> out->text[offset] == 'e')
          && (CmdlineHas(out, offset, CMDLINE_INIT) ==> out->text[offset] == 'i' && out->text[offset + 1] == 'n')
          && (CmdlineHas(out, offset, CMDLINE_IP) ==> out->text[offset] == 'i' && out->text[offset + 1] == 'p')
          && (CmdlineHas(out, offset, CMDLINE_LOGLEVEL) ==> out->text[offset] == 'l')
          && (CmdlineHas(out, offset, CMDLINE_STRACE) ==> out->text[offset] == 's'); */
    value = cmdline_key_value(out, offset, CMDLINE_CONSOLE, key_console, sizeof(key_console) - 1);
    if (value != CMDLINE_NOT_GIVEN)
        return (struct key_value){ CMDLINE_CONSOLE, value };
    value = cmdline_key_value(out, offset, CMDLINE_ENV, key_env, sizeof(key_env) - 1);
    if (value != CMDLINE_NOT_GIVEN)
        return (struct key_value){ CMDLINE_ENV, value };
    value = cmdline_key_value(out, offset, CMDLINE_INIT, key_init, sizeof(key_init) - 1);
    if (value != CMDLINE_NOT_GIVEN)
        return (struct key_value){ CMDLINE_INIT, value };
    value = cmdline_key_value(out, offset, CMDLINE_IP, key_ip, sizeof(key_ip) - 1);
    if (value != CMDLINE_NOT_GIVEN)
        return (struct key_value){ CMDLINE_IP, value };
    value = cmdline_key_value(out, offset, CMDLINE_LOGLEVEL, key_loglevel, sizeof(key_loglevel) - 1);
    if (value != CMDLINE_NOT_GIVEN)
        return (struct key_value){ CMDLINE_LOGLEVEL, value };
    value = cmdline_key_value(out, offset, CMDLINE_STRACE, key_strace, sizeof(key_strace) - 1);
    if (value != CMDLINE_NOT_GIVEN)
        return (struct key_value){ CMDLINE_STRACE, value };
    return (struct key_value){ CMDLINE_NO_KEY, 0 };
}

enum cmdline_status cmdline_take_key(const char *line, uint64_t length, struct word word, struct cmdline *out)
{
    struct key_value found = cmdline_find_key(out, word.text);

    switch (found.key) {
    case CMDLINE_CONSOLE:
        cmdline_take_console(out, found.value);
        return CMDLINE_OK;
    case CMDLINE_ENV:
        return cmdline_take_env(out, found.value);
    case CMDLINE_INIT:
        return cmdline_take_init(out, found.value);
    case CMDLINE_IP:
        cmdline_take_ip(out, found.value);
        return CMDLINE_OK;
    case CMDLINE_LOGLEVEL:
        return cmdline_take_loglevel(out, found.value);
    case CMDLINE_STRACE:
        return cmdline_take_strace(out, found.value);
    default:
        cmdline_take_other(line, length, word, out);
        return CMDLINE_OK;
    }
}
