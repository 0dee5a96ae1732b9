# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# State: -, -, -, shut down, crashed, -.
start
says "exit status=139" 20
until_true 10 eval 'xl list guest | grep -q -e ---sc-' || wrong "xl list does not show a crash: $(xl list guest)"
xl destroy guest
ended
