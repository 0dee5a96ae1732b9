# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# What dom0 does in each run: the test's script with what lib.sh offers, then what was seen is kept for the host.
. ./lib.sh
{
    . ./test.sh
    xl list
    xl dmesg | tail -n 20
} >dom0.log 2>&1
cp "$console" console.log 2>/dev/null
