# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# Both ports ring until they are gone.
start
says ready 20
domain=$(id)
for port in 1 2; do
    while ./peer send "$domain" $port 2000; do echo "2000 events on port $port"; done &
done
ended
