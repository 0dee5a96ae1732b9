# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# The domain is made and ends by itself.
start
ended
