# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# The daemon takes the newline, then stops, and goes on when the guest has long written all.
start
says ready 20
printf '\n' >"$(terminal)"
kill -STOP "$(cat /run/xenconsoled.pid)"
sleep 5
kill -CONT "$(cat /run/xenconsoled.pid)"
ended
