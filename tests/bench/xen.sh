# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# What dom0 does for tests/bench/xen: one line `NAME VALUE` in `figures` for each measurement. /rig has anchorite.elf, linux, and hello
# and hello.cpio, the same program bare and as an initramfs.
log=/var/log/xen/console/guest-guest.log
rm -f "$log"
mkfifo "$log"

# config KERNEL RAMDISK MIB [LINE]
config() {
    cat >guest.cfg <<END
name = "guest"
type = "pvh"
kernel = "/rig/$1"
ramdisk = "/rig/$2"
cmdline = "console=hvc0 quiet loglevel=0 nokaslr mitigations=off cryptomgr.notests"
memory = $3
on_reboot = "destroy"
on_crash = "destroy"
tsc_mode = "native"
$4
END
}

uptime_ms() {
    read -r up _ </proc/uptime
    echo "${up%.*}${up#*.}0"
}

# first_byte NAME: how long from `xl create` to the first byte that the application writes, ms. The log is a pipe, so that nobody has
# to ask for it.
first_byte() {
    rm -f first
    { head -c 1 >/dev/null; uptime_ms >first; cat >/dev/null; } <"$log" &
    begin=$(uptime_ms)
    timeout 60 xl create -F guest.cfg >xl.log 2>&1
    wait $!
    [ ! -s first ] || echo "$1 $(($(cat first) - begin))" >>figures
}

# boots TIMES: so many in a row, of which these ended well.
boots() {
    good=0
    for _ in $(seq "$1"); do
        rm -f said
        timeout 60 cat <"$log" >said &
        timeout 60 xl create -F guest.cfg >xl.log 2>&1
        wait $!
        grep -q 'reason code 0 ' xl.log && grep -q 'exit status=0' said && good=$((good + 1))
    done
    echo "boots $good" >>figures
}

for _ in 1 2 3; do
    config anchorite.elf hello 128
    first_byte anchorite
    config linux hello.cpio 128
    first_byte linux
done
for size in 8 4 3 2 1; do
    rm -f said
    config anchorite.elf hello $size 'shadow_memory = 4'
    timeout 20 cat <"$log" >said &
    timeout 20 xl create -F guest.cfg >xl.log 2>&1
    kill $! 2>/dev/null
    grep -q 'exit status=0' said && echo "memory $size" >>figures
done
config anchorite.elf hello 32
boots "$(cat times)"
