# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2034,SC2094,SC2154 # of lib.sh
life=130
start
ended
size=$(wc -c <"$console")
[ "$size" -ge 10485760 ] || wrong "only $size bytes"
crc=$(head -c 10485760 "$console" | crc32)
tail -c 60 "$console" >end.txt
grep -q "crc32 $crc" end.txt || wrong "other bytes: $crc, $(cat end.txt)"
# The host sees the end only.
cp end.txt "$console"
