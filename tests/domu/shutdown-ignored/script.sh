# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
start
says computing 20
xl shutdown guest
sleep 5
said "did not end" && wrong "ended before its time"
ended
