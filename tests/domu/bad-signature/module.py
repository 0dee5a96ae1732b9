# SPDX-License-Identifier: BSD-2-Clause
"""A signed image with one bit changed in the middle of its payload."""

import sys

import harness

harness.load_group("qemu")
import signed

signed.signing.write(sys.argv[1], signed.flipped(signed.middle()))
