/* SPDX-License-Identifier: BSD-2-Clause */
/* Decimal numbers from text that others wrote. */
#ifndef LIB_DECIMAL_H
#define LIB_DECIMAL_H
#include <stdbool.h>
#include <stdint.h>

#include "spec/decimal.acsl"

/* Is the whole text one number of at most max? Only digits, at least one, and no zero before another digit: each number
   has one text. The value is set only then. */
/*@ requires text: \valid_read(text + (0 .. length - 1));
    requires apart: \valid(value) && \separated(value, text + (0 .. length - 1));
    terminates \true; exits \false; assigns *value;
    ensures accepted: \result <==> Decimal{Pre}(text, length) && DecimalValue{Pre}(text, length) <= max;
    ensures value: \result ==> *value == DecimalValue{Pre}(text, length);
    ensures refused: !\result ==> *value == \old(*value); */
bool decimal_parse(const char *text, uint32_t length, uint64_t max, uint64_t *value);

#endif
