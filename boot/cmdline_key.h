/* SPDX-License-Identifier: BSD-2-Clause */
/* What a word of a command line before the lone -- says. */
#ifndef BOOT_CMDLINE_KEY_H
#define BOOT_CMDLINE_KEY_H
#include "boot/cmdline_word.h"

/* Writes the device into that place. */
/*@ requires room: \valid(out) && place < CMDLINE_MAX_DEVICES;
    terminates \true; exits \false;
    assigns out->device[place].base, out->device[place].size, out->device[place].irq;
    ensures set: out->device[place].base == device.base && out->device[place].size == device.size
      && out->device[place].irq == device.irq;
    ensures same: out->arg_count == \old(out->arg_count) && out->device_count == \old(out->device_count)
      && out->text_size == \old(out->text_size);
    ensures good: CmdlineRest{Pre}(out) ==> CmdlineRest(out); */
void cmdline_set_device(struct cmdline *out, uint32_t place, struct cmdline_device device);

/* Takes the word as the key that it begins with, or as a device, or as unknown. */
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
    ensures same: out->arg_count == \old(out->arg_count) && out->text_size == \old(out->text_size);
    ensures console: CmdlineHas(out, word.text, CMDLINE_CONSOLE) ==> out->console == word.text + 8;
    ensures no_console: !CmdlineHas(out, word.text, CMDLINE_CONSOLE) ==> out->console == \old(out->console);
    ensures init: CmdlineHas(out, word.text, CMDLINE_INIT) ==> out->init == word.text + 5;
    ensures no_init: !CmdlineHas(out, word.text, CMDLINE_INIT) ==> out->init == \old(out->init);
    ensures ip: CmdlineHas(out, word.text, CMDLINE_IP) ==> out->ip == word.text + 3;
    ensures no_ip: !CmdlineHas(out, word.text, CMDLINE_IP) ==> out->ip == \old(out->ip);
    ensures loglevel: CmdlineHas(out, word.text, CMDLINE_LOGLEVEL) && \result == CMDLINE_OK ==>
      out->loglevel == out->text[word.text + 9] - '0';
    ensures no_loglevel: !CmdlineHas(out, word.text, CMDLINE_LOGLEVEL) ==> out->loglevel == \old(out->loglevel);
    ensures strace: CmdlineHas(out, word.text, CMDLINE_STRACE) && \result == CMDLINE_OK ==>
      (out->strace <==> out->text[word.text + 7] == '1');
    ensures no_strace: !CmdlineHas(out, word.text, CMDLINE_STRACE) ==> out->strace == \old(out->strace);
    ensures env: CmdlineHas(out, word.text, CMDLINE_ENV) && \result == CMDLINE_OK ==>
      out->env_count == \old(out->env_count) + 1 && out->env[\old(out->env_count)] == word.text + 4;
    ensures no_env: !CmdlineHas(out, word.text, CMDLINE_ENV) ==> out->env_count == \old(out->env_count);
    ensures none: CmdlineHasNone(out, word.text) <==> (out->unknown_count - \old(out->unknown_count))
      + (out->device_count - \old(out->device_count)) == 1;
    ensures device: out->device_count == \old(out->device_count) + 1 <==> CmdlineHasNone(out, word.text)
      && CmdlineIsDevice(out, word.text) && \old(out->device_count) < CMDLINE_MAX_DEVICES;
    ensures what: out->device_count == \old(out->device_count) + 1
      ==> CmdlineDeviceIs(out, \old(out->device_count), word.text);
    ensures bad_loglevel: \result == CMDLINE_BAD_LOGLEVEL
      <==> CmdlineHas(out, word.text, CMDLINE_LOGLEVEL) && !CmdlineSmall(out, word.text + 9, '7');
    ensures bad_strace: \result == CMDLINE_BAD_STRACE
      <==> CmdlineHas(out, word.text, CMDLINE_STRACE) && !CmdlineSmall(out, word.text + 7, '1');
    ensures bad_init: \result == CMDLINE_BAD_INIT
      <==> CmdlineHas(out, word.text, CMDLINE_INIT) && out->text[word.text + 5] == 0;
    ensures bad_env: \result == CMDLINE_BAD_ENV
      <==> CmdlineHas(out, word.text, CMDLINE_ENV) && !CmdlineNamed(out, word.text + 4);
    ensures many: \result == CMDLINE_MANY_ENVS ==> \old(out->env_count) == CMDLINE_MAX_ENVS; */
enum cmdline_status cmdline_take_key(const char *line, uint64_t length, struct word word, struct cmdline *out);

#endif
