# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# used: tenths of a second of processor time so far.
used() {
    xl list guest | awk 'NR == 2 { print int($NF * 10) }'
}

start
says waiting 20
before=$(used)
sleep 4
after=$(used)
[ $((after - before)) -le 5 ] || wrong "$before tenths of a second at first, $after after 4 s of waiting"
printf 'x\n\004' >"$(terminal)"
ended
