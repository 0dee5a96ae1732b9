# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# Both ports ring until they are gone, and a key that is watched changes as long.
start
says ready 20
domain=$(id)
for port in 1 2; do
    while ./peer send "$domain" $port 2000; do echo "2000 events on port $port"; done &
done
key=/local/domain/$domain/control/shutdown
while kill -0 "${xl:?}" 2>/dev/null; do
    xenstore-write "$key" a "$key" b "$key" c "$key" d "$key" e "$key" f
done &
ended
told=$(grep -c 'asks for something unknown' "${console:?}")
case $told in
[1-9] | [12][0-9] | 3[0-2]) ;;
*) wrong "$told lines about words that nobody knows" ;;
esac
