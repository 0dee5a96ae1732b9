# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# What a test's script in dom0 can do with the domain "guest". Each wait has a deadline and says so in `wrong`.
console=/var/log/xen/console/guest-guest.log

# Says what is wrong: the test fails.
wrong() {
    echo "$*" >>wrong
}

# until_true SECONDS COMMAND...: does it come true in time?
until_true() {
    read -r now _ </proc/uptime
    end=$((${now%.*} + $1))
    shift
    until "$@"; do
        read -r now _ </proc/uptime
        [ "${now%.*}" -le "$end" ] || return 1
        sleep 0.1
    done
}

# Makes the domain, which may live for $life seconds; xl stays until it ends. What there is as stdin is typed at its console.
life=45
start() {
    if [ -e stdin ]; then
        timeout $life xl create -p -F guest.cfg >xl.log 2>&1 &
        xl=$!
        until_true 20 terminal || wrong "the domain got no console"
        cat stdin >"$(terminal)" &
        xl unpause guest
    else
        timeout $life xl create -F guest.cfg >xl.log 2>&1 &
        xl=$!
    fi
}

# The domain's number.
id() {
    xl domid guest 2>/dev/null
}

# The terminal that `xl console` would show.
terminal() {
    xenstore-read "/local/domain/$(id)/console/tty" 2>/dev/null
}

said() {
    grep -q -a -F -e "$1" "$console" 2>/dev/null
}

# says TEXT SECONDS: the console shows the text in time.
says() {
    until_true "$2" said "$1" || wrong "console lacks '$1' after $2 s"
}

# saw REASON: xl said that the domain ended so: 0 poweroff, 1 reboot, 3 crash.
saw() {
    grep -q "reason code $1 " xl.log || wrong "xl lacks reason $1: $(grep -a reason xl.log)"
}

# The domain ends in its time, or is destroyed.
ended() {
    wait "$xl" && return
    wrong "the domain did not end in $life s"
    xl destroy guest
}
