# SPDX-License-Identifier: BSD-2-Clause
"""Tests that need more than one guest program and one look at it: tables of cases, and guests under a debugger.

Each file says on top what it is about; its tests() are the cases.
"""

import aslr
import bad_boot
import bad_modules
import busybox
import instructions
import pages
import panics
import power
import signed


def tests():
    files = (aslr, instructions, busybox, bad_modules, bad_boot, pages, panics, power, signed)
    return [test for file in files for test in file.tests()]
