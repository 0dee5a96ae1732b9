# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
start
says computing 20
printf '\003' >"$(terminal)"
says 'in the loop' 20
printf '\003' >"$(terminal)"
says 'in a read' 20
xl shutdown guest
ended
