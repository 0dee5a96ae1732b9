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

printf 'not a program' >text
refused "the module is neither an ELF file nor a cpio archive" 'ramdisk = "/rig/text"'
: >empty
head -c 3000000 /dev/zero >large
printf '\177ELF\002\001\001' | dd of=large conv=notrunc 2>/dev/null
refused "refused: /init: " 'ramdisk = "/rig/large"'
refused "command line" 'ramdisk = "/rig/text"' 'cmdline = "-- \"open"'
rm "$console"
start
ended
