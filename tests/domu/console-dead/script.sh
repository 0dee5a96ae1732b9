# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
start
says ready 20
kill -KILL "$(cat /run/xenconsoled.pid)"
pfn=$(xenstore-read "/local/domain/$(id)/console/ring-ref")
# "x", a newline, and then the index; nobody sends an event.
./peer write "$(id)" "$pfn" 0 0x0a78 || wrong "no input"
./peer write "$(id)" "$pfn" 3076 2 || wrong "no input"
# out_prod moves when the program writes.
has_written() {
    [ "$(./peer read "$(id)" "$pfn" 3084)" -gt 2000 ]
}
until_true 5 has_written || wrong "the input was not found"
rm /run/xenconsoled.pid
xenconsoled --pid-file=/run/xenconsoled.pid --log=all --log-dir="$(dirname "${console:?}")"
ended
