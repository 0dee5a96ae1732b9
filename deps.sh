#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Installs with apt what is missing for the named groups (all of them by default); says nothing when nothing is.
# usage: deps.sh [build|run|check|prove|bench|xen]...
set -eu
export LC_ALL=C DEBIAN_FRONTEND=noninteractive

packages_of() {
    case $1 in
    build) echo gcc make binutils libc6-dev linux-libc-dev libxen-dev minisign python3 apt dpkg-dev debian-archive-keyring ;;
    run) echo qemu-system-x86 python3 gcc libc6-dev musl-tools ;;
    check) echo git spin libsodium-dev signify-openbsd clang libclang-rt-14-dev clang-format shellcheck cpio busybox-static g++ gfortran golang-go ;;
    prove) echo frama-c-base ocaml why3 z3 cvc4 cvc5 gcc python3 ;;
    bench) echo qemu-system-x86 python3 gcc libc6-dev musl-tools apt dpkg binutils lz4 zstd ;;
    xen) echo qemu-system-x86 python3 apt dpkg binutils lz4 zstd musl-tools ;;
    *)
        echo "deps.sh: unknown group $1: want build, run, check, prove, bench or xen" >&2
        exit 2
        ;;
    esac
}

[ $# -gt 0 ] || set -- build run check bench xen
wanted=
for group in "$@"; do
    wanted="$wanted $(packages_of "$group")"
done

# shellcheck disable=SC2086 # a list of words
present=" $(dpkg-query -W -f '${Package}=${db:Status-Status} ' $wanted 2>/dev/null || true)"
missing=
for package in $wanted; do
    case "$present$missing " in
    *" $package=installed "* | *" $package "*) ;;
    *) missing="$missing $package" ;;
    esac
done
[ -n "$missing" ] || exit 0

as_root=
[ "$(id -u)" -eq 0 ] || as_root="sudo -E"
echo "deps: installing$missing"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# shellcheck disable=SC2086 # lists of words
if ! { $as_root apt-get update && $as_root apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "deps: could not install$missing" >&2
    exit 1
fi
