# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
start
says argument 20
image=$(xenstore-read "/local/domain/$(id)/data/image")
case $image in
"name=web version=7 key="????????????????" blake2b="*) [ ${#image} = 176 ] || wrong "data/image of ${#image} bytes: $image" ;;
*) wrong "data/image is '$image'" ;;
esac
xl shutdown guest
ended
