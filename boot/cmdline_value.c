/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys, numbers and devices in the text, whose last byte is a NUL: no loop goes over it. */
#include "boot/cmdline_value.h"

static const char device_key[] = "virtio_mmio.device=";

/* A number in the text and what is behind it. */
struct number {
    uint64_t value;
    uint32_t next;
    bool is_there;
};

uint32_t cmdline_value(const struct cmdline *out, uint32_t offset, const char *key, uint32_t length)
{
    uint32_t i;

    /*@ loop invariant range: 0 <= i <= length && offset + i < out->text_size;
        loop invariant same: CmdlineBegins(out, offset, key, i);
        loop assigns i; loop variant length - i; */
    for (i = 0; i < length; i++)
        if (out->text[offset + i] != key[i])
            return CMDLINE_NOT_GIVEN;
    return offset + length;
}

/* 16: not a digit of any base. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == CmdlineDigit(c); */
static uint32_t digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return (uint32_t)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (uint32_t)(c - 'a') + 10;
    return 16;
}

/* Digits of that base from at on, their value at most max. */
/*@ requires valid: \valid_read(out) && CmdlineTextEnds(out) && at < out->text_size;
    requires base: (base == 10 || base == 16) && max >= 16;
    terminates \true; exits \false; assigns \nothing;
    ensures range: \result.is_there ==> at < \result.next < out->text_size && \result.value <= max;
    ensures digits: \result.is_there ==> \forall integer k; at <= k < \result.next ==> CmdlineDigit(out->text[k]) < base;
    ensures whole: \result.is_there ==> CmdlineDigit(out->text[\result.next]) >= base;
    ensures value: \result.is_there ==> \result.value == CmdlineNumber(out, at, \result.next, base); */
static struct number cmdline_digits(const struct cmdline *out, uint32_t at, uint32_t base, uint64_t max)
{
    struct number number = { 0, at, false };
    uint64_t limit = base == 16 ? max / 16 : max / 10, digit, value = 0;

    /*@ loop invariant range: \at(at, Pre) <= at < out->text_size && value <= max;
        loop invariant digits: \forall integer k; \at(at, Pre) <= k < at ==> CmdlineDigit(out->text[k]) < base;
        loop invariant value: value == CmdlineNumber(out, \at(at, Pre), at, base);
        loop assigns at, digit, value; loop variant out->text_size - at; */
    for (;;) {
        digit = digit_value(out->text[at]);
        if (digit >= base)
            break;
        if (value > limit)
            return number;
        value = base == 16 ? value * 16 : value * 10;
        if (value > max - digit)
            return number;
        value += digit;
        at++;
    }
    number.is_there = at > number.next;
    number.next = at;
    number.value = value;
    return number;
}

/* Reads a decimal number, or hexadecimal after 0x, of at most max. */
/*@ requires valid: \valid_read(out) && CmdlineTextEnds(out) && offset < out->text_size && max >= 16;
    terminates \true; exits \false; assigns \nothing;
    ensures range: \result.is_there ==> offset < \result.next < out->text_size && \result.value <= max;
    ensures hex: \result.is_there && CmdlineIsHex(out, offset) ==>
      \result.value == CmdlineNumber(out, offset + 2, \result.next, 16);
    ensures decimal: \result.is_there && !CmdlineIsHex(out, offset) ==>
      \result.value == CmdlineNumber(out, offset, \result.next, 10); */
static struct number cmdline_number(const struct cmdline *out, uint32_t offset, uint64_t max)
{
    if (out->text[offset] == '0' && out->text[offset + 1] == 'x')
        return cmdline_digits(out, offset + 2, 16, max);
    return cmdline_digits(out, offset, 10, max);
}

struct cmdline_device cmdline_device(const struct cmdline *out, uint32_t offset)
{
    struct cmdline_device none = { 0, 0, 0 };
    struct number size, base, irq;
    uint32_t at = cmdline_value(out, offset, device_key, sizeof(device_key) - 1);

    if (at == CMDLINE_NOT_GIVEN)
        return none;
    size = cmdline_number(out, at, UINT32_MAX);
    if (!size.is_there || out->text[size.next] != '@' || size.value == 0)
        return none;
    base = cmdline_number(out, size.next + 1, UINT64_MAX - size.value);
    if (!base.is_there || out->text[base.next] != ':')
        return none;
    irq = cmdline_number(out, base.next + 1, UINT32_MAX);
    if (!irq.is_there || out->text[irq.next] != 0)
        return none;
    return (struct cmdline_device){ base.value, (uint32_t)size.value, (uint32_t)irq.value };
}

int cmdline_small(const struct cmdline *out, uint32_t value, char max)
{
    if (out->text[value] < '0' || out->text[value] > max || out->text[value + 1] != 0)
        return -1;
    return out->text[value] - '0';
}
