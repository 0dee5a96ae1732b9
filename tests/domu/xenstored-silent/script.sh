# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# xenstored sleeps from before the guest's first instruction.
timeout "${life:?}" xl create -p -F guest.cfg >xl.log 2>&1 &
# shellcheck disable=SC2034 # lib.sh
xl=$!
until_true 20 terminal >/dev/null || wrong "no domain"
domain=$(id)
kill -STOP "$(cat /run/xenstored.pid)"
./peer unpause "$domain" || wrong "it does not run"
says started 5
says "xenstore does not answer" 20
kill -CONT "$(cat /run/xenstored.pid)"
xl shutdown guest
ended
