# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
start
says waiting 20
xl reboot guest
ended
