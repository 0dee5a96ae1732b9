# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# 8 MiB and a sector of random bytes; what the guest copied is compared.
dd if=/dev/urandom of=/tmp/a.img bs=512 count=16385 2>/dev/null
dd if=/dev/zero of=/tmp/b.img bs=512 count=16385 2>/dev/null
start
ended
cmp /tmp/a.img /tmp/b.img || wrong "the disks differ"
