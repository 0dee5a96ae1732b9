# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# refused TEXT LINE...: with these lines of configuration the domain says so and crashes. The first case is seen by the host.
refused() {
    text=$1
    shift
    cp guest.cfg whole.cfg
    for line; do
        echo "$line" >>guest.cfg
    done
    start
    ended
    saw 3
    cat "${console:?}"
    said "$text" || wrong "console lacks '$text'"
    said "exit status=12" || wrong "no closing line after '$text'"
    mv whole.cfg guest.cfg
}

# unmade LINE...: xl itself says what is wrong with these lines, and leaves no domain.
unmade() {
    cp guest.cfg whole.cfg
    for line; do
        echo "$line" >>guest.cfg
    done
    timeout 20 xl create -F guest.cfg >xl.log 2>&1
    [ $? = 124 ] && wrong "xl hangs at '$*'"
    grep -q -e error -e panic xl.log || wrong "xl does not say why it refuses '$*'"
    xl domid guest >/dev/null 2>&1 && wrong "a domain is left of '$*'"
    mv whole.cfg guest.cfg
}

: >/tmp/disk
a='format=raw,vdev=xvda,access=rw,backendtype=phy,target=/tmp/disk'
unmade 'ramdisk = "/rig/anchorite.elf"' 'memory = 1' 'shadow_memory = 4'
unmade "disk = [\"format=nonsense,${a#*,}\"]"
unmade "disk = [\"format=vhd,${a#*,}\"]"
unmade "disk = [\"$a\", \"$a\"]"
printf 'not a program' >text
refused "refused: image: no signature" 'ramdisk = "/rig/text"'
: >empty
head -c 3000000 /dev/zero >large
printf '\177ELF\002\001\001' | dd of=large conv=notrunc 2>/dev/null
refused "refused: image: no signature" 'ramdisk = "/rig/large"'
refused "command line" 'ramdisk = "/rig/text"' 'cmdline = "-- \"open"'
rm "$console"
start
ended
