# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# lie TEXT RSP_PROD WORD: xenstored's half of the ring is filled with that word, and rsp_prod is set; the guest says TEXT.
lie() {
    rm -f "${console:?}"
    start
    says ready 20
    domain=$(id)
    pfn=$(xenstore-read "/local/domain/$domain/store/ring-ref")
    # shellcheck disable=SC2046 # 256 words
    ./peer write "$domain" "$pfn" 1024 $(yes "$3" | head -n 256) || wrong "no lie was told"
    ./peer write "$domain" "$pfn" 2060 "$2" || wrong "no lie was told"
    ./peer send "$domain" "$(xenstore-read "/local/domain/$domain/store/port")" 1
    [ -z "$1" ] || says "$1" 5
    printf '\n' >"$(terminal)"
    ended
    saw 0
    cat "$console"
}

lie "" 900 0
said xenstore && wrong "zeros are answers to nothing that was asked, and no lie"
echo 'cmdline = "-- walk"' >>guest.cfg
lie "xenstore: an answer of more than 4096 bytes, or more than its ring holds: not used any more" 900 0xffffffff
said "path: 0" || wrong "the path was not walked"
lie "xenstore: an answer of more than 4096 bytes, or more than its ring holds: not used any more" 0x80000000 0
