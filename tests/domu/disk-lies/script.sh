# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
for disk in a b; do
    dd if=/dev/zero of=/tmp/$disk.img bs=64k count=16 2>/dev/null
done
start
says reading 20
disks=/local/domain/$(id)/device/vbd
# rsp_prod is at byte 8; the backend mends it with its next answer, so it is told until it is heard.
ref=$(xenstore-read "$disks/51712/ring-ref")
tries=200
until said "lied" || [ $tries -eq 0 ]; do
    ./peer grant "$(id)" "$ref" 8 0x80000000 || break
    tries=$((tries - 1))
done
says storm 10
domain=$(id)
port=$(xenstore-read "$disks/51728/event-channel")
./peer send "$domain" "$port" 300 || wrong "no storm"
while ./peer send "$domain" "$port" 300; do :; done &
ended
