# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
start
says computing 20
key=/local/domain/$(id)/control/shutdown
xenstore-write "$key" suspend
says suspend 5
xenstore-write "$key" "$(printf 'a\033[2Jb')"
says unknown 5
xl shutdown guest
ended
