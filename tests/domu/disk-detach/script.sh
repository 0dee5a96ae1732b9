# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
for disk in a b; do
    dd if=/dev/zero of=/tmp/$disk.img bs=64k count=16 2>/dev/null
done
start
says reading 20
xl block-detach guest xvda || wrong "xl cannot detach the disk"
says "open: errno 6" 10
xl block-attach guest "format=raw,vdev=xvda,access=rw,backendtype=phy,target=/tmp/a.img" || wrong "xl cannot attach it again"
ended
