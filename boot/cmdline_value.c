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

/* Digits of that base from at on, all of them, their value at most max. */
/*@ requires valid: \valid_read(out) && CmdlineTextEnds(out) && at < out->text_size;
    requires base: (base == 10 || base == 16) && max >= 16;
    terminates \true; exits \false; assigns \nothing;
    ensures end: at <= \result.next < out->text_size;
    ensures digits: \forall integer k; at <= k < \result.next ==> CmdlineDigit(out->text[k]) < base;
    ensures whole: CmdlineDigit(out->text[\result.next]) >= base;
    ensures end_is: \result.next == CmdlineDigitsEnd(out, at, base);
    ensures exact: \result.is_there <==> at < \result.next && CmdlineNumber(out, at, \result.next, base) <= max;
    ensures value: \result.is_there ==> \result.value == CmdlineNumber(out, at, \result.next, base) <= max; */
static struct number cmdline_digits(const struct cmdline *out, uint32_t at, uint32_t base, uint64_t max)
{
    uint64_t limit = base == 16 ? max / 16 : max / 10, digit, value = 0;
    uint32_t first = at;
    bool fits = true;

    /*@ loop invariant range: first <= at < out->text_size && value <= max;
        loop invariant digits: \forall integer k; first <= k < at ==> CmdlineDigit(out->text[k]) < base;
        loop invariant end: CmdlineDigitsEnd(out, first, base) == CmdlineDigitsEnd(out, at, base);
        loop invariant value: fits ==> value == CmdlineNumber(out, first, at, base);
        loop invariant above: !fits ==> CmdlineNumber(out, first, at, base) > max;
        loop assigns at, digit, value, fits; loop variant out->text_size - at; */
    for (;;) {
        digit = digit_value(out->text[at]);
        if (digit >= base)
            break;
        fits = fits && value <= limit && (base == 16 ? value * 16 : value * 10) <= max - digit;
        if (fits)
            value = (base == 16 ? value * 16 : value * 10) + digit;
        at++;
    }
    return (struct number){ value, at, fits && at > first };
}

/* Reads a decimal number, or hexadecimal after 0x, of at most max. */
/*@ requires valid: \valid_read(out) && CmdlineTextEnds(out) && offset < out->text_size && max >= 16;
    terminates \true; exits \false; assigns \nothing;
    ensures end: offset <= \result.next < out->text_size && \result.next == CmdlineNumberEnd(out, offset);
    ensures exact: \result.is_there <==> CmdlineHasNumber(out, offset, max);
    ensures value: \result.is_there ==> \result.value == CmdlineNumberValue(out, offset) <= max; */
static struct number cmdline_number(const struct cmdline *out, uint32_t offset, uint64_t max)
{
    if (out->text[offset] == '0' && out->text[offset + 1] == 'x')
        return cmdline_digits(out, offset + 2, 16, max);
    return cmdline_digits(out, offset, 10, max);
}

/*@ requires valid: \valid_read(out) && CmdlineTextEnds(out) && offset < out->text_size;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result != CMDLINE_NOT_GIVEN <==> CmdlineDeviceKey(out, offset);
    ensures value: \result != CMDLINE_NOT_GIVEN ==> \result == CmdlineSizeAt(offset) < out->text_size; */
static uint32_t cmdline_device_value(const struct cmdline *out, uint32_t offset)
{
    /*@ assert key: \forall integer k; 0 <= k < 19 ==> device_key[k] == CmdlineDeviceByte(k); */
    return cmdline_value(out, offset, device_key, sizeof(device_key) - 1);
}

struct cmdline_device cmdline_device(const struct cmdline *out, uint32_t offset)
{
    struct cmdline_device none = { 0, 0, 0 };
    struct number size, base, irq;
    uint32_t at = cmdline_device_value(out, offset);

    if (at == CMDLINE_NOT_GIVEN)
        return none;
    size = cmdline_number(out, at, UINT32_MAX);
    /*@ assert size: size.next + 1 == CmdlineBaseAt(out, offset); */
    if (!size.is_there || out->text[size.next] != '@' || size.value == 0)
        return none;
    base = cmdline_number(out, size.next + 1, UINT64_MAX - size.value);
    /*@ assert base: base.next + 1 == CmdlineIrqAt(out, offset); */
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
