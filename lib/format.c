/* SPDX-License-Identifier: BSD-2-Clause */
#include "lib/format.h"

#include <stdbool.h>
#include <stdint.h>

/* What has been written so far; what does not fit is dropped. */
struct output {
    char *text;
    size_t used, room; /* room leaves the place of the NUL */
};

/* One conversion between % and its letter. */
struct spec {
    bool zero;          /* fill with 0 instead of blanks */
    uint32_t width;     /* at least so many bytes */
    uint32_t precision; /* of %s: at most so many bytes */
    uint32_t longs;     /* how many l or z: 0 is int */
};

enum { FORMAT_WIDTH_MAX = 256, NUMBER_DIGITS = 20 };

static void put_byte(struct output *out, char byte)
{
    if (out->used < out->room)
        out->text[out->used++] = byte;
}

static void put_text(struct output *out, const struct spec *spec, const char *text)
{
    size_t size = 0;

    while (size < spec->precision && text[size])
        size++;
    for (size_t i = size; i < spec->width; i++)
        put_byte(out, ' ');
    for (size_t i = 0; i < size; i++)
        put_byte(out, text[i]);
}

static void put_number(struct output *out, const struct spec *spec, uint64_t value, uint32_t base, bool negative)
{
    char digits[NUMBER_DIGITS];
    uint32_t count = 0, size;

    do {
        digits[count++] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value);
    size = count + negative;
    if (negative && spec->zero)
        put_byte(out, '-');
    for (; size < spec->width; size++)
        put_byte(out, spec->zero ? '0' : ' ');
    if (negative && !spec->zero)
        put_byte(out, '-');
    while (count)
        put_byte(out, digits[--count]);
}

/* Reads flags, width, precision and length; leaves *fmt at the letter. */
static struct spec parse_spec(const char **fmt, va_list *args)
{
    struct spec spec = { .precision = UINT32_MAX };
    const char *p = *fmt;

    if (*p == '0') {
        spec.zero = true;
        p++;
    }
    for (; *p >= '0' && *p <= '9' && spec.width < FORMAT_WIDTH_MAX; p++)
        spec.width = spec.width * 10 + (uint32_t)(*p - '0');
    if (p[0] == '.' && p[1] == '*') {
        int given = va_arg(*args, int);

        spec.precision = given < 0 ? UINT32_MAX : (uint32_t)given;
        p += 2;
    }
    for (; *p == 'l' || *p == 'z'; p++)
        spec.longs++;
    *fmt = p;
    return spec;
}

static uint64_t take_unsigned(const struct spec *spec, va_list *args)
{
    return spec->longs ? va_arg(*args, uint64_t) : va_arg(*args, unsigned);
}

static void put_signed(struct output *out, const struct spec *spec, va_list *args)
{
    int64_t value = spec->longs ? va_arg(*args, int64_t) : va_arg(*args, int);

    put_number(out, spec, value < 0 ? -(uint64_t)value : (uint64_t)value, 10, value < 0);
}

static void put_conversion(struct output *out, char letter, const struct spec *spec, va_list *args)
{
    switch (letter) {
    case 's':
        put_text(out, spec, va_arg(*args, const char *));
        break;
    case 'c':
        put_byte(out, (char)va_arg(*args, int));
        break;
    case 'd':
        put_signed(out, spec, args);
        break;
    case 'u':
        put_number(out, spec, take_unsigned(spec, args), 10, false);
        break;
    case 'x':
        put_number(out, spec, take_unsigned(spec, args), 16, false);
        break;
    default: /* %%, and a letter that the compiler's format check should have refused */
        put_byte(out, letter);
    }
}

size_t format_args(char *out, size_t size, const char *fmt, va_list args)
{
    struct output output = { .text = out, .room = size ? size - 1 : 0 };
    va_list rest;

    va_copy(rest, args);
    for (; *fmt; fmt++) {
        if (*fmt != '%') {
            put_byte(&output, *fmt);
            continue;
        }
        fmt++;
        struct spec spec = parse_spec(&fmt, &rest);
        if (!*fmt)
            break;
        put_conversion(&output, *fmt, &spec, &rest);
    }
    va_end(rest);
    if (size)
        out[output.used] = '\0';
    return output.used;
}

size_t format_string(char *out, size_t size, const char *fmt, ...)
{
    va_list args;
    size_t used;

    va_start(args, fmt);
    used = format_args(out, size, fmt, args);
    va_end(args);
    return used;
}
