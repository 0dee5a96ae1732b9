#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What dom0 does in each run: the test's script, with what lib.sh offers; then what was seen is kept for the host.
{
    # shellcheck source=/dev/null
    . ./lib.sh
    # shellcheck source=/dev/null
    . ./test.sh
    xl list
} >dom0.log 2>&1
# shellcheck disable=SC2154 # lib.sh
cp "$console" console.log 2>/dev/null
