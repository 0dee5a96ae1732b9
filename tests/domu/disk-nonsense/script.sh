# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# make NUMBER STATE: a disk whose backend is a folder of keys.
make() {
    front=/local/domain/$domain/device/vbd/$1
    back=/nonsense/$1
    xenstore-write "$front/backend" "$back" "$front/backend-id" 0 "$front/state" 1 "$back/state" "$2" "$back/info" 0 \
        "$back/sectors" 2048 "$back/sector-size" 512
    xenstore-chmod -r "$front" "n$domain" r0
    xenstore-chmod -r "$back" n0 "r$domain"
}

# Answers our keys with a state, as a backend does; the other one changes its own for ever.
play() {
    while kill -0 "$xl" 2>/dev/null; do
        for disk in 51728 51744; do
            [ "$(xenstore-read /local/domain/"$domain"/device/vbd/$disk/state)" != 3 ] || xenstore-write /nonsense/$disk/state 4
        done
        xenstore-write /nonsense/51776/state 0
        xenstore-write /nonsense/51776/state 1
    done
}

dd if=/dev/zero of=/tmp/a.img bs=64k count=16 2>/dev/null
life=40
timeout $life xl create -p -F guest.cfg >xl.log 2>&1 &
xl=$!
until_true 20 terminal >/dev/null || wrong "no domain"
domain=$(id)
make 51728 2
xenstore-write /nonsense/51728/sectors 1e9
make 51744 2
xenstore-write /nonsense/51744/sector-size 513
make 51760 99
make 51776 1
make 51792 6
make 77 2
play &
xl unpause guest
ended
