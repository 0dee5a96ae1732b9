# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# What dom0 does for tests/bench/xen: one line `NAME VALUE` in `figures` for each measurement. /rig has anchorite.elf, linux, lib.sh of
# the tests, and the programs hello, disk, output and silent as signed images (.image), the first two also as initramfs (.cpio).
# shellcheck source=/dev/null
. ./lib.sh

# config NAME KERNEL RAMDISK MIB [LINE...]
config() {
    cat >guest.cfg <<END
name = "$1"
type = "pvh"
kernel = "/rig/$2"
ramdisk = "/rig/$3"
cmdline = "console=hvc0 quiet loglevel=0 nokaslr mitigations=off cryptomgr.notests"
memory = $4
on_reboot = "destroy"
on_crash = "destroy"
tsc_mode = "native"
END
    shift 4
    for line; do
        echo "$line" >>guest.cfg
    done
}

# fresh KERNEL RAMDISK MIB [LINE...]: a domain of a name that no other had, so that its log, which is a pipe, is its own: the last
# domain's is closed some time after its end, and who opened it anew before that would read its end.
number=0
fresh() {
    number=$((number + 1))
    log=/var/log/xen/console/guest-guest$number.log
    mkfifo "$log"
    config guest$number "$@"
}

# Makes the domain and waits for its end, and for the reader of its log, also when nobody ever wrote there.
run() {
    timeout "$1" xl create -F guest.cfg >xl.log 2>&1
    exec 3<>"$log" 3>&-
    wait $!
    rm "$log"
}

uptime_ms() {
    read -r up _ </proc/uptime
    echo "${up%.*}${up#*.}0"
}

# first_byte NAME: how long from `xl create` to the first byte that the application writes, ms. The log is a pipe, so that nobody has
# to ask for it.
first_byte() {
    { timeout 60 head -c 1 >/tmp/byte; uptime_ms >/tmp/first; timeout 60 cat >/dev/null; } <"$log" &
    begin=$(uptime_ms)
    run 60
    [ ! -s /tmp/byte ] || echo "$1 $(($(cat /tmp/first) - begin))" >>figures
}

# saying SECONDS: what it writes in its life is in /tmp/said.
saying() {
    timeout "$1" cat <"$log" >/tmp/said &
    run "$1"
}

# disk NAME: how long the reads of disk.c take, us.
disk() {
    saying 120
    sed -n "s/^\([rs][a-z]*\) \([0-9][0-9]*\).*/$1-\1 \2/p" /tmp/said >>figures
}

# Bytes of 10 MiB that a reader got in their order: all or none.
output() {
    saying 300
    crc=$(head -c 10485760 /tmp/said | crc32)
    tail -c 60 /tmp/said | grep -q "crc32 $crc" && echo "output $(head -c 10485760 /tmp/said | wc -c)" >>figures
    rm /tmp/said
}

# How long the application's writes of 10 MiB take in all while nobody reads, ms.
silent() {
    start
    says ready 20
    printf '\n' >"$(terminal)"
    kill -STOP "$(cat /run/xenconsoled.pid)"
    sleep 5
    kill -CONT "$(cat /run/xenconsoled.pid)"
    ended
    sed -n 's/^all writes: \([0-9]*\) ms.*/silent \1/p' "${console:?}" >>figures
}

# boots TIMES: so many in a row, of which these ended well.
boots() {
    good=0
    for _ in $(seq "$1"); do
        fresh anchorite.elf hello.image 32
        saying 60
        grep -q 'reason code 0 ' xl.log && grep -q 'exit status=0' /tmp/said && good=$((good + 1))
    done
    echo "boots $good" >>figures
}

dd if=/dev/urandom of=/tmp/disk.img bs=64k count=256 2>/dev/null
disk='disk = ["format=raw,vdev=xvda,access=ro,backendtype=phy,target=/tmp/disk.img"]'
for _ in 1 2 3; do
    fresh anchorite.elf hello.image 128
    first_byte anchorite
    fresh linux hello.cpio 128
    first_byte linux
done
for _ in 1 2; do
    fresh anchorite.elf disk.image 128 "$disk"
    disk anchorite
    fresh linux disk.cpio 128 "$disk"
    disk linux
done
rm /tmp/disk.img
fresh anchorite.elf output.image 32 'cmdline = "-- 10485760"'
output
config guest anchorite.elf silent.image 32
silent
for size in 8 4 3 2 1; do
    fresh anchorite.elf hello.image $size 'shadow_memory = 4'
    saying 20
    grep -q 'exit status=0' /tmp/said && echo "memory $size" >>figures
done
boots "$(cat times)"
