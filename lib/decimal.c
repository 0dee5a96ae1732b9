/* SPDX-License-Identifier: BSD-2-Clause */
#include "lib/decimal.h"

bool decimal_parse(const char *text, uint32_t length, uint64_t max, uint64_t *value)
{
    uint64_t sum = 0;
    bool is_above = false;

    if (length == 0 || (text[0] == '0' && length > 1))
        return false;
    /*@ loop invariant range: 0 <= i <= length;
        loop invariant digits: \forall integer k; 0 <= k < i ==> '0' <= text[k] <= '9';
        loop invariant sum: !is_above ==> sum == DecimalValue(text, i) && sum <= max;
        loop invariant above: is_above ==> DecimalValue(text, i) > max;
        loop assigns i, sum, is_above;
        loop variant length - i; */
    for (uint32_t i = 0; i < length; i++) {
        uint64_t digit;

        if (text[i] < '0' || text[i] > '9')
            return false;
        digit = (uint64_t)(text[i] - '0');
        /*@ assert step: DecimalValue(text, i + 1) == 10 * DecimalValue(text, i) + digit; */
        is_above = is_above || digit > max || sum > (max - digit) / 10;
        if (!is_above)
            sum = sum * 10 + digit;
    }
    if (is_above)
        return false;
    *value = sum;
    return true;
}
