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
    tries=$(($1 * 10))
    shift
    until "$@"; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || return 1
        sleep 0.1
    done
}

# Makes the domain; xl stays until it ends. What there is as stdin is typed at its console.
start() {
    if [ -e stdin ]; then
        xl create -p -F guest.cfg >xl.log 2>&1 &
        xl=$!
        until_true 20 exists || wrong "xl made no domain"
        { cat stdin; sleep 600; } | xl console guest >console.out 2>&1 &
        xl unpause guest
    else
        xl create -F guest.cfg >xl.log 2>&1 &
        xl=$!
    fi
}

exists() {
    xl domid guest >/dev/null 2>&1
}

said() {
    grep -q -a -F -e "$1" "$console" 2>/dev/null
}

# says TEXT SECONDS: the console shows the text in time.
says() {
    until_true "$2" said "$1" || wrong "console lacks '$1' after $2 s"
}

is_over() {
    ! kill -0 "$xl" 2>/dev/null
}

# ended SECONDS: the domain ends in time, or is destroyed.
ended() {
    until_true "$1" is_over && return
    wrong "the domain did not end in $1 s"
    xl destroy guest
}
