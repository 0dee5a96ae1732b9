# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# out_cons beyond out_prod; xenconsoled must not mend it meanwhile. What the domain says after that goes to Xen's log.
start
says "line 3" 20
kill -STOP "$(cat /run/xenconsoled.pid)"
pfn=$(xenstore-read "/local/domain/$(id)/console/ring-ref")
./peer write "$(id)" "$pfn" 3080 0x80000000 || wrong "no lie was told"
ended
kill -CONT "$(cat /run/xenconsoled.pid)"
xl dmesg >xen.log
grep -q 'console: the other end says' xen.log || wrong "no line about the lie in Xen's log"
# The host looks at the console's log.
sed -n 's/^(d[0-9]*) //p' xen.log >>"${console:?}"
grep -q 'the end$' xen.log || wrong "the rest is not in Xen's log"
grep -q 'exit status=7$' xen.log || wrong "the closing line is not in Xen's log"
