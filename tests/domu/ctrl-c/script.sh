# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
start
says computing 20
printf '\003' >"$(terminal)"
ended
