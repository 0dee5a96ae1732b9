# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
start
says waiting 20
timeout 40 xl save guest /tmp/saved >save.log 2>&1 &
save=$!
says "asks for suspend" 10
# xl would wait for a minute, by dom0's clock. It looks at the clock when the key is written.
date -s "@$(($(date +%s) + 70))" >/dev/null
xenstore-write "/local/domain/$(id)/control/shutdown" suspend
wait $save && wrong "xl says that it saved the domain"
cat save.log
printf '\n' >"$(terminal)"
says "still here" 5
xl shutdown guest
ended
