/* SPDX-License-Identifier: BSD-2-Clause */
/* What the strings of a command line that is being taken apart say. */
#ifndef BOOT_CMDLINE_VALUE_H
#define BOOT_CMDLINE_VALUE_H
#include "boot/cmdline.h"

/* The offset of the value when the string at this offset begins with the length bytes of key, else CMDLINE_NOT_GIVEN. */
/*@ requires valid: \valid_read(out) && CmdlineTextEnds(out) && offset < out->text_size;
    requires key: \valid_read(key + (0 .. length - 1)) && \forall integer k; 0 <= k < length ==> key[k] != 0;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result != CMDLINE_NOT_GIVEN <==> CmdlineBegins(out, offset, key, length);
    ensures value: \result != CMDLINE_NOT_GIVEN ==> \result == offset + length < out->text_size; */
uint32_t cmdline_value(const struct cmdline *out, uint32_t offset, const char *key, uint32_t length);

/* Is the string at this offset SIZE@BASE:IRQ behind device_key, and nothing more? The size is 0 when not. */
/*@ requires valid: \valid_read(out) && CmdlineTextEnds(out) && offset < out->text_size;
    terminates \true; exits \false; assigns \nothing;
    ensures size: CmdlineIsDevice(out, offset) ==> \result.size == CmdlineNumberValue(out, CmdlineSizeAt(offset)) > 0;
    ensures base: CmdlineIsDevice(out, offset) ==> \result.base == CmdlineNumberValue(out, CmdlineBaseAt(out, offset));
    ensures irq: CmdlineIsDevice(out, offset) ==> \result.irq == CmdlineNumberValue(out, CmdlineIrqAt(out, offset));
    ensures other: !CmdlineIsDevice(out, offset) ==> \result.size == 0; */
struct cmdline_device cmdline_device(const struct cmdline *out, uint32_t offset);

/* A number of one digit, at most max; -1: it is not. */
/*@ requires valid: \valid_read(out) && CmdlineTextEnds(out) && value < out->text_size && '0' <= max <= '9';
    terminates \true; exits \false; assigns \nothing;
    ensures good: CmdlineSmall(out, value, max) ==> \result == out->text[value] - '0';
    ensures bad: !CmdlineSmall(out, value, max) ==> \result == -1; */
int cmdline_small(const struct cmdline *out, uint32_t value, char max);

#endif
